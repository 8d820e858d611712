//! The old interface, `/aas/oauth2/ac` and `/aas/oauth2/te`: requests signed by detached CMS.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use eschool_esia::{
    certificate::Certificate,
    cms::{self, SigningKey},
    emulator::{ClientSystem, Interface, RefreshForm},
    rsa::RsaPrivateKey,
};

use crate::{
    stand::{MOTHER, SECOND_STATE, Stand, start},
    wire::{Form, Reply},
};

const AUTHORIZE: &str = "/aas/oauth2/ac";
const TOKEN: &str = "/aas/oauth2/te";
const FIELDS: [&str; 4] = ["scope", "timestamp", "client_id", "state"];

fn rsa_key() -> RsaPrivateKey {
    RsaPrivateKey::from_pem(include_str!("../keys/rsa.pem")).unwrap()
}

fn rsa_certificate() -> Certificate {
    Certificate::from_pem(include_str!("../keys/rsa-certificate.pem")).unwrap()
}

fn signed_over(form: Form, key: SigningKey<'_>, of: &Certificate, fields: &[&str]) -> Form {
    let message: String = fields.iter().map(|field| form.get(field)).collect();
    let der = cms::sign(key, of, message.as_bytes(), start()).unwrap();
    form.set("client_secret", &URL_SAFE_NO_PAD.encode(der))
}

/// Signed by `TEST`'s ГОСТ key.
fn signed(stand: &Stand, form: Form) -> Form {
    let key = SigningKey::Gost(&stand.test.key);
    signed_over(form, key, &stand.test.certificate, &FIELDS)
}

/// As at today's interface, but for the certificate, which comes within the CMS.
fn sign_in_form(stand: &Stand) -> Form {
    let form = stand.sign_in_form().set("access_type", "offline");
    form.without("client_certificate_hash").without("scope_org")
}

fn token_form(stand: &Stand, code: &str) -> Form {
    stand.token_form(code).without("client_certificate_hash")
}

async fn authorize(stand: &Stand, form: &Form) -> Reply {
    stand.get(&format!("{AUTHORIZE}?{}", form.encoded()), &[]).await
}

async fn code(stand: &Stand, form: &Form) -> String {
    let page = authorize(stand, form).await.location.unwrap();
    stand.choose(&page, MOTHER).await.brings("code").unwrap()
}

fn description(reply: &Reply) -> String {
    match reply.location {
        Some(_) => reply.brings("error_description").unwrap_or_default(),
        None => reply.json()["error_description"].as_str().unwrap_or_default().to_owned(),
    }
}

#[tokio::test]
async fn a_sign_in_goes_through_and_is_refreshed() {
    let stand = Stand::open().await;
    let code = code(&stand, &signed(&stand, sign_in_form(&stand))).await;
    let form = signed(&stand, token_form(&stand, &code));
    let tokens = stand.post(TOKEN, &[], &form).await.json();
    assert_eq!(tokens["state"], SECOND_STATE);
    let access = tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}"));
    assert_eq!(stand.data(&format!("/rs/prns/{MOTHER}"), access).await.status, 200);
    let id = crate::tokens::claims(tokens["id_token"].as_str().unwrap());
    assert_eq!((&id["sub"], &id["aud"]), (&MOTHER.into(), &"TEST".into()));

    let form = token_form(&stand, "")
        .without("code")
        .set("grant_type", "refresh_token")
        .set("refresh_token", tokens["refresh_token"].as_str().unwrap());
    let again = stand.post(TOKEN, &[], &signed(&stand, form)).await;
    assert_eq!(again.status, 200, "{again:?}");
}

#[tokio::test]
async fn a_code_and_a_refresh_token_are_good_where_they_were_given() {
    let stand = Stand::open().await;
    let check = || stand.emulator.refusals()[0].check;
    let today = signed(&stand, token_form(&stand, &stand.code(MOTHER).await));
    let reply = stand.post(TOKEN, &[], &today).await;
    assert!(description(&reply).starts_with("ESIA-007011"), "{reply:?}");
    assert_eq!(check(), "code_interface");

    let code = code(&stand, &signed(&stand, sign_in_form(&stand))).await;
    let reply = stand.exchange(&stand.token_form(&code).signed(&stand.test.key)).await;
    assert!(description(&reply).starts_with("ESIA-007011"), "{reply:?}");
    assert_eq!(check(), "code_interface");

    let form = signed(&stand, token_form(&stand, &code));
    let tokens = stand.post(TOKEN, &[], &form).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap_or_else(|| panic!("{tokens}"));
    let form = token_form(&stand, "")
        .without("code")
        .without("redirect_uri")
        .set("grant_type", "refresh_token")
        .set("refresh_token", refresh);
    let fields = ["client_id", "scope", "timestamp", "state", "refresh_token"];
    let reply = stand.exchange(&form.clone().signed_over(&stand.test.key, &fields)).await;
    assert!(description(&reply).starts_with("ESIA-007011"), "{reply:?}");
    assert_eq!(check(), "refresh_interface");
    let reply = stand.post(TOKEN, &[], &signed(&stand, form)).await;
    assert_eq!(reply.status, 200, "it is still good where it was given: {reply:?}");
}

#[tokio::test]
async fn a_certificate_of_rsa_signs_too() {
    let stand = Stand::with(|settings| settings.clients[0].certificate = rsa_certificate()).await;
    let key = rsa_key();
    let by_rsa = |form| signed_over(form, SigningKey::Rsa(&key), &rsa_certificate(), &FIELDS);
    let code = code(&stand, &by_rsa(sign_in_form(&stand))).await;
    let reply = stand.post(TOKEN, &[], &by_rsa(token_form(&stand, &code))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let wrong = by_rsa(sign_in_form(&stand)).set("state", SECOND_STATE);
    assert!(description(&authorize(&stand, &wrong).await).starts_with("ESIA-007053"));
    let told = &stand.emulator.refusals()[0];
    let must = told.must_sign.as_ref().unwrap();
    assert_eq!((told.check, must.digest_name), ("cms_digest", "SHA-256"));
    assert_eq!(ClientSystem::new("B", rsa_certificate(), ["a"]).interfaces, [Interface::Legacy]);
    // the same certificate signs nothing at today's interface
    let form = stand.sign_in_form().set("client_certificate_hash", &rsa_certificate().hash());
    let reply = stand.authorize(&form.signed(&stand.test.key), "").await;
    assert!(description(&reply).starts_with("ESIA-007053"));
    assert_eq!(stand.emulator.refusals()[0].check, "secret_key");
}

#[tokio::test]
async fn a_wrong_signature_is_refused_and_explained() {
    let stand = Stand::open().await;
    let (test, other) = (&stand.test, &stand.other);
    let form = sign_in_form(&stand);
    let right = signed(&stand, form.clone());
    let der = URL_SAFE_NO_PAD.decode(right.get("client_secret")).unwrap();
    let secret = |der: &[u8]| right.clone().set("client_secret", &URL_SAFE_NO_PAD.encode(der));
    let foreign = SigningKey::Gost(&other.key);
    let own = SigningKey::Gost(&test.key);
    let of_today = ["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri"];
    let mut changed = der.clone();
    *changed.last_mut().unwrap() ^= 1;
    for (form, code, check) in [
        (
            signed_over(form.clone(), foreign, &other.certificate, &FIELDS),
            "ESIA-007002",
            "cms_certificate_foreign",
        ),
        (
            signed_over(form.clone(), foreign, &test.certificate, &FIELDS),
            "ESIA-007053",
            "cms_signature",
        ),
        (secret(&changed), "ESIA-007053", "cms_signature"),
        (signed_over(form.clone(), own, &test.certificate, &of_today), "ESIA-007053", "cms_digest"),
        (right.clone().set("state", SECOND_STATE), "ESIA-007053", "cms_digest"),
        (secret(&der[..der.len() - 1]), "ESIA-007053", "cms_malformed"),
        (secret(&[&der[..], b"\0"].concat()), "ESIA-007053", "cms_trailing_bytes"),
        (form.clone().signed_over(&test.key, &FIELDS), "ESIA-007053", "cms_malformed"),
        (form.clone().set("client_secret", "?"), "ESIA-007053", "secret_form"),
        (
            signed(&stand, form.clone().set("timestamp", &stand.timestamp(301))),
            "ESIA-007015",
            "timestamp_far",
        ),
    ] {
        let reply = authorize(&stand, &form).await;
        assert!(description(&reply).starts_with(code), "{check}: {reply:?}");
        let told = &stand.emulator.refusals()[0];
        assert_eq!((told.check, told.endpoint), (check, AUTHORIZE));
        let must = told.must_sign.as_ref().map(|must| must.text.clone());
        let message: String = FIELDS.iter().map(|field| form.get(field)).collect();
        assert_eq!(must, (check != "timestamp_far").then_some(message), "{check}");
    }
    assert!(authorize(&stand, &right).await.location.unwrap().starts_with("/login/"));
}

#[tokio::test]
async fn what_only_todays_interface_has_is_not_there() {
    let stand = Stand::with(|settings| {
        settings.clients[0].client_credentials = true;
        settings.clients[0].refresh_form = RefreshForm::WithToken;
    })
    .await;
    let form = token_form(&stand, "").set("grant_type", "client_credentials");
    let reply = stand.post(TOKEN, &[], &signed(&stand, form)).await;
    assert!(description(&reply).starts_with("ESIA-007012"), "{reply:?}");
    let new_alone =
        Stand::with(|settings| settings.clients[0].interfaces = vec![Interface::V3]).await;
    let reply = authorize(&new_alone, &signed(&new_alone, sign_in_form(&new_alone))).await;
    assert!(description(&reply).starts_with("ESIA-007005"), "{reply:?}");
}
