//! The shapes of the code and the tokens, which are ЕСИА's and not the standard's.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{
    stand::{DAUGHTER, FATHER, MOTHER, NOBODY_KNOWS, Stand},
    wire::Form,
};

fn part(token: &str, place: usize) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(place).unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The claims, with what differs from run to run masked.
pub(crate) fn claims(token: &str) -> Value {
    let mut claims: Value = serde_json::from_str(&part(token, 1)).unwrap();
    let sid = claims["urn:esia:sid"].take();
    assert!(uuid::Uuid::try_parse(sid.as_str().unwrap()).is_ok());
    claims["urn:esia:sid"] = "[sid]".into();
    claims
}

fn token<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap()
}

#[tokio::test]
async fn tokens_are_shaped_like_the_real_ones() {
    let stand = Stand::open().await;
    let code = stand.code(MOTHER).await;
    assert!((900..1500).contains(&code.len()), "{}", code.len());
    assert!(part(&code, 0).contains(r#""typ":"JWT""#));
    insta::assert_json_snapshot!("code", claims(&code));

    let mut answer = stand.tokens(MOTHER).await;
    let (id, access) = (token(&answer, "id_token"), token(&answer, "access_token"));
    assert_eq!(part(id, 0), r#"{"ver":0,"typ":"JWT","sbt":"id","alg":"RS256"}"#);
    assert_eq!(part(access, 0), r#"{"ver":1,"typ":"JWT","sbt":"access","alg":"RS256"}"#);
    insta::assert_json_snapshot!("id_token", claims(id));
    insta::assert_json_snapshot!("access_token", claims(access));
    for name in ["id_token", "access_token"] {
        answer[name] = format!("[{name}]").into();
    }
    insta::assert_json_snapshot!("answer", answer);
}

#[tokio::test]
async fn the_level_tells_the_type_of_the_account() {
    let stand = Stand::open().await;
    for (oid, level, trusted) in [
        (MOTHER, "PR", Some(true)),
        (NOBODY_KNOWS, "P", None),
        (FATHER, "P", None),
        (DAUGHTER, "KD", None),
    ] {
        let code = claims(&stand.code(oid).await);
        assert_eq!(code["urn:esia:sbj:lvl"], level);
        let answer = stand.tokens(oid).await;
        let claims = claims(token(&answer, "id_token"));
        let subject = &claims["urn:esia:sbj"];
        assert_eq!((&claims["sub"], &subject["urn:esia:sbj:oid"]), (&oid.into(), &oid.into()));
        assert_eq!(subject["urn:esia:sbj:lvl"], level);
        let is_trusted = subject.get("urn:esia:sbj:is_tru").map(|value| value == true);
        assert_eq!(is_trusted, trusted, "{oid}");
    }
}

/// Whether a token by RS256 is signed by this key.
pub(crate) fn is_signed_by(token: &str, pem: &str) -> bool {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    key.verify(message.as_bytes(), &signature).is_ok()
}

#[tokio::test]
async fn tokens_are_signed_by_the_published_key() {
    let stand = Stand::open().await;
    let pem = stand.emulator.token_public_key_pem();
    let answer = stand.tokens(MOTHER).await;
    for name in ["id_token", "access_token"] {
        let token = token(&answer, name);
        assert!(is_signed_by(token, &pem), "{name}");
        assert!(!is_signed_by(&format!("A{token}"), &pem), "{name}");
    }
}

#[tokio::test]
async fn an_id_token_comes_with_the_scope_openid_alone() {
    let stand = Stand::open().await;
    let form = stand.sign_in_form().set("scope", "fullname snils").signed(&stand.test.key);
    let page = stand.authorize(&form, "").await.location.unwrap();
    let code = stand.choose(&page, MOTHER).await.brings("code").unwrap();
    // the order of the scopes says nothing
    let form: Form = stand.token_form(&code).set("scope", "snils fullname").signed(&stand.test.key);
    let answer = stand.exchange(&form).await.json();
    assert_eq!(answer.get("id_token"), None);
    assert!(answer.get("refresh_token").is_none() && answer["access_token"].is_string());
}

#[tokio::test]
async fn no_two_codes_or_tokens_are_alike() {
    let stand = Stand::open().await;
    assert_ne!(stand.code(MOTHER).await, stand.code(MOTHER).await);
    let (first, second) = (stand.tokens(MOTHER).await, stand.tokens(MOTHER).await);
    assert_ne!(token(&first, "access_token"), token(&second, "access_token"));
}
