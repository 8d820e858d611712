//! Every code of ЕСИА as this crate's own client tells it, wherever ЕСИА gives it.

use std::collections::BTreeSet;

use eschool_esia::{
    client::{EsiaCode, EsiaError, Profile, Remedy},
    emulator::{FaultyEndpoint, InjectedFault, Injection, RefusalCode},
};

use crate::{
    faulty::{client, sign_in},
    stand::Stand,
};

/// The codes that are known of ЕСИА, each with what helps. Of the hundred about consents, one.
const CODES: [(&str, Remedy); 22] = [
    ("ESIA-007002", Remedy::AskOperator),
    ("ESIA-007003", Remedy::AskOperator),
    ("ESIA-007004", Remedy::StartAgain),
    ("ESIA-007005", Remedy::AskOperator),
    ("ESIA-007006", Remedy::AskOperator),
    ("ESIA-007007", Remedy::TryLater),
    ("ESIA-007008", Remedy::TryLater),
    ("ESIA-007009", Remedy::AskOperator),
    ("ESIA-007011", Remedy::StartAgain),
    ("ESIA-007012", Remedy::AskOperator),
    ("ESIA-007013", Remedy::AskOperator),
    ("ESIA-007014", Remedy::AskOperator),
    ("ESIA-007015", Remedy::AskOperator),
    ("ESIA-007019", Remedy::AskOperator),
    ("ESIA-007023", Remedy::AskOperator),
    ("ESIA-007039", Remedy::AskOperator),
    ("ESIA-007040", Remedy::AskOperator),
    ("ESIA-007046", Remedy::CheckAccount),
    ("ESIA-007053", Remedy::AskOperator),
    ("ESIA-007055", Remedy::CheckAccount),
    ("ESIA-008010", Remedy::AskOperator),
    ("ESIA-036700", Remedy::CheckAccount),
];

/// The code in what the client says; two of them have an error of their own.
fn code(error: &EsiaError) -> Option<String> {
    match error {
        EsiaError::Denied => Some("ESIA-007004".into()),
        EsiaError::NotConfirmed => Some("ESIA-007055".into()),
        EsiaError::Refused { code } => code.map(|code| code.to_string()),
        _ => None,
    }
}

#[test]
fn every_code_has_a_meaning_in_both_languages_and_a_remedy() {
    let russian = |text: &str| text.chars().any(|c| matches!(c, 'а'..='я' | 'ё'));
    let mut meanings = BTreeSet::new();
    for (text, remedy) in CODES {
        assert!(RefusalCode::ALL.iter().any(|code| code.to_string() == text), "{text}");
        let code = EsiaCode::parse(text).unwrap();
        assert_eq!(code.remedy(), remedy, "{text}");
        let (ru, en) = (code.meaning_ru().unwrap(), code.meaning_en().unwrap());
        assert!(russian(ru) && !russian(en) && en.contains(' '), "{text}: {ru} / {en}");
        assert!(meanings.insert(ru) && meanings.insert(en), "{text}: {ru} / {en}");
    }
    assert_eq!(RefusalCode::ALL.len(), CODES.len());
}

#[tokio::test]
async fn the_client_tells_the_code_that_esia_gave() {
    for profile in [Profile::V3, Profile::Legacy] {
        let stand = Stand::open().await;
        let client = client(&stand, profile);
        for text in CODES.map(|(text, _)| text).into_iter().chain(["ESIA-036707"]) {
            for endpoint in [FaultyEndpoint::Authorize, FaultyEndpoint::Token] {
                let refuse = InjectedFault::Refuse(RefusalCode::parse(text).unwrap());
                stand.emulator.inject(Injection::new(refuse).at(endpoint).times(1)).unwrap();
                let error = sign_in(&stand, &client).await.unwrap_err();
                let told = code(&error);
                assert_eq!(told.as_deref(), Some(text), "{profile:?}, {endpoint:?}: {error:?}");
            }
        }
        assert!(sign_in(&stand, &client).await.is_ok(), "{profile:?}: nothing is left");
    }
}
