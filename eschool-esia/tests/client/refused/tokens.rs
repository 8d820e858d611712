//! Bad tokens: what is wrong with each, and the code of its refusal.

use chrono::{DateTime, TimeDelta, Utc};
use eschool_esia::client::{EsiaSettings, TokenKey};
use serde_json::{Value, json};

use super::Case;
use crate::scene::{
    ESIA_GOST_KEY, FOREIGN_KEY, GOST_KEY, NEXT_KEY, OID, Plan, Scene, SignedBy, gost_pem, merge,
    now,
};

/// A token with the bytes of one part changed in the middle, still in its alphabet.
fn tamper(token: &str, part: usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(String::from).collect();
    let middle = parts[part].len() / 2;
    let other = if &parts[part][middle..=middle] == "A" { "B" } else { "A" };
    parts[part].replace_range(middle..=middle, other);
    parts.join(".")
}

/// A header that names a key, under the signature of the one without.
fn swap_header(token: &str) -> String {
    let mut other = Scene::good().id;
    merge(&mut other.header, json!({"kid": "1"}));
    let (other, token): (String, Vec<&str>) = (other.token(), token.split('.').collect());
    [other.split('.').next().unwrap(), token[1], token[2]].join(".")
}

/// Another person's payload under the signature of this one's.
fn swap_payload(token: &str) -> String {
    let mut other = Scene::good().id;
    merge(&mut other.claims, json!({"sub": 1}));
    let (other, token): (String, Vec<&str>) = (other.token(), token.split('.').collect());
    [token[0], other.split('.').nth(1).unwrap(), token[2]].join(".")
}

fn claim(plan: &mut Plan, fields: Value) {
    merge(&mut plan.claims, fields);
}

fn seconds(from_now: i64) -> i64 {
    (now() + TimeDelta::seconds(from_now)).timestamp()
}

/// RSA and ГОСТ keys side by side, as while a registration is changed.
fn with_gost(settings: &mut EsiaSettings) {
    settings.token_keys.push(TokenKey::new(gost_pem(&ESIA_GOST_KEY)));
}

pub(super) const BAD_TOKENS: [Case; 68] = [
    ("tampered header", "esia_token_signature", |s| s.id.spoil = |token| swap_header(&token)),
    ("tampered payload", "esia_token_signature", |s| s.id.spoil = |token| swap_payload(&token)),
    ("tampered signature", "esia_token_signature", |s| s.id.spoil = |token| tamper(&token, 2)),
    ("empty signature", "esia_token_signature", |s| s.id.by = SignedBy::Nobody),
    ("foreign key", "esia_token_signature", |s| s.id.by = SignedBy::Rsa(&FOREIGN_KEY)),
    ("foreign iss", "esia_token_issuer", |s| claim(&mut s.id, json!({"iss": "http://evil/"}))),
    ("iss without its slash", "esia_token_issuer", |s| {
        claim(&mut s.id, json!({"iss": "http://esia.example"}));
    }),
    ("no iss", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"iss": null}))),
    ("foreign aud", "esia_token_audience", |s| claim(&mut s.id, json!({"aud": "OTHER"}))),
    ("aud of two", "esia_token_audience", |s| {
        claim(&mut s.id, json!({"aud": ["PORTAL62", "OTHER"]}));
    }),
    ("empty aud", "esia_token_audience", |s| claim(&mut s.id, json!({"aud": []}))),
    ("no aud", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"aud": null}))),
    ("expired", "esia_token_expired", |s| claim(&mut s.id, json!({"exp": seconds(-60)}))),
    ("no nbf", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"nbf": null}))),
    ("no iat", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"iat": null}))),
    ("of an earlier sign-in", "esia_token_reused", |s| {
        claim(&mut s.id, json!({"iat": seconds(-61), "nbf": seconds(-61)}));
    }),
    ("no exp", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"exp": null}))),
    ("exp no number", "esia_token_malformed", |s| claim(&mut s.id, json!({"exp": "soon"}))),
    ("exp beyond all time", "esia_token_malformed", |s| claim(&mut s.id, json!({"exp": 1e300}))),
    ("exp at the first instant of the calendar", "esia_token_expired", |s| {
        claim(&mut s.id, json!({"exp": DateTime::<Utc>::MIN_UTC.timestamp()}));
    }),
    ("nbf at the last instant of the calendar", "esia_token_not_yet_valid", |s| {
        claim(&mut s.id, json!({"nbf": DateTime::<Utc>::MAX_UTC.timestamp()}));
    }),
    ("iat at the last instant of the calendar", "esia_token_issued_in_future", |s| {
        claim(&mut s.id, json!({"iat": DateTime::<Utc>::MAX_UTC.timestamp()}));
    }),
    ("not yet valid", "esia_token_not_yet_valid", |s| {
        claim(&mut s.id, json!({"nbf": seconds(61)}))
    }),
    ("iat in the future", "esia_token_issued_in_future", |s| {
        claim(&mut s.id, json!({"iat": seconds(61)}));
    }),
    ("alg none", "esia_token_algorithm", |s| {
        merge(&mut s.id.header, json!({"alg": "none"}));
        s.id.by = SignedBy::Nobody;
    }),
    ("HS256 keyed with the public key", "esia_token_algorithm", |s| {
        merge(&mut s.id.header, json!({"alg": "HS256"}));
        s.id.by = SignedBy::HmacOfPublicKey;
    }),
    ("the same called RS256", "esia_token_signature", |s| s.id.by = SignedBy::HmacOfPublicKey),
    ("RS512", "esia_token_algorithm", |s| merge(&mut s.id.header, json!({"alg": "RS512"}))),
    ("ГОСТ without a ГОСТ key", "esia_token_algorithm_gost", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.id.by = SignedBy::Gost(&ESIA_GOST_KEY);
    }),
    ("RS256 without an RSA key", "esia_token_algorithm_rsa", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys = vec![TokenKey::new(gost_pem(&ESIA_GOST_KEY))];
        });
    }),
    ("ГОСТ that says RS256", "esia_token_signature", |s| {
        s.id.by = SignedBy::Gost(&ESIA_GOST_KEY);
        s.settings = Box::new(with_gost);
    }),
    ("RS256 that says ГОСТ", "esia_token_signature", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.settings = Box::new(with_gost);
    }),
    ("a foreign ГОСТ key", "esia_token_signature", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.id.by = SignedBy::Gost(&GOST_KEY);
        s.settings = Box::new(with_gost);
    }),
    ("ГОСТ backwards where it is not set so", "esia_token_signature", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.id.by = SignedBy::GostReversed(&ESIA_GOST_KEY);
        s.settings = Box::new(with_gost);
    }),
    ("ГОСТ by the name of the standard of 2001", "esia_token_algorithm", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410"}));
        s.settings = Box::new(with_gost);
    }),
    ("no alg", "esia_token_malformed", |s| merge(&mut s.id.header, json!({"alg": null}))),
    ("an unknown extension", "esia_token_malformed", |s| {
        merge(&mut s.id.header, json!({"crit": ["exp"]}));
    }),
    ("an extension of no name", "esia_token_malformed", |s| {
        merge(&mut s.id.header, json!({"crit": []}));
    }),
    ("a name that stands twice", "esia_token_malformed", |s| {
        s.id.rewrite = |json| json.replacen("\"sub\":", "\"sub\":1,\"sub\":", 1);
    }),
    ("an algorithm that stands twice", "esia_token_malformed", |s| {
        s.id.rewrite = |json| json.replacen("\"alg\":", "\"alg\":\"none\",\"alg\":", 1);
    }),
    ("a name that stands twice deep inside", "esia_token_malformed", |s| {
        s.id.rewrite = |json| {
            json.replacen(
                "\"urn:esia:sbj:lvl\":",
                "\"urn:esia:sbj:lvl\":\"P\",\"urn:esia:sbj:lvl\":",
                1,
            )
        };
    }),
    ("a kind that is none", "esia_token_malformed", |s| {
        merge(&mut s.id.header, json!({"sbt": ["id"]}));
    }),
    ("no kind", "esia_token_kind", |s| merge(&mut s.id.header, json!({"sbt": null}))),
    ("the whole access token in place of the id_token", "esia_token_kind", |s| {
        s.answer = |a| a["id_token"] = a["access_token"].clone();
    }),
    ("the code in place of the id_token", "esia_token_kind", |s| {
        merge(&mut s.id.header, json!({"ver": 1, "sbt": "authorization_code"}));
    }),
    ("the whole id_token in place of the access token", "esia_token_kind", |s| {
        s.answer = |a| a["access_token"] = a["id_token"].clone();
    }),
    ("access token in place of id_token", "esia_token_kind", |s| {
        merge(&mut s.id.header, json!({"sbt": "access"}));
    }),
    ("id_token in place of access token", "esia_token_kind", |s| {
        merge(&mut s.access.header, json!({"sbt": "id"}));
    }),
    ("truncated", "esia_token_malformed", |s| {
        s.id.spoil = |token| token.rsplit_once('.').unwrap().0.into();
    }),
    ("four parts", "esia_token_malformed", |s| s.id.spoil = |token| token + ".e30"),
    ("not base64", "esia_token_malformed", |s| s.id.spoil = |token| token.replacen("ey", "é%", 1)),
    ("payload is an array", "esia_token_malformed", |s| s.id.claims = json!([OID, "PORTAL62"])),
    ("100 kB token", "esia_token_too_long", |s| {
        claim(&mut s.id, json!({"urn:esia:new": "x".repeat(100_000)}));
    }),
    ("no sub", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"sub": null}))),
    ("sub that would change the address", "esia_token_malformed", |s| {
        claim(&mut s.id, json!({"sub": "1/../2"}));
    }),
    ("two subjects", "esia_token_subjects_differ", |s| claim(&mut s.id, json!({"sub": 1}))),
    ("access token of somebody else", "esia_tokens_differ", |s| {
        claim(&mut s.access, json!({"urn:esia:sbj_id": 1}));
    }),
    ("access token of nobody", "esia_token_claim_missing", |s| {
        claim(&mut s.access, json!({"urn:esia:sbj_id": null}));
    }),
    ("access token for another system", "esia_token_audience", |s| {
        claim(&mut s.access, json!({"client_id": "OTHER"}));
    }),
    ("access token for no system", "esia_token_claim_missing", |s| {
        claim(&mut s.access, json!({"client_id": null}));
    }),
    ("access token that does not say its kind", "esia_token_kind", |s| {
        merge(&mut s.access.header, json!({"sbt": null}));
    }),
    ("access token without a signature", "esia_token_signature", |s| {
        s.access.by = SignedBy::Nobody;
    }),
    ("truncated access token", "esia_token_malformed", |s| {
        s.access.spoil = |token| token.rsplit_once('.').unwrap().0.into();
    }),
    ("access token of four parts", "esia_token_malformed", |s| {
        s.access.spoil = |token| token + ".e30";
    }),
    ("access token of one part", "esia_token_malformed", |s| {
        s.access.spoil = |_| "opaque-1".into();
    }),
    ("access token by a foreign key", "esia_token_signature", |s| {
        s.access.by = SignedBy::Rsa(&FOREIGN_KEY);
    }),
    ("access token of an earlier sign-in", "esia_token_reused", |s| {
        claim(&mut s.access, json!({"iat": seconds(-61)}));
    }),
    ("expired access token", "esia_token_expired", |s| {
        claim(&mut s.access, json!({"exp": seconds(-60)}));
    }),
];

pub(super) const BAD_KEYS: [Case; 3] = [
    ("keys that ended", "esia_token_keys_ended", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys[0].not_after = Some(now() - TimeDelta::days(1))
        });
    }),
    ("keys that have not begun", "esia_token_keys_not_yet_valid", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys[0].not_before = Some(now() + TimeDelta::days(1));
        });
    }),
    ("the right key, ended, beside another", "esia_token_signature", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys[0].not_after = Some(now() - TimeDelta::days(1));
            settings.token_keys.push(TokenKey::new(NEXT_KEY.pem()));
        });
    }),
];
