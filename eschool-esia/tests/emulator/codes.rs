//! Every code of ЕСИА that the emulator gives, reached as its documentation says.

use std::collections::BTreeSet;

use eschool_esia::emulator::{
    FaultyEndpoint, InjectedFault, Injection, Interface, PkceRule, RefusalCode,
};

use crate::{
    stand::{DAUGHTER, FATHER, MOTHER, NOBODY_KNOWS, Stand},
    wire::{Form, Reply},
};

/// The code in the answer: on a page, in the address somebody is sent to, or in JSON.
fn code(reply: &Reply) -> String {
    let description = match reply.location {
        Some(_) => reply.brings("error_description").unwrap_or_default(),
        None if reply.kind.starts_with("application/json") => {
            reply.json()["error_description"].as_str().unwrap_or_default().to_owned()
        }
        None => reply.body.clone(),
    };
    let (_, rest) = description.split_once("ESIA-").unwrap_or_else(|| panic!("{reply:?}"));
    format!("ESIA-{}", rest.split(':').next().unwrap())
}

/// With the client `TEST` changed, and the third person (the father, not confirmed) and the fourth
/// (the daughter) as the codes need them.
async fn stand(change: impl FnOnce(&mut eschool_esia::emulator::ClientSystem)) -> Stand {
    Stand::with(|settings| {
        change(&mut settings.clients[0]);
        settings.people[3].parent_consent = false;
        settings.people[0].second_factor = false;
    })
    .await
}

/// What a right request for a sign-in with these changes is answered, or what the person is who then
/// is chosen.
async fn signing_in(stand: &Stand, changes: &[(&str, &str)], oid: u64) -> Reply {
    let form = changes.iter().fold(stand.sign_in_form(), |form, (name, value)| match *value {
        "-" => form.without(name),
        value => form.set(name, value),
    });
    let reply = stand.authorize(&form.signed(&stand.test.key), "").await;
    match reply.location.clone().filter(|to| to.starts_with("/login/")) {
        Some(page) => stand.choose(&page, oid).await,
        None => reply,
    }
}

async fn exchanging(stand: &Stand, changes: &[(&str, &str)]) -> Reply {
    let right = stand.token_form(&stand.code(NOBODY_KNOWS).await);
    let form = changes.iter().fold(right, |form, (name, value)| match *value {
        "-" => form.without(name),
        value => form.set(name, value),
    });
    stand.exchange(&form.signed(&stand.test.key)).await
}

const KID: &str = "YWNjX2tpZA==";
const NOT_KID: &str = "YWNjX25vdF9raWQ=";
const CONFIRMED: &str = "Y29uZl9hY2M=";

#[tokio::test]
async fn every_code_is_reached_by_a_request() {
    let usual = stand(|_| {}).await;
    let mut reached = BTreeSet::new();
    // at the sign-in
    for (changes, oid, expected) in [
        (&[("client_id", "NOBODY")][..], MOTHER, "ESIA-007002"),
        (&[("state", "1")], MOTHER, "ESIA-007003"),
        (&[("person_filter", "conf_acc")], MOTHER, "ESIA-007003"),
        (&[("scope", "openid usr_org")], MOTHER, "ESIA-007006"),
        (&[("response_type", "token")], MOTHER, "ESIA-007009"),
        (&[("scope", "-")], MOTHER, "ESIA-007013"),
        (&[("access_type", "-")], MOTHER, "ESIA-007014"),
        (&[("timestamp", "2026.09.01 08:00:00 +0300")], MOTHER, "ESIA-007015"),
        (&[("redirect_uri", "https://evil.example/")], MOTHER, "ESIA-007023"),
        (&[("code_challenge_method", "S256")], MOTHER, "ESIA-007039"),
        (&[("client_certificate_hash", "00")], MOTHER, "ESIA-007053"),
        (&[("person_filter", CONFIRMED)], FATHER, "ESIA-007055"),
        (&[("person_filter", KID)], MOTHER, "ESIA-007019"),
        (&[("person_filter", NOT_KID)], DAUGHTER, "ESIA-007019"),
        (&[], DAUGHTER, "ESIA-036700"),
    ] {
        let reply = signing_in(&usual, changes, oid).await;
        assert_eq!(code(&reply), expected, "{changes:?}");
        reached.insert(code(&reply));
    }
    // at the token
    for (changes, expected) in [
        (&[("code", "unknown")][..], "ESIA-007011"),
        (&[("grant_type", "password")], "ESIA-007012"),
        (&[("grant_type", "client_credentials")], "ESIA-007005"),
        (&[("code_verifier", "unasked")], "ESIA-007039"),
    ] {
        let reply = exchanging(&usual, changes).await;
        assert_eq!((reply.status, code(&reply).as_str()), (400, expected), "{changes:?}");
        reached.insert(code(&reply));
    }
    // as the client is registered
    for (client, changes, oid, expected) in [
        (
            stand(|client| client.interfaces = vec![Interface::Legacy]).await,
            &[][..],
            MOTHER,
            "ESIA-007005",
        ),
        (
            stand(|client| client.offline = false).await,
            &[("access_type", "offline")],
            MOTHER,
            "ESIA-007019",
        ),
        (stand(|client| client.pkce = PkceRule::Required).await, &[], MOTHER, "ESIA-007039"),
        (stand(|client| client.second_factor = true).await, &[], MOTHER, "ESIA-007046"),
        (stand(|client| client.confirmed_only = true).await, &[], FATHER, "ESIA-007055"),
        (stand(|client| client.closed = true).await, &[], MOTHER, "ESIA-008010"),
    ] {
        let reply = signing_in(&client, changes, oid).await;
        assert_eq!(code(&reply), expected);
        reached.insert(code(&reply));
    }
    // by the person, and by PKCE
    let page = usual.waiting().await;
    reached.insert(code(&usual.post(&format!("{page}/refuse"), &[], &Form::new([])).await));
    let challenged = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let granted = signing_in(&usual, &challenged, MOTHER).await.brings("code").unwrap();
    let form = usual.token_form(&granted).signed(&usual.test.key);
    reached.insert(code(&usual.exchange(&form).await));

    let by_request: BTreeSet<_> = RefusalCode::ALL.iter().map(ToString::to_string).collect();
    let on_demand = BTreeSet::from(["ESIA-007007".to_owned(), "ESIA-007008".to_owned()]);
    assert_eq!(&by_request - &reached, on_demand);
}

#[tokio::test]
async fn whom_a_rule_is_not_about_it_lets_pass() {
    let challenged = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let usual = Stand::open().await;
    let changed = async |change: fn(&mut eschool_esia::emulator::ClientSystem)| {
        Stand::with(|settings| change(&mut settings.clients[0])).await
    };
    let second = changed(|client| client.second_factor = true).await;
    let confirmed = changed(|client| client.confirmed_only = true).await;
    let pkce = changed(|client| client.pkce = PkceRule::Required).await;
    for (stand, changes, oid) in [
        (&usual, &[("person_filter", KID)][..], DAUGHTER),
        (&usual, &[("person_filter", CONFIRMED)], MOTHER),
        (&usual, &[("person_filter", NOT_KID)], FATHER),
        (&usual, &[("access_type", "offline")], FATHER),
        (&second, &[], MOTHER),
        (&confirmed, &[], MOTHER),
        (&pkce, &challenged, MOTHER),
    ] {
        let reply = signing_in(stand, changes, oid).await;
        assert!(reply.brings("code").is_some(), "{changes:?}: {reply:?}");
    }
}

#[tokio::test]
async fn who_may_not_sign_people_in_gets_no_tokens() {
    for (stand, expected) in [
        (stand(|client| client.closed = true).await, "ESIA-008010"),
        (stand(|client| client.interfaces = vec![Interface::Legacy]).await, "ESIA-007005"),
    ] {
        let reply = stand.exchange(&stand.token_form("any").signed(&stand.test.key)).await;
        assert_eq!((reply.status, code(&reply).as_str()), (400, expected));
    }
}

#[tokio::test]
async fn every_code_is_reached_on_demand() {
    let stand = stand(|_| {}).await;
    let (sign_in, token) = (
        stand.sign_in_form().signed(&stand.test.key),
        stand.token_form(&stand.code(MOTHER).await).signed(&stand.test.key),
    );
    let further = RefusalCode::parse("ESIA-036707").unwrap();
    for refusal in RefusalCode::ALL.into_iter().chain([further]) {
        let once = Injection::new(InjectedFault::Refuse(refusal)).times(1);
        stand.emulator.inject(once.at(FaultyEndpoint::Authorize)).unwrap();
        assert_eq!(code(&stand.authorize(&sign_in, "").await), refusal.to_string());
        stand.emulator.inject(once.at(FaultyEndpoint::Token)).unwrap();
        let reply = stand.exchange(&token).await;
        assert_eq!((reply.status, code(&reply)), (400, refusal.to_string()));
        assert_eq!(reply.json()["error"], refusal.error());
        assert_eq!(reply.json()["state"], token.get("state"));
    }
    assert_eq!(stand.exchange(&token).await.status, 200, "the code was not used up");
}

#[test]
fn the_documentation_names_every_code() {
    let (module, readme) =
        (include_str!("../../src/emulator/mod.rs"), include_str!("../../README.md"));
    for code in RefusalCode::ALL {
        assert!(module.contains(&format!("//! | {code} | ")), "{code}");
        assert!(readme.contains(&format!("\n| {code} | ")), "{code}");
    }
}
