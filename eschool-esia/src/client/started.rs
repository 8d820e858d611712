//! A sign-in that has begun.

use std::fmt;

use url::Url;

use super::Attempt;

/// A sign-in that has begun.
///
/// ```
/// use eschool_esia::client::{Attempt, Started};
///
/// let started = Started {
///     url: "https://esia.gosuslugi.ru/aas/oauth2/v2/ac?client_id=PORTAL62".parse()?,
///     attempt: Attempt::parse("0f8fad5b-d9cb-469f-a165-70867728950e.1725181200")?,
/// };
/// assert!(!format!("{started:?}").contains("0f8fad5b"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Started {
    /// Where to send the browser.
    pub url: Url,
    /// What to keep in it meanwhile.
    pub attempt: Attempt,
}

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Started").field("attempt", &self.attempt).finish_non_exhaustive()
    }
}
