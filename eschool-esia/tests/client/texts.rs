//! What people and logs read of every failure.

use std::fmt::Write as _;

use eschool_core::error::CodedError;
use eschool_esia::{
    client::{
        Call, CallError, EsiaCode, EsiaError, GatewayError, SettingsError, Token, TokenError,
    },
    signer::SignerError,
};

use crate::scene::now;

fn told<E: CodedError>(errors: impl IntoIterator<Item = E>) -> String {
    errors.into_iter().fold(String::new(), |mut all, error| {
        writeln!(all, "{}\n  {error}\n  {}", error.code(), error.text_ru()).unwrap();
        all
    })
}

#[test]
fn failures_of_a_sign_in_read_as_people_write() {
    use EsiaError::{
        AnswerStateMismatch, AttemptExpired, AttemptMalformed, AttemptMissing, Busy,
        CallbackAmbiguous, CallbackIncomplete, CallbackTooLong, DeadlineExceeded, Denied, Gateway,
        GatewayRefused, IdTokenMissing, NameMalformed, NameMissing, NotConfirmed, OidMissing,
        PersonForeign, RefreshUnsupported, Refused, Signer, StateMismatch, TokensDiffer,
    };
    let refused = |code| Refused { code: EsiaCode::parse(code) };
    insta::assert_snapshot!(told([
        CallbackTooLong,
        CallbackAmbiguous,
        CallbackIncomplete,
        AttemptMalformed,
        AttemptMissing,
        AttemptExpired,
        StateMismatch,
        Denied,
        NotConfirmed,
        refused("ESIA-007011"),
        refused("ESIA-007008"),
        refused("ESIA-007046"),
        refused("ESIA-007053"),
        refused("no code"),
        GatewayRefused { error: "invalid_grant" },
        GatewayRefused { error: "invalid_client" },
        Gateway(GatewayError::DiscoveryMalformed),
        Gateway(GatewayError::IssuerForeign),
        Gateway(GatewayError::Endpoint { field: "token_endpoint" }),
        Gateway(GatewayError::Unsupported { feature: "response_type code" }),
        Gateway(GatewayError::Keys),
        Signer(SignerError::Unavailable),
        Busy,
        DeadlineExceeded,
        AnswerStateMismatch,
        RefreshUnsupported,
        IdTokenMissing,
        TokensDiffer,
        PersonForeign,
        OidMissing { claim: "/esia/oid".into() },
        NameMissing,
        NameMalformed,
    ]));
}

#[test]
fn failures_of_requests_read_as_people_write() {
    use CallError::{
        Empty, Forbidden, Foreign, Html, Interrupted, Malformed, Redirected, ServerFailed,
        TimedOut, TooLong, Unauthorized, Unencrypted, UnexpectedStatus, Unreachable,
    };
    let errors = [
        Unreachable,
        Interrupted,
        TimedOut,
        Unencrypted,
        Foreign,
        Redirected,
        ServerFailed { status: 502 },
        Unauthorized,
        Forbidden,
        UnexpectedStatus { status: 404 },
        Html,
        Empty,
        TooLong,
        Malformed,
    ];
    let call = |error| EsiaError::Call { call: Call::Person, error };
    insta::assert_snapshot!(told(errors.map(call)));
}

#[test]
fn failures_of_tokens_read_as_people_write() {
    use TokenError::{
        AccessTokenForeign, AlgorithmGost, AlgorithmRefused, AlgorithmRsa, AudienceForeign,
        ClaimMissing, Expired, IssuedInFuture, IssuerForeign, KeyUnknown, KeysEnded,
        KeysNotYetValid, KindRefused, Malformed, NonceForeign, NotYetValid, Reused,
        SignatureRefused, SubjectsDiffer, TooLong,
    };
    let errors = [
        Malformed,
        TooLong,
        AlgorithmGost,
        AlgorithmRsa,
        AlgorithmRefused,
        KindRefused,
        KeysEnded { ended: now() },
        KeysNotYetValid,
        SignatureRefused,
        ClaimMissing { claim: "exp" },
        IssuerForeign,
        AudienceForeign,
        Expired,
        NotYetValid,
        IssuedInFuture,
        NonceForeign,
        KeyUnknown,
        AccessTokenForeign,
        Reused,
        SubjectsDiffer,
    ];
    let token = |error| EsiaError::Token { token: Token::Id, error };
    insta::assert_snapshot!(told(errors.map(token)));
}

#[test]
fn refused_settings_read_as_people_write() {
    use SettingsError::{
        CertificateEnded, ChildField, Claim, ClientId, ClientSecret, Endpoint, ExtraRoots,
        GatewayIssuer, Issuer, OutOfRange, RedirectUri, Scopes, Tls, TokenKey, TokenKeysEnded,
        TokenKeysMissing,
    };
    insta::assert_snapshot!(told([
        ClientId,
        RedirectUri,
        Issuer,
        Scopes,
        Endpoint { field: "token" },
        TokenKeysMissing,
        TokenKey { number: 2 },
        TokenKeysEnded { ended: now() },
        CertificateEnded { ended: now() },
        GatewayIssuer,
        ClientSecret,
        Claim { field: "snils" },
        ChildField { field: "snils" },
        OutOfRange { field: "dataRetries" },
        ExtraRoots,
        Tls,
    ]));
}

/// Only who declined may have wanted nothing else.
#[test]
fn whoever_lacks_something_is_not_told_that_nothing_is_to_be_done() {
    for (code, ru, en) in [
        ("ESIA-007046", "второй фактор", "second factor"),
        ("ESIA-007055", "подтвердить учётную запись", "confirmed"),
        ("ESIA-036700", "согласие", "consent"),
        ("ESIA-036712", "согласие", "consent"),
    ] {
        let code = EsiaCode::parse(code).unwrap();
        let (told_ru, told_en) = (code.advice_ru().unwrap(), code.advice_en().unwrap());
        assert!(told_ru.contains(ru) && told_en.contains(en), "{code}: {told_ru} {told_en}");
    }
}

#[test]
fn the_codes_of_esia_read_as_people_write() {
    let numbers = [
        7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7011, 7012, 7013, 7014, 7015, 7019, 7023,
        7039, 7040, 7046, 7053, 7055, 8010, 36_700,
    ];
    let told = numbers.map(|number| {
        let code = EsiaCode::parse(&format!("ESIA-{number:06}")).unwrap();
        let texts = [code.meaning_ru(), code.meaning_en(), code.advice_ru(), code.advice_en()];
        let lines: Vec<_> = texts.map(|text| text.unwrap().to_owned()).into();
        format!(
            "{code} {:?} {:?}\n  {}\n",
            code.cause().unwrap(),
            code.remedy(),
            lines.join("\n  ")
        )
    });
    insta::assert_snapshot!(told.concat());
}
