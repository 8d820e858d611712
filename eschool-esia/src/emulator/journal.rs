//! What was refused lately, for the developer of a client.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Emulator, MustSign, fault::Fault, parameters::Parameters, reason::Reason};

/// How many refusals are kept.
const MOST: usize = 200;

/// How many characters of a `client_id` that nobody registered are kept.
const LONGEST_CLIENT: usize = 64;

/// Something that the emulator refused, as its log tells it.
///
/// ```
/// # use eschool_esia::{ambient::Ambient, emulator::{Emulator, EmulatorSettings, TokenKeyPair}};
/// # let key = TokenKeyPair::generate()?;
/// # let settings = EmulatorSettings::new(Vec::new(), Vec::new(), key, Ambient::system());
/// let emulator = Emulator::new(settings);
/// assert!(emulator.refusals().is_empty()); // nobody has asked anything yet
/// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRefusal {
    /// Counts what was refused since the start, from 1.
    pub number: u64,
    /// When, by the emulator's clock.
    pub at: DateTime<Utc>,
    /// Which endpoint: its path, with `{oid}` for whoever it was about.
    pub endpoint: &'static str,
    /// The `client_id` that came, cut to 64 characters; none where none came or it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// What was answered: a code of ЕСИА (`ESIA-007053`), or the status where data are refused
    /// (`401`).
    pub answer: String,
    /// Which check failed, in one stable word: `secret_reversed`.
    pub check: &'static str,
    /// The same in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
    /// What `client_secret` must sign, where that is what was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub must_sign: Option<MustSign>,
}

/// The last refusals.
#[derive(Default)]
pub(super) struct Journal {
    kept: VecDeque<LoggedRefusal>,
    count: u64,
}

impl Journal {
    fn put(&mut self, mut refusal: LoggedRefusal) {
        self.count = self.count.saturating_add(1);
        refusal.number = self.count;
        self.kept.push_front(refusal);
        self.kept.truncate(MOST);
    }
}

impl Emulator {
    /// What was refused lately, the last first: two hundred at most. `GET /emulator/log` shows the
    /// same as a page, `GET /emulator/log.json` as JSON.
    #[must_use]
    pub fn refusals(&self) -> Vec<LoggedRefusal> {
        self.journal().kept.iter().cloned().collect()
    }

    /// Forgets what was refused.
    pub(super) fn forget_refusals(&self) {
        self.journal().kept.clear();
    }

    /// Tells the log of a request that is refused with a code of ЕСИА.
    pub(super) fn refused(&self, endpoint: &'static str, from: &Parameters, fault: &Fault) {
        let client = from.once("client_id").ok().flatten();
        self.refused_client(endpoint, client, fault);
    }

    /// The same, where it is known who asked.
    pub(super) fn refused_client(
        &self,
        endpoint: &'static str,
        client: Option<&str>,
        fault: &Fault,
    ) {
        if let Some(told) = &fault.must_sign {
            tracing::warn!(
                signs = ?told.text,
                bytes = told.bytes,
                digest = told.digest,
                "what `client_secret` must sign, by the parameters that came"
            );
        }
        let must_sign = fault.must_sign.as_deref().cloned();
        self.note(endpoint, client, fault.code.to_string(), &fault.reason, must_sign);
    }

    /// Tells the log of data that are refused with a status.
    pub(super) fn withheld(
        &self,
        endpoint: &'static str,
        client: Option<&str>,
        status: u16,
        reason: &Reason,
    ) {
        self.note(endpoint, client, status.to_string(), reason, None);
    }

    /// The reason is of the emulator's own words: nothing that came is repeated but the mnemonic, and
    /// that on the page alone, and what must be signed.
    fn note(
        &self,
        endpoint: &'static str,
        client: Option<&str>,
        answer: String,
        reason: &Reason,
        must_sign: Option<MustSign>,
    ) {
        let check = reason.check();
        let (text_ru, text_en) = reason.texts();
        tracing::warn!(endpoint, answer, check, reason = %text_en, "refused");
        let client = client.map(|name| name.chars().take(LONGEST_CLIENT).collect());
        let at = self.now();
        self.journal().put(LoggedRefusal {
            number: 0,
            at,
            endpoint,
            client,
            answer,
            check,
            text_ru,
            text_en,
            must_sign,
        });
    }
}
