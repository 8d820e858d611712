//! What helps against a refusal.

/// What helps against a refusal of ЕСИА.
///
/// ```
/// use eschool_esia::client::{EsiaCode, Remedy};
///
/// let stale = EsiaCode::parse("ESIA-007011").unwrap();
/// assert_eq!(stale.remedy(), Remedy::StartAgain);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The person begins the sign-in anew.
    StartAgain,
    /// The person tries again in some minutes.
    TryLater,
    /// The person looks into the own account on «Госуслуги».
    CheckAccount,
    /// The operator of the system mends its settings or its registration.
    AskOperator,
}
