//! Which check failed: a stable word for programs, and a sentence in Russian and in English for
//! whoever builds the client. ЕСИА itself tells none of this.

use eschool_core::error::CodedError as _;

use crate::cms::CmsError;

/// Which check failed.
#[derive(Clone, Debug)]
pub(super) enum Reason {
    // the client and its rights
    ClientUnknown,
    ClientClosed,
    InterfaceForbidden,
    GrantForbidden,
    OfflineForbidden,
    // the parameters
    Repeated(&'static str),
    AnyRepeated,
    Missing(&'static str),
    Not { name: &'static str, right: &'static str },
    GrantType,
    AccessType,
    State,
    Redirect(&'static str),
    ScopeForeign(&'static str),
    ScopeBlank,
    ScopeOther,
    PersonFilter,
    BodyBroken,
    BodyKind,
    // who calls
    TimestampForm,
    TimestampFar { seconds: i64 },
    CertificateHash,
    CertificateTime,
    SecretKey,
    SecretForm,
    SecretReversed,
    SecretSwapped,
    SecretHalves,
    SecretWrong { fields: &'static str },
    CmsForm,
    Cms(CmsError),
    // PKCE
    ChallengeNeeded,
    ChallengeMissing,
    ChallengeMethod,
    VerifierUnasked,
    VerifierWrong,
    // codes and refresh tokens
    CodeUnknown,
    CodeForeign,
    CodeRedirect,
    CodeUsed,
    CodeOld,
    RefreshUnknown,
    RefreshForeign,
    RefreshUsed,
    // the person
    PersonRefused,
    PersonGone,
    NotConfirmed,
    FilterConfirmed,
    FilterKid,
    FilterNotKid,
    SecondFactor,
    ConsentMissing,
    // data
    TokenBad,
    TokenScope,
    // the emulator
    Injected,
    TokenUnwritten,
    KeyFailed,
}

/// A word, then Russian, then English.
type Told = (&'static str, String, String);

fn told(check: &'static str, ru: &str, en: &str) -> Told {
    (check, ru.into(), en.into())
}

impl Reason {
    /// The word.
    pub(super) fn check(&self) -> &'static str {
        self.told().0
    }

    /// Russian, English.
    pub(super) fn texts(&self) -> (String, String) {
        let (_, ru, en) = self.told();
        (ru, en)
    }

    fn told(&self) -> Told {
        self.of_client()
            .or_else(|| self.of_parameters())
            .or_else(|| self.of_caller())
            .or_else(|| self.of_challenge())
            .or_else(|| self.of_grant())
            .or_else(|| self.of_person())
            .unwrap_or_else(|| self.of_rest())
    }

    fn of_client(&self) -> Option<Told> {
        Some(match self {
            Self::ClientUnknown => told(
                "client_unknown",
                "системы с таким `client_id` нет",
                "no client has this `client_id`",
            ),
            Self::ClientClosed => told(
                "client_closed",
                "система закрыта: в книге у неё `closed = true`",
                "the client is closed: the book says `closed = true`",
            ),
            Self::InterfaceForbidden => told(
                "interface_forbidden",
                "системе не открыт этот интерфейс: в книге его нет среди `interfaces`",
                "this interface is not open to the client: the book does not have it in `interfaces`",
            ),
            Self::GrantForbidden => told(
                "grant_forbidden",
                "системе не разрешён `grant_type=client_credentials`: в книге нет \
                 `client_credentials = true`",
                "the client may not use `grant_type=client_credentials`: the book does not say \
                 `client_credentials = true`",
            ),
            Self::OfflineForbidden => told(
                "offline_forbidden",
                "системе не разрешён `access_type=offline`: в книге `offline = false`",
                "the client may not use `access_type=offline`: the book says `offline = false`",
            ),
            _ => return None,
        })
    }

    fn of_parameters(&self) -> Option<Told> {
        Some(match self {
            Self::Repeated(name) => (
                "parameter_repeated",
                format!("`{name}` стоит дважды"),
                format!("`{name}` stands twice"),
            ),
            Self::AnyRepeated => {
                told("parameter_repeated", "параметр стоит дважды", "a parameter stands twice")
            }
            Self::Missing(name) => (
                "parameter_missing",
                format!("`{name}` отсутствует или пуст"),
                format!("`{name}` is missing"),
            ),
            Self::Not { name, right } => (
                "parameter_value",
                format!("`{name}` – не `{right}`"),
                format!("`{name}` is not `{right}`"),
            ),
            Self::GrantType => told(
                "grant_type",
                "`grant_type` – не `authorization_code`, `refresh_token` или `client_credentials`",
                "`grant_type` is not `authorization_code`, `refresh_token` or `client_credentials`",
            ),
            Self::AccessType => told(
                "access_type",
                "`access_type` – не `online` и не `offline`",
                "`access_type` is neither `online` nor `offline`",
            ),
            Self::State => told(
                "state",
                "`state` – не UUID версии 4 с дефисами",
                "`state` is no UUID of version 4",
            ),
            Self::Redirect(name) => (
                "redirect",
                format!("`{name}` – не адрес http(s) на известном узле"),
                format!("`{name}` is no http(s) address of a known host"),
            ),
            Self::ScopeForeign(name) => (
                "scope_foreign",
                format!("в `{name}` есть то, что для системы не зарегистрировано"),
                format!("`{name}` holds what is not registered for the client"),
            ),
            Self::ScopeBlank => told("scope_blank", "`scope` пуст", "`scope` is blank"),
            Self::ScopeOther => told(
                "scope_other",
                "`scope` не тот, с которым начинали вход",
                "`scope` is not that of authorize",
            ),
            Self::PersonFilter => told(
                "person_filter",
                "`person_filter` – не `conf_acc`, `acc_kid` или `acc_not_kid` в base64",
                "`person_filter` is not `conf_acc`, `acc_kid` or `acc_not_kid` in base64",
            ),
            Self::BodyBroken => told(
                "body_broken",
                "тело запроса слишком длинное или оборвалось",
                "the body is too long or broke off",
            ),
            Self::BodyKind => told(
                "body_kind",
                "тело запроса – не `application/x-www-form-urlencoded`",
                "the body is not `application/x-www-form-urlencoded`",
            ),
            _ => return None,
        })
    }

    fn of_caller(&self) -> Option<Told> {
        Some(match self {
            Self::TimestampForm => told(
                "timestamp_form",
                "`timestamp` – не `yyyy.MM.dd HH:mm:ss Z`; его `+` передают как `%2B`",
                "`timestamp` is not `yyyy.MM.dd HH:mm:ss Z`; its `+` goes as `%2B`",
            ),
            Self::TimestampFar { seconds } => (
                "timestamp_far",
                format!("`timestamp` расходится с часами эмулятора на {seconds} с"),
                format!("`timestamp` is too far from the emulator's clock: {seconds} s"),
            ),
            Self::CertificateHash => told(
                "certificate_hash",
                "`client_certificate_hash` – не Стрибог-256 от DER зарегистрированного сертификата \
                 заглавными шестнадцатеричными цифрами",
                "`client_certificate_hash` is not the Streebog-256 of the registered certificate's \
                 DER in upper-case hex",
            ),
            Self::CertificateTime => told(
                "certificate_time",
                "зарегистрированный сертификат сейчас не действует",
                "the registered certificate is not valid now",
            ),
            Self::SecretKey => told(
                "secret_key",
                "ключ зарегистрированного сертификата для этого интерфейса не подходит: нужен ГОСТ \
                 Р 34.10-2012, 256 бит",
                "the registered certificate has no key of ГОСТ Р 34.10-2012, 256 bits",
            ),
            Self::SecretForm => told(
                "secret_form",
                "`client_secret` – не 64 байта в base64url",
                "`client_secret` is not 64 bytes in base64url",
            ),
            Self::SecretReversed => told(
                "secret_reversed",
                "`client_secret` верен, но его 64 байта стоят задом наперёд, как их выдаёт \
                 КриптоПро; ЕСИА ждёт s ‖ r, старшие байты вперёд",
                "`client_secret` is right but for its 64 bytes standing backwards, as CryptoPro \
                 gives them; ЕСИА takes s ‖ r, both big-endian",
            ),
            Self::SecretSwapped => told(
                "secret_swapped",
                "`client_secret` верен, но его половины переставлены: это r ‖ s, а ЕСИА ждёт s ‖ r",
                "`client_secret` is right but for its halves being swapped: it is r ‖ s, and ЕСИА \
                 takes s ‖ r",
            ),
            Self::SecretHalves => told(
                "secret_halves",
                "`client_secret` верен, но байты каждой половины стоят задом наперёд; ЕСИА ждёт s ‖ \
                 r, старшие байты вперёд",
                "`client_secret` is right but for the bytes of each half standing backwards; ЕСИА \
                 takes s ‖ r, both big-endian",
            ),
            Self::SecretWrong { fields } => (
                "secret_wrong",
                format!(
                    "`client_secret` – не подпись ключом зарегистрированного сертификата под \
                     строкой {fields}"
                ),
                format!(
                    "`client_secret` does not sign {fields} with the registered certificate's key"
                ),
            ),
            Self::CmsForm => told(
                "secret_form",
                "`client_secret` – не base64url",
                "`client_secret` is not base64url",
            ),
            Self::Cms(error) => (
                error.code(),
                format!("`client_secret` – не подходящая подпись CMS. {}", error.text_ru()),
                format!("`client_secret` is not the detached CMS that is awaited: {error}"),
            ),
            _ => return None,
        })
    }

    fn of_challenge(&self) -> Option<Told> {
        Some(match self {
            Self::ChallengeNeeded => told(
                "challenge_needed",
                "нет `code_challenge`, а в книге у системы `pkce = \"required\"`",
                "there is no `code_challenge`, and the book says `pkce = \"required\"`",
            ),
            Self::ChallengeMissing => told(
                "challenge_missing",
                "есть `code_challenge_method`, но нет `code_challenge`",
                "`code_challenge_method` stands without `code_challenge`",
            ),
            Self::ChallengeMethod => told(
                "challenge_method",
                "`code_challenge_method` – не `S256` и не `GOST3411`",
                "`code_challenge_method` is neither `S256` nor `GOST3411`",
            ),
            Self::VerifierUnasked => told(
                "verifier_unasked",
                "есть `code_verifier`, а при входе не было `code_challenge`",
                "`code_verifier` stands, but authorize had no `code_challenge`",
            ),
            Self::VerifierWrong => told(
                "verifier_wrong",
                "`code_challenge` получен не из этого `code_verifier`",
                "`code_verifier` is not what `code_challenge` was made of",
            ),
            _ => return None,
        })
    }

    fn of_grant(&self) -> Option<Told> {
        Some(match self {
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
            Self::RefreshUsed => told(
                "refresh_used",
                "`refresh_token` уже использован; всё, что шло за ним, отозвано",
                "`refresh_token` was used before; all that followed from it is revoked",
            ),
            _ => return None,
        })
    }

    fn of_person(&self) -> Option<Told> {
        Some(match self {
            Self::PersonRefused => {
                told("person_refused", "человек отказался", "the person refused")
            }
            Self::PersonGone => {
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
            _ => return None,
        })
    }

    fn of_rest(&self) -> Told {
        match self {
            Self::TokenBad => told(
                "token_bad",
                "маркера доступа нет, он неизвестен, просрочен или отозван",
                "no access token, or one that is unknown, too old or revoked",
            ),
            Self::TokenScope => told(
                "token_scope",
                "маркер доступа выдан на другого человека, или его области этого не открывают",
                "the access token is of another person or its scope does not open this",
            ),
            Self::Injected => {
                told("injected", "так велено через /emulator/faults", "as told by /emulator/faults")
            }
            Self::KeyFailed => told(
                "key_failed",
                "не удалось создать ключ маркеров",
                "a key for tokens could not be made",
            ),
            _ => told(
                "token_unwritten",
                "не удалось записать маркер",
                "a token could not be written",
            ),
        }
    }
}
