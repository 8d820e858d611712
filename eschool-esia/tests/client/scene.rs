//! A sign-in that goes well unless a test spoils a part of it.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicBool, Ordering},
};

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::signin::EsiaPerson;
use eschool_esia::{
    ambient::{Ambient, Clock},
    client::{Callback, Endpoints, EsiaClient, EsiaError, EsiaSettings, SettingsError, TokenKey},
    gost::{Certificate, Curve, PrivateKey},
    signer::GostSigner,
};
use serde_json::{Value, json};

use crate::server::{Reply, Seen, Server};

pub(crate) const OID: u64 = 1_000_299_353;
pub(crate) const ISSUER: &str = "http://esia.example/";
pub(crate) const CLIENT: &str = "PORTAL62";
pub(crate) const CODE: &str = "eyJ2ZXIiOjF9.e30.c2ln";

pub(crate) fn now() -> DateTime<Utc> {
    "2026-01-15T09:00:00Z".parse().unwrap()
}

/// A pair of RSA keys; making one takes a while, so each is made once.
pub(crate) struct Rsa(KeyPair);

pub(crate) static ESIA_KEY: LazyLock<Rsa> = LazyLock::new(Rsa::generate);
pub(crate) static NEXT_KEY: LazyLock<Rsa> = LazyLock::new(Rsa::generate);
pub(crate) static FOREIGN_KEY: LazyLock<Rsa> = LazyLock::new(Rsa::generate);

impl Rsa {
    fn generate() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().unwrap();
        public_key_pem(der.as_ref())
    }

    /// The public key as a gateway publishes it.
    pub(crate) fn jwk(&self, id: &str) -> Value {
        // RSAPublicKey of 2048 bits: the modulus stands after two headers and a zero, and what
        // follows is 65537.
        let der: &[u8] = self.0.public_key().as_ref();
        let modulus = BASE64_URL_SAFE_NO_PAD.encode(&der[9..9 + 256]);
        json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": modulus, "e": "AQAB"})
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        self.0.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
        signature
    }
}

pub(crate) fn public_key_pem(der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    let label = "PUBLIC KEY";
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// How a token is signed.
#[derive(Clone, Copy)]
pub(crate) enum SignedBy {
    Rsa(&'static LazyLock<Rsa>),
    /// HMAC with the text of the public key, which a careless verifier takes for the secret.
    HmacOfPublicKey,
    HmacOf(&'static str),
    Gost(&'static LazyLock<PrivateKey>),
    GostReversed(&'static LazyLock<PrivateKey>),
    Nobody,
}

/// A token to be made.
pub(crate) struct Plan {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) by: SignedBy,
    /// Rewrites header and claims as JSON before they are signed.
    pub(crate) rewrite: fn(String) -> String,
    /// What happens to it after it was signed.
    pub(crate) spoil: fn(String) -> String,
}

impl Plan {
    pub(crate) fn new(header: Value, claims: Value) -> Self {
        let by = SignedBy::Rsa(&ESIA_KEY);
        Self { header, claims, by, rewrite: |json| json, spoil: |token| token }
    }

    pub(crate) fn token(&self) -> String {
        self.filled(&[])
    }

    /// The token with texts in the claims put in the place of others.
    pub(crate) fn filled(&self, texts: &[(&str, &str)]) -> String {
        let claims = texts
            .iter()
            .fold(self.claims.to_string(), |claims, (from, to)| claims.replace(from, to));
        let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let header = part((self.rewrite)(self.header.to_string()).as_bytes());
        let signed = format!("{header}.{}", part((self.rewrite)(claims).as_bytes()));
        let signature = match self.by {
            SignedBy::Rsa(key) => key.sign(signed.as_bytes()),
            SignedBy::HmacOfPublicKey => hmac(ESIA_KEY.pem().as_bytes(), &signed),
            SignedBy::HmacOf(secret) => hmac(secret.as_bytes(), &signed),
            SignedBy::Gost(key) => key.sign(signed.as_bytes()).as_bytes().to_vec(),
            SignedBy::GostReversed(key) => {
                key.sign(signed.as_bytes()).reversed().as_bytes().to_vec()
            }
            SignedBy::Nobody => vec![],
        };
        (self.spoil)(format!("{signed}.{}", part(&signature)))
    }
}

fn hmac(secret: &[u8], signed: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
}

/// Everything ЕСИА says in one sign-in, and how this system is set up for it.
pub(crate) struct Scene {
    pub(crate) id: Plan,
    pub(crate) access: Plan,
    /// Changes the answer with the tokens.
    pub(crate) answer: fn(&mut Value),
    /// Goes in the place of the answer with the tokens.
    pub(crate) instead: Option<Reply>,
    pub(crate) person: Reply,
    pub(crate) contacts: Reply,
    pub(crate) children: Reply,
    /// What lies below `/rs` besides, by path.
    pub(crate) linked: Vec<(&'static str, Reply)>,
    /// `Date` of the answer with the tokens.
    pub(crate) date: Option<&'static str>,
    pub(crate) settings: Box<dyn FnOnce(&mut EsiaSettings)>,
    /// Changes what the browser brings back.
    pub(crate) callback: fn(String) -> String,
}

impl Scene {
    pub(crate) fn good() -> Self {
        let at = |seconds: i64| (now() + TimeDelta::seconds(seconds)).timestamp();
        let id = json!({
            "aud": CLIENT, "sub": OID, "iss": ISSUER,
            "nbf": at(0), "iat": at(0), "exp": at(10_800), "auth_time": at(-5),
            "amr": "PWD", "urn:esia:sid": "a7c1", "urn:esia:amd": "PWD",
            "urn:esia:sbj": {
                "urn:esia:sbj:typ": "P", "urn:esia:sbj:is_tru": true, "urn:esia:sbj:oid": OID,
                "urn:esia:sbj:nam": "OID.1000299353", "urn:esia:sbj:lvl": "PR",
            },
        });
        let access = json!({
            "nbf": at(0), "iat": at(0), "exp": at(3600), "iss": ISSUER, "client_id": CLIENT,
            "scope": "openid fullname?oid=1000299353", "urn:esia:sid": "a7c1",
            "urn:esia:sbj_id": OID,
        });
        Self {
            id: Plan::new(json!({"ver": 0, "typ": "JWT", "sbt": "id", "alg": "RS256"}), id),
            access: Plan::new(
                json!({"ver": 1, "typ": "JWT", "sbt": "access", "alg": "RS256"}),
                access,
            ),
            answer: |_| (),
            instead: None,
            person: Reply::json(200, Self::person()),
            contacts: Reply::json(
                200,
                json!({"stateFacts": ["hasSize"], "size": 3, "elements": [
                    {"type": "PHN", "vrfStu": "NOT_VERIFIED", "value": "+7(491)2253311"},
                    {"type": "MBT", "vrfStu": "VERIFIED", "value": "+7(912)3456789"},
                    {"type": "EML", "vrfStu": "VERIFIED", "value": "anna@example.ru"},
                ]}),
            ),
            children: Reply::json(200, json!({"elements": []})),
            linked: Vec::new(),
            date: None,
            settings: Box::new(|_| ()),
            callback: |query| query,
        }
    }

    /// What `/rs/prns/{oid}` says when all is well.
    pub(crate) fn person() -> Value {
        json!({
            "lastName": "Ёлкина", "firstName": "Анна", "middleName": "Олеговна",
            "birthDate": "26.05.2000", "gender": "F", "trusted": true, "citizenship": "RUS",
            "snils": "000-000-600 06", "updatedOn": 1_725_181_200, "status": "REGISTERED",
            "verifying": false, "eTag": "9A1F",
        })
    }

    /// The good person with these fields changed.
    pub(crate) fn person_with(fields: Value) -> Reply {
        let mut person = Self::person();
        merge(&mut person, fields);
        Reply::json(200, person)
    }

    pub(crate) async fn play(self) -> Played {
        let (id, access) = (self.id.token(), self.access.token());
        let (answer, instead) = (self.answer, self.instead);
        let (person, contacts, children) = (self.person, self.contacts, self.children);
        let (linked, date) = (self.linked, self.date);
        let server =
            Server::run(move |request: &Seen| {
                let path = request.target.split('?').next().unwrap_or_default();
                match path {
                "/aas/oauth2/v3/te" => dated(date, instead.clone().unwrap_or_else(|| {
                    let mut whole = json!({
                        "access_token": access, "id_token": id, "state": request.form["state"],
                        "token_type": "Bearer", "expires_in": 3600,
                    });
                    answer(&mut whole);
                    Reply::json(200, whole)
                })),
                "/rs/prns/1000299353" => person.clone(),
                "/rs/prns/1000299353/ctts" => at_home(request, &contacts),
                "/rs/prns/1000299353/kids" => at_home(request, &children),
                other => {
                    let found = linked.iter().find(|(path, _)| *path == other);
                    found.unwrap_or_else(|| panic!("nobody should ask for {other}")).1.clone()
                }
            }
            })
            .await;
        let mut settings = settings(Endpoints::at(&server.base));
        (self.settings)(&mut settings);
        // The program has been running for a year: keys may have ended meanwhile.
        let running = Arc::new(AtomicBool::new(false));
        let begun = Arc::clone(&running);
        let clock = move || {
            if begun.load(Ordering::Relaxed) { now() } else { now() - TimeDelta::days(365) }
        };
        let client = client_by(Arc::new(clock), settings).unwrap();
        running.store(true, Ordering::Relaxed);
        let result = sign_in_with(&client, self.callback).await;
        Played { result, server }
    }
}

/// The answer with this `Date`.
fn dated(date: Option<&str>, reply: Reply) -> Reply {
    date.map_or(reply.clone(), |date| reply.with(&format!("Date: {date}")))
}

/// The answer with the server's own address in the place of `@`.
fn at_home(request: &Seen, reply: &Reply) -> Reply {
    match reply.clone() {
        Reply::Answer { status, kind, extra, body } => {
            let home = format!("http://{}/rs", request.headers["host"]);
            Reply::Answer { status, kind, extra, body: body.replace("@/", &format!("{home}/")) }
        }
        other => other,
    }
}

/// What came of it.
pub(crate) struct Played {
    pub(crate) result: Result<EsiaPerson, EsiaError>,
    pub(crate) server: Server,
}

pub(crate) fn settings(endpoints: Endpoints) -> EsiaSettings {
    let redirect = "https://school.example.ru/esia".parse().unwrap();
    let keys = vec![TokenKey::new(ESIA_KEY.pem())];
    EsiaSettings::new(CLIENT, redirect, endpoints, ISSUER, keys)
}

/// The key this system signs with.
pub(crate) static GOST_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::from_scalar(Curve::CryptoProA, [7; 32]).unwrap());

/// A key that ЕСИА signs tokens with where ГОСТ was chosen.
pub(crate) static ESIA_GOST_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::from_scalar(Curve::Tc26A, [9; 32]).unwrap());

/// Its public half in PEM.
pub(crate) fn gost_pem(key: &PrivateKey) -> String {
    public_key_pem(&key.public_key().to_spki_der().unwrap())
}

pub(crate) static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| {
    let (from, until) = (now() - TimeDelta::days(1), now() + TimeDelta::days(365));
    Certificate::self_signed(&GOST_KEY, CLIENT, [1; 16], from, until).unwrap()
});

pub(crate) fn client(settings: EsiaSettings) -> EsiaClient {
    try_client(settings).unwrap()
}

pub(crate) fn try_client(settings: EsiaSettings) -> Result<EsiaClient, SettingsError> {
    client_by(Arc::new(now), settings)
}

/// A client that goes by another clock.
pub(crate) fn client_by(clock: Clock, settings: EsiaSettings) -> Result<EsiaClient, SettingsError> {
    EsiaClient::new(settings, Arc::new(signer()), Ambient::system().with_clock(clock))
}

/// Signs with the key of this system.
pub(crate) fn signer() -> GostSigner {
    let key = PrivateKey::from_scalar(Curve::CryptoProA, [7; 32]).unwrap();
    GostSigner::new(key, CERTIFICATE.clone()).unwrap()
}

/// The browser goes to ЕСИА and comes back with a code.
pub(crate) async fn sign_in(client: &EsiaClient) -> Result<EsiaPerson, EsiaError> {
    sign_in_with(client, |query| query).await
}

async fn sign_in_with(
    client: &EsiaClient,
    change: fn(String) -> String,
) -> Result<EsiaPerson, EsiaError> {
    let started = client.start().await?;
    let query = change(format!("code={CODE}&state={}", started.attempt.state()));
    client.finish(&started.attempt, &Callback::parse(&query)?).await
}

/// Puts these fields in the place of those; null takes a field away.
pub(crate) fn merge(object: &mut Value, fields: Value) {
    let Value::Object(fields) = fields else { panic!("an object is merged") };
    let object = object.as_object_mut().unwrap();
    for (name, value) in fields {
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
}
