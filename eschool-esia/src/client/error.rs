//! Why a sign-in through ЕСИА came to nothing.

use eschool_core::{error::CodedError, signin::RefusalCode};
use thiserror::Error;

use super::{Call, CallError, EsiaCode, GatewayError, Remedy, Token, TokenError};
use crate::signer::SignerError;

/// Why a sign-in through ЕСИА came to nothing. Holds neither personal data nor tokens nor codes of
/// authorization.
///
/// ```
/// use eschool_core::{error::CodedError, signin::RefusalCode};
/// use eschool_esia::client::{EsiaCode, EsiaError};
///
/// let error = EsiaError::Refused { code: EsiaCode::parse("ESIA-007011: invalid code") };
/// assert_eq!(error.to_string(), "esia refused the request: ESIA-007011");
/// assert_eq!(error.code(), "esia_refused");
/// assert!(error.text_ru().contains("ещё раз"));
/// assert_eq!(error.refusal(), RefusalCode::EsiaUnavailable);
/// ```
#[derive(Clone, Debug, Error)]
pub enum EsiaError {
    /// The callback is longer than [`Callback::LONGEST`](super::Callback::LONGEST).
    #[error("the callback is too long")]
    CallbackTooLong,
    /// A parameter stands twice in the callback, or a code beside an error.
    #[error("the callback says two things at once")]
    CallbackAmbiguous,
    /// The callback has no state, or neither a code nor an error.
    #[error("the callback lacks its state or its code")]
    CallbackIncomplete,
    /// What the browser kept of the attempt cannot be read.
    #[error("what was kept of the attempt is malformed")]
    AttemptMalformed,
    /// The browser kept no attempt with the state that came back: it began in another browser, was
    /// finished already, or was kept for too short a time. For whoever looks attempts up; the client
    /// itself is always given one.
    #[error("this browser has no such attempt")]
    AttemptMissing,
    /// The attempt began too long ago.
    #[error("the attempt has expired")]
    AttemptExpired,
    /// The state that came back is not that of the attempt: another window's, or a forged one.
    #[error("the state is not that of the attempt")]
    StateMismatch,
    /// The person declined at ЕСИА (ESIA-007004).
    #[error("the person declined at esia")]
    Denied,
    /// The account is not confirmed, says ЕСИА itself (ESIA-007055).
    #[error("esia says the account is not confirmed")]
    NotConfirmed,
    /// ЕСИА refused for another reason.
    #[error("esia refused the request: {}", told(*code))]
    Refused {
        /// The code it gave; none where it gave none that can be read.
        code: Option<EsiaCode>,
    },
    /// A gateway refused the code, by one of the words of RFC 6749 §5.2.
    #[error("the gateway refused the code: {error}")]
    GatewayRefused {
        /// The word; `other` for one that is not there.
        error: &'static str,
    },
    /// What a gateway says of itself cannot be used.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The request could not be signed.
    #[error("the request could not be signed: {0}")]
    Signer(#[from] SignerError),
    /// A request failed, or its answer cannot be used.
    #[error("{call}: {error}")]
    Call {
        /// Which request.
        call: Call,
        /// What was wrong.
        error: CallError,
    },
    /// As many sign-ins are under way as the settings allow.
    #[error("too many sign-ins are under way")]
    Busy,
    /// The sign-in as a whole took longer than the settings allow.
    #[error("esia took too long altogether")]
    DeadlineExceeded,
    /// The token answer repeats another state than that of its request, or none.
    #[error("the token answer does not repeat the state of its request")]
    AnswerStateMismatch,
    /// Refresh tokens are for the ways to ЕСИА itself.
    #[error("a gateway is not asked for refresh tokens")]
    RefreshUnsupported,
    /// The token answer has no id_token: the system was granted no scope `openid`.
    #[error("the token answer has no id_token")]
    IdTokenMissing,
    /// A token does not hold.
    #[error("{token}: {error}")]
    Token {
        /// Which token.
        token: Token,
        /// What was wrong.
        error: TokenError,
    },
    /// The access token is another person's than the id_token.
    #[error("the two tokens are of different people")]
    TokensDiffer,
    /// The data are another person's than the tokens, or those of a refresh another person's than the
    /// refresh token.
    #[error("the data are of another person than the tokens")]
    PersonForeign,
    /// A gateway does not say who it is: the claim that the settings name for the person's number is
    /// absent.
    #[error("the gateway told no claim `{claim}`, which is to hold the person's number")]
    OidMissing {
        /// The claim, as [`GatewayClaims::oid`](super::GatewayClaims::oid) names it.
        claim: String,
    },
    /// The family name or the given name is absent, so nobody could be matched.
    #[error("esia told no family name or no given name")]
    NameMissing,
    /// The family name or the given name is not one.
    #[error("the name that esia told is malformed")]
    NameMalformed,
}

fn told(code: Option<EsiaCode>) -> String {
    code.map_or_else(|| "no code".into(), |code| code.to_string())
}

impl EsiaError {
    /// The refusal that a code of ЕСИА stands for.
    pub(super) fn refused(code: Option<EsiaCode>) -> Self {
        match code {
            Some(EsiaCode::DENIED) => Self::Denied,
            Some(EsiaCode::NOT_CONFIRMED) => Self::NotConfirmed,
            code => Self::Refused { code },
        }
    }

    /// What the core knows this as. Everything but an unconfirmed account and too many sign-ins is
    /// `esia_unavailable`, forged answers too: the page and the log tell them apart by
    /// [`code`](CodedError::code).
    #[must_use]
    pub const fn refusal(&self) -> RefusalCode {
        match self {
            Self::NotConfirmed => RefusalCode::EsiaNotConfirmed,
            Self::Busy => RefusalCode::Busy,
            _ => RefusalCode::EsiaUnavailable,
        }
    }

    /// Whether the person alone caused it, so that nobody needs to be woken.
    pub(super) const fn is_ordinary(&self) -> bool {
        matches!(
            self,
            Self::Denied
                | Self::NotConfirmed
                | Self::AttemptMissing
                | Self::AttemptExpired
                | Self::StateMismatch
        )
    }
}

impl CodedError for EsiaError {
    fn code(&self) -> &'static str {
        match self {
            Self::CallbackTooLong => "esia_callback_too_long",
            Self::CallbackAmbiguous => "esia_callback_ambiguous",
            Self::CallbackIncomplete => "esia_callback_incomplete",
            Self::AttemptMalformed => "esia_attempt_malformed",
            Self::AttemptMissing => "esia_attempt_missing",
            Self::AttemptExpired => "esia_attempt_expired",
            Self::StateMismatch => "esia_state_mismatch",
            Self::Denied => "esia_denied",
            Self::NotConfirmed => "esia_not_confirmed",
            Self::Refused { .. } => "esia_refused",
            Self::GatewayRefused { .. } => "esia_gateway_refused",
            Self::Gateway(error) => error.code(),
            Self::Signer(error) => error.code(),
            Self::Call { error, .. } => error.code(),
            Self::Busy => "esia_busy",
            Self::DeadlineExceeded => "esia_deadline_exceeded",
            Self::AnswerStateMismatch => "esia_answer_state_mismatch",
            Self::RefreshUnsupported => "esia_refresh_unsupported",
            Self::IdTokenMissing => "esia_id_token_missing",
            Self::Token { error, .. } => error.code(),
            Self::TokensDiffer => "esia_tokens_differ",
            Self::PersonForeign => "esia_person_foreign",
            Self::OidMissing { .. } => "esia_oid_missing",
            Self::NameMissing => "esia_name_missing",
            Self::NameMalformed => "esia_name_malformed",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::CallbackTooLong
            | Self::CallbackAmbiguous
            | Self::CallbackIncomplete
            | Self::AttemptMalformed => {
                "Портал «Госуслуги» вернул вас по неверной ссылке. Войдите ещё раз со страницы \
                 входа."
            }
            Self::AttemptMissing => {
                "Вход начат в другом браузере, уже завершён или занял слишком много времени. \
                 Войдите ещё раз в этом же окне."
            }
            Self::AttemptExpired => "Вход занял слишком много времени. Войдите ещё раз.",
            Self::StateMismatch => {
                "Эта страница осталась от другой попытки входа. Войдите ещё раз в этом же окне."
            }
            Self::Denied => {
                "Вы отказались от входа через «Госуслуги». Чтобы открыть дневник, войдите ещё раз \
                 и разрешите передать данные."
            }
            Self::NotConfirmed => {
                "Ваша учётная запись на «Госуслугах» не подтверждена. Подтвердите личность и \
                 войдите ещё раз."
            }
            Self::Refused { code } => advice(code.map_or(Remedy::AskOperator, EsiaCode::remedy)),
            Self::GatewayRefused { error: "invalid_grant" } => advice(Remedy::StartAgain),
            Self::GatewayRefused { .. } => advice(Remedy::AskOperator),
            Self::Gateway(error) => error.text_ru(),
            Self::Signer(_) => {
                "«Электронная школа» не смогла подписать запрос к «Госуслугам». Сообщите в \
                 поддержку код ошибки."
            }
            Self::Call { error, .. } => error.text_ru(),
            Self::Busy => "Сейчас входит очень много людей. Попробуйте через минуту.",
            Self::DeadlineExceeded => {
                "Портал «Госуслуги» отвечает слишком медленно. Попробуйте через несколько минут."
            }
            Self::Token { error, .. } => error.text_ru(),
            Self::AnswerStateMismatch | Self::TokensDiffer | Self::PersonForeign => {
                TokenError::DOUBTFUL_RU
            }
            Self::RefreshUnsupported => {
                "Через шлюз данные обновляются только при входе. Войдите ещё раз."
            }
            Self::OidMissing { .. } => {
                "Вход через «Госуслуги» остановлен: шлюз, через который он идёт, не сообщает номер \
                 пользователя. Сообщите в поддержку код ошибки."
            }
            Self::IdTokenMissing | Self::NameMissing => {
                "Портал «Госуслуги» не передал данные, нужные для входа. Сообщите в поддержку код \
                 ошибки."
            }
            Self::NameMalformed => {
                "Имя в вашей учётной записи на «Госуслугах» записано с лишними знаками. Проверьте \
                 его в личном кабинете."
            }
        }
    }
}

/// What somebody reads whom ЕСИА refused.
const fn advice(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::StartAgain => "Портал «Госуслуги» прервал эту попытку. Войдите ещё раз.",
        Remedy::TryLater => "Портал «Госуслуги» перегружен. Попробуйте через несколько минут.",
        Remedy::CheckAccount => {
            "Портал «Госуслуги» не разрешил вход с вашей учётной записью. Проверьте в личном \
             кабинете согласия и настройки входа, затем войдите ещё раз."
        }
        Remedy::AskOperator => {
            "Портал «Госуслуги» не принял запрос «Электронной школы». Ваша учётная запись ни при \
             чём: сообщите в поддержку код ошибки."
        }
    }
}
