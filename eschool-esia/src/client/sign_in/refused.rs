//! What follows a refusal: it is logged, explained, learnt from.

use std::sync::Arc;

use eschool_core::error::CodedError as _;
use tokio::time::timeout;

use super::{EsiaClient, Way};
use crate::client::{Attempt, EsiaCode, EsiaError, SecretDiagnosis};

impl EsiaClient {
    /// What `client_secret` signs when a sign-in begins now, and whether it is right as far as this
    /// side can know; none at a gateway, where nothing is signed.
    ///
    /// For the operator when ЕСИА refuses with ESIA-007002, -007015, -007053 or -008010. After such a
    /// refusal the log tells the same of the refused request itself, once a minute at most, and
    /// [`last_refused`](Self::last_refused) keeps it.
    pub async fn diagnose(&self) -> Option<SecretDiagnosis> {
        match &self.way {
            Way::Direct(direct) => Some(direct.diagnose().await),
            Way::Gateway(_) => None,
        }
    }

    /// What the refused request signed of which the log was told last, with its whole string
    /// ([`Values::Whole`](crate::client::Values::Whole)), to be compared with another program's; none
    /// before the first such refusal since the program began, and at a gateway.
    ///
    /// A refused request for tokens is shown as it was, for an hour; its whole string may hold a
    /// `refresh_token`, a live secret. Within that hour it goes before a refused request to sign in: that
    /// one ЕСИА refuses in the browser, where anybody can make a refusal up.
    ///
    /// Of a request to sign in the same string is signed anew: only the signature is another one. Where
    /// [`correct_clock`](crate::client::EsiaSettings::correct_clock) changed the time after the attempt
    /// began, or the program was started after it, nothing is told of it: the time that was sent is not
    /// known.
    #[must_use]
    pub fn last_refused(&self) -> Option<Arc<SecretDiagnosis>> {
        match &self.way {
            Way::Direct(direct) => direct.last_refused(),
            Way::Gateway(_) => None,
        }
    }

    /// Tells the log what was signed when an attempt began, if that is why ЕСИА refused it. It waits
    /// for no other sign-in: a minute has one explanation, which must not be lost in a crowd. For the
    /// signer it waits as long as when a sign-in begins, else one that is merely slow would be called
    /// absent.
    pub(super) async fn explain(&self, attempt: &Attempt, error: &EsiaError) {
        if let Way::Direct(direct) = &self.way {
            direct.explain_start(attempt, error).await;
        }
    }

    /// Asks ЕСИА for its time where it refused ours and the settings allow to go by its. One person a
    /// minute waits for it, as long as for any other request, else nothing would be learnt from an
    /// ЕСИА that is slow.
    pub(super) async fn learn_from(&self, error: &EsiaError) {
        if let (EsiaError::Refused { code: Some(EsiaCode::WRONG_TIME) }, Way::Direct(direct)) =
            (error, &self.way)
        {
            // Whether it is known or not, the person is told of the refusal.
            let _ = timeout(self.limits.deadline(), direct.correct_clock()).await;
        }
    }
}

/// Tells the log of a failure, by its code alone where the person caused it.
pub(super) fn log(error: Option<&EsiaError>) {
    let Some(error) = error else { return };
    let code = error.code();
    if error.is_ordinary() {
        tracing::info!(code, "a sign-in through ЕСИА came to nothing");
    } else {
        let advice = match error {
            EsiaError::Refused { code: Some(code) } => code.advice_en(),
            _ => None,
        };
        tracing::warn!(code, %error, advice, "a sign-in through ЕСИА failed");
    }
}
