//! What the error codes of ЕСИА mean, and what to do: the one table of them.

use super::remedy::Remedy::{self, AskOperator, CheckAccount, StartAgain, TryLater};

/// Why ЕСИА refused, by its code.
///
/// ```
/// use eschool_esia::client::{EsiaCause, EsiaCode};
///
/// let code = EsiaCode::parse("ESIA-007015").unwrap();
/// assert_eq!(code.cause(), Some(EsiaCause::WrongTime));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EsiaCause {
    /// 007002: the certificate is not that of the mnemonic.
    CertificateOfAnother,
    /// 007003: a parameter is absent, wrong or stands twice.
    Parameter,
    /// 007004: the person declined.
    Denied,
    /// 007005: the system may not use this method.
    MethodNotAllowed,
    /// 007006: a scope is unknown or not allowed.
    Scope,
    /// 007007: ЕСИА failed.
    Internal,
    /// 007008: ЕСИА is overloaded.
    Overloaded,
    /// 007009: the method is not supported.
    MethodUnsupported,
    /// 007011: the code or the refresh token is no good for this request.
    Grant,
    /// 007012: the kind of grant is not supported.
    GrantType,
    /// 007013: there is no scope.
    ScopeMissing,
    /// 007014: a mandatory parameter is absent.
    ParameterMissing,
    /// 007015: the time of the request is wrong.
    WrongTime,
    /// 007019: the system has no permission.
    NoPermission,
    /// 007023: the address to come back to is not allowed.
    RedirectUri,
    /// 007039: there is no `code_challenge`.
    ChallengeMissing,
    /// 007040: PKCE does not fit.
    ChallengeMismatch,
    /// 007046: a second factor is required.
    SecondFactor,
    /// 007053: the signature is wrong or the certificate not active.
    Signature,
    /// 007055: the account is not confirmed.
    NotConfirmed,
    /// 008010: the system did not prove who it is.
    Authentication,
    /// 036700 to 036799: a consent is missing.
    Consent,
}

/// A row of the table.
pub(super) struct Known {
    pub(super) number: u32,
    pub(super) cause: EsiaCause,
    pub(super) remedy: Remedy,
    pub(super) meaning_ru: &'static str,
    pub(super) meaning_en: &'static str,
    pub(super) advice_ru: &'static str,
    pub(super) advice_en: &'static str,
}

/// All codes from 036700 to 036799 are about consents.
const CONSENTS: std::ops::RangeInclusive<u32> = 36_700..=36_799;

/// The row of a code.
pub(super) fn known(number: u32) -> Option<&'static Known> {
    let number = if CONSENTS.contains(&number) { *CONSENTS.start() } else { number };
    KNOWN.iter().find(|known| known.number == number)
}

/// A row in one line: number, cause, remedy, meaning and advice, each in Russian and English.
const fn row(
    number: u32,
    cause: EsiaCause,
    remedy: Remedy,
    [meaning_ru, meaning_en]: [&'static str; 2],
    [advice_ru, advice_en]: [&'static str; 2],
) -> Known {
    Known { number, cause, remedy, meaning_ru, meaning_en, advice_ru, advice_en }
}

const NOTHING: [&str; 2] = [
    "Делать ничего не нужно: человек войдёт ещё раз, если захочет.",
    "Nothing is to be done: the person signs in again if they want to.",
];

const THEIRS: [&str; 2] = [
    "Подождите. Если не пройдёт за час, напишите в поддержку ЕСИА: время, мнемоника, код.",
    "Wait. If it lasts for more than an hour, write to the support of esia: time, mnemonic, code.",
];

const REGISTRATION: [&str; 2] = [
    "Сверьте запрос с заявкой на подключение: то, что в ней не указано, ЕСИА не разрешит.",
    "Compare the request with the application to connect: esia allows what stands there alone.",
];

const PROGRAM: [&str; 2] = [
    "Это ошибка программы или адресов: сверьте `endpoints` и `profile` с документацией ЕСИА и \
     сообщите разработчику.",
    "The program or its addresses are at fault: compare `endpoints` and `profile` with the documents \
     of esia and tell the developer.",
];

const SIGNATURE: [&str; 2] = [
    "Вызовите `EsiaClient::diagnose`: он покажет, что подписано, порядок байтов и сроки \
     сертификата. Сверьте отпечаток сертификата с загруженным в ЕСИА.",
    "Call `EsiaClient::diagnose`: it shows what was signed, the byte order and the dates of the \
     certificate. Compare the certificate's hash with the one uploaded to esia.",
];

/// By the names that open implementations give the codes; in the order of their numbers.
const KNOWN: [Known; 22] = [
    row(
        7002,
        EsiaCause::CertificateOfAnother,
        AskOperator,
        [
            "сертификат не подходит к мнемонике системы",
            "the certificate is not that of the system's mnemonic",
        ],
        [
            "Загрузите в ЕСИА сертификат, с которым подписываются запросы, и проверьте `clientId`.",
            "Upload to esia the certificate that requests are signed with, and check `clientId`.",
        ],
    ),
    row(
        7003,
        EsiaCause::Parameter,
        AskOperator,
        [
            "параметр запроса отсутствует, неверен или повторён",
            "a parameter of the request is absent, wrong or stands twice",
        ],
        PROGRAM,
    ),
    row(
        7004,
        EsiaCause::Denied,
        StartAgain,
        ["пользователь отказался от входа", "the person declined"],
        NOTHING,
    ),
    row(
        7005,
        EsiaCause::MethodNotAllowed,
        AskOperator,
        ["системе не разрешён этот способ запроса", "the system may not ask by this method"],
        REGISTRATION,
    ),
    row(
        7006,
        EsiaCause::Scope,
        AskOperator,
        [
            "запрошена неизвестная или неразрешённая область доступа (scope)",
            "a scope is unknown or not allowed to the system",
        ],
        [
            "Уберите из `scopes` то, чего нет в заявке на подключение, или дополните заявку.",
            "Take out of `scopes` what the application to connect does not name, or amend it.",
        ],
    ),
    row(
        7007,
        EsiaCause::Internal,
        TryLater,
        ["внутренняя ошибка сервера авторизации", "the authorization server failed"],
        THEIRS,
    ),
    row(
        7008,
        EsiaCause::Overloaded,
        TryLater,
        ["сервер авторизации перегружен", "the authorization server is overloaded"],
        THEIRS,
    ),
    row(
        7009,
        EsiaCause::MethodUnsupported,
        AskOperator,
        ["способ запроса не поддерживается", "the method of asking is not supported"],
        PROGRAM,
    ),
    row(
        7011,
        EsiaCause::Grant,
        StartAgain,
        [
            "код авторизации неверен, устарел, отозван или выдан для другого запроса",
            "the code is wrong, too old, revoked or was issued for another request",
        ],
        [
            "Если это случается часто, проверьте, не обменивается ли код дважды или позже чем \
             через 4 минуты.",
            "If it happens often, see whether codes are exchanged twice or after more than 4 minutes.",
        ],
    ),
    row(
        7012,
        EsiaCause::GrantType,
        AskOperator,
        [
            "вид разрешения (grant_type) не поддерживается",
            "the kind of grant (grant_type) is not supported",
        ],
        PROGRAM,
    ),
    row(
        7013,
        EsiaCause::ScopeMissing,
        AskOperator,
        ["не указана область доступа (scope)", "there is no scope"],
        PROGRAM,
    ),
    row(
        7014,
        EsiaCause::ParameterMissing,
        AskOperator,
        ["нет обязательного параметра запроса", "a mandatory parameter is absent"],
        PROGRAM,
    ),
    row(
        7015,
        EsiaCause::WrongTime,
        AskOperator,
        ["неверное время запроса", "the time of the request is wrong"],
        [
            "Проверьте часы сервера (NTP) и `utcOffset`; если часы не поправить, включите \
             `correctClock`.",
            "Check the clock of the server (NTP) and `utcOffset`; if it cannot be set, turn on \
             `correctClock`.",
        ],
    ),
    row(
        7019,
        EsiaCause::NoPermission,
        AskOperator,
        ["у системы нет разрешения на запрос", "the system has no permission for the request"],
        REGISTRATION,
    ),
    row(
        7023,
        EsiaCause::RedirectUri,
        AskOperator,
        ["адрес возврата (redirect_uri) не разрешён", "the redirect_uri is not allowed"],
        [
            "Внесите домен из `redirectUri` в заявку на подключение.",
            "Enter the domain of `redirectUri` into the application to connect.",
        ],
    ),
    row(
        7039,
        EsiaCause::ChallengeMissing,
        AskOperator,
        ["нет параметра code_challenge", "there is no code_challenge"],
        ["Включите `pkce`: `s256` или `gost3411`.", "Turn on `pkce`: `s256` or `gost3411`."],
    ),
    row(
        7040,
        EsiaCause::ChallengeMismatch,
        AskOperator,
        ["проверка PKCE не сошлась", "PKCE does not fit"],
        [
            "Если так у всех, ЕСИА ждёт другой способ PKCE: смените в `pkce` `s256` на `gost3411` \
             или наоборот, а если не помогло – выключите. Если у одного, код мог быть перехвачен.",
            "If everybody has it, esia wants another method of PKCE: set `pkce` to `gost3411` in \
             the place of `s256` or the other way round, or turn it off. If somebody has it, the \
             code may have been intercepted.",
        ],
    ),
    row(
        7046,
        EsiaCause::SecondFactor,
        CheckAccount,
        ["нужен второй фактор входа", "a second factor is required"],
        [
            "Попросите человека включить вход с подтверждением (второй фактор) в настройках \
             безопасности на «Госуслугах» и войти ещё раз.",
            "Ask the person to turn on the second factor in the security settings of their account \
             at Госуслуги and to sign in again.",
        ],
    ),
    row(
        7053,
        EsiaCause::Signature,
        AskOperator,
        [
            "подпись запроса (client_secret) неверна или сертификат не действует",
            "the signature (client_secret) is wrong or the certificate not active",
        ],
        SIGNATURE,
    ),
    row(
        7055,
        EsiaCause::NotConfirmed,
        CheckAccount,
        ["учётная запись не подтверждена", "the account is not confirmed"],
        [
            "Попросите человека подтвердить учётную запись на «Госуслугах» и войти ещё раз.",
            "Ask the person to have their account at Госуслуги confirmed and to sign in again.",
        ],
    ),
    row(
        8010,
        EsiaCause::Authentication,
        AskOperator,
        ["система не прошла проверку подлинности", "the system did not prove who it is"],
        SIGNATURE,
    ),
    row(
        36_700,
        EsiaCause::Consent,
        CheckAccount,
        ["нет согласия пользователя", "a consent of the person is missing"],
        [
            "Попросите человека, а для ребёнка – его родителя, дать согласие на «Госуслугах» и войти \
             ещё раз.",
            "Ask the person, for a child a parent, to give the consent at Госуслуги and to sign in \
             again.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_stands_once_in_order() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].number < pair[1].number));
    }

    #[test]
    fn every_code_of_the_facts_has_a_cause_of_its_own() {
        let facts = [
            7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7011, 7012, 7013, 7014, 7015, 7019,
            7023, 7039, 7040, 7046, 7053, 7055, 8010, 36_700,
        ];
        let causes: std::collections::HashSet<_> =
            facts.iter().map(|number| known(*number).unwrap().cause).collect();
        assert_eq!(causes.len(), facts.len());
        assert_eq!(known(36_712).unwrap().cause, EsiaCause::Consent);
        assert!(known(36_800).is_none() && known(7001).is_none());
    }
}
