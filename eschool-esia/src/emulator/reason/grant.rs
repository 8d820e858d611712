//! What is wrong with what a request brings, and with the person.

use super::{Told, told};

/// What is wrong with a code or a refresh token.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum GrantReason {
    CodeUnknown,
    CodeForeign,
    CodeInterface,
    CodeRedirect,
    CodeUsed,
    CodeOld,
    RefreshUnknown,
    RefreshForeign,
    RefreshInterface,
    RefreshUsed,
}

impl GrantReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::CodeUnknown => told(
                "code_unknown",
                "такого `code` в последнее время не выдавали",
                "`code` is none that was given out lately",
            ),
            Self::CodeForeign => told(
                "code_foreign",
                "`code` выдан другой системе",
                "`code` was given to another client",
            ),
            Self::CodeInterface => told(
                "code_interface",
                "`code` выдан на другом интерфейсе, а обменивают его там же",
                "`code` was given at the other interface, and is exchanged where it was given",
            ),
            Self::CodeRedirect => told(
                "code_redirect",
                "`redirect_uri` не тот, с которым начинали вход",
                "`redirect_uri` is not that of authorize",
            ),
            Self::CodeUsed => told(
                "code_used",
                "`code` уже использован; выданное по нему отозвано",
                "`code` was used before; what it gave is revoked",
            ),
            Self::CodeOld => told("code_old", "`code` просрочен", "`code` is too old"),
            Self::RefreshUnknown => told(
                "refresh_unknown",
                "такого `refresh_token` нет: не выдавали, просрочен или отозван",
                "`refresh_token` is none that is good: never given, too old or revoked",
            ),
            Self::RefreshForeign => told(
                "refresh_foreign",
                "`refresh_token` выдан другой системе",
                "`refresh_token` was given to another client",
            ),
            Self::RefreshInterface => told(
                "refresh_interface",
                "`refresh_token` выдан на другом интерфейсе",
                "`refresh_token` was given at the other interface",
            ),
            Self::RefreshUsed => told(
                "refresh_used",
                "`refresh_token` уже использован; всё, что шло за ним, отозвано",
                "`refresh_token` was used before; all that followed from it is revoked",
            ),
        }
    }
}

/// What keeps the person out.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum PersonReason {
    Refused,
    Gone,
    NotConfirmed,
    FilterConfirmed,
    FilterKid,
    FilterNotKid,
    SecondFactor,
    ConsentMissing,
}

impl PersonReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::Refused => told("person_refused", "человек отказался", "the person refused"),
            Self::Gone => {
                told("person_gone", "этого человека нет в книге", "the person is not in the book")
            }
            Self::NotConfirmed => told(
                "not_confirmed",
                "учётная запись не подтверждена, а в книге у системы `confirmed_only = true`",
                "the account is not confirmed, and the book says `confirmed_only = true`",
            ),
            Self::FilterConfirmed => told(
                "filter_confirmed",
                "учётная запись не подтверждена, а `person_filter` просит `conf_acc`",
                "the account is not confirmed, and `person_filter` asks for `conf_acc`",
            ),
            Self::FilterKid => told(
                "filter_kid",
                "учётная запись не детская, а `person_filter` просит `acc_kid`",
                "the account is no child's, and `person_filter` asks for `acc_kid`",
            ),
            Self::FilterNotKid => told(
                "filter_not_kid",
                "учётная запись детская, а `person_filter` просит `acc_not_kid`",
                "the account is a child's, and `person_filter` asks for `acc_not_kid`",
            ),
            Self::SecondFactor => told(
                "second_factor",
                "у человека в книге `second_factor = false`, а система его требует",
                "the book says `second_factor = false` of the person, and the client requires it",
            ),
            Self::ConsentMissing => told(
                "consent_missing",
                "согласия родителя нет: у человека в книге `parent_consent = false`",
                "there is no parent's consent: the book says `parent_consent = false`",
            ),
        }
    }
}
