//! Doing again what another transaction overtook.

use super::StoreError;
use crate::backend::BackendError;

/// How often something may still be tried again. It is for what computes everything anew from the
/// database each time, so that nobody is asked and nothing is hashed twice.
pub(super) struct Tries(u8);

impl Tries {
    pub(super) const fn new() -> Self {
        Self(3)
    }

    /// Whether to try again after this failure: another transaction came first, nothing of this one
    /// was written, and it was not tried too often.
    pub(super) const fn again(&mut self, error: &StoreError) -> bool {
        matches!(error, StoreError::Backend(BackendError::Overtaken)) && self.take()
    }

    /// The same where somebody was in its way for too long, too.
    #[cfg(feature = "exchange")]
    pub(super) const fn again_if_passing(&mut self, error: &StoreError) -> bool {
        error.is_passing() && self.take()
    }

    const fn take(&mut self) -> bool {
        let may = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        may
    }
}
