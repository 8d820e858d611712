//! The shapes of ЕСИА's code and tokens, which are not those of the standard: `sub` is an integer,
//! `amr` a text, `acr` an object, and there is no `nonce`.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    ClientSystem, Emulator, TestAccount, TestPerson,
    fault::Fault,
    jwt::{Kind, signed},
    memory::{Session, SignInRequest, later},
};

/// How somebody proved who they are; at the emulator nobody does.
const METHOD: &str = "PWD";

/// What went beside the password.
#[derive(Serialize)]
struct Factors {
    #[serde(rename = "2fa")]
    second: &'static str,
}

const FACTORS: Factors = Factors { second: "otp" };

#[derive(Serialize)]
struct CodeClaims<'a> {
    nbf: i64,
    iat: i64,
    exp: i64,
    iss: &'a str,
    client_id: &'a str,
    scope: &'a str,
    redirect_uri: &'a str,
    auth_time: i64,
    auth_mthd: &'static str,
    acr: Factors,
    #[serde(rename = "urn:esia:sid")]
    sid: &'a str,
    #[serde(rename = "urn:esia:sbj:lvl")]
    level: &'static str,
}

#[derive(Serialize)]
struct AccessClaims<'a> {
    nbf: i64,
    iat: i64,
    exp: i64,
    iss: &'a str,
    scope: String,
    #[serde(rename = "urn:esia:sid")]
    sid: &'a str,
    #[serde(rename = "urn:esia:sbj_id", skip_serializing_if = "Option::is_none")]
    subject: Option<u64>,
    client_id: &'a str,
}

#[derive(Serialize)]
struct IdClaims<'a> {
    aud: &'a str,
    sub: u64,
    nbf: i64,
    iat: i64,
    exp: i64,
    auth_time: i64,
    amr: &'static str,
    acr: Factors,
    #[serde(rename = "urn:esia:amd")]
    method: &'static str,
    iss: &'a str,
    #[serde(rename = "urn:esia:sid")]
    sid: &'a str,
    #[serde(rename = "urn:esia:sbj")]
    subject: Subject,
}

#[derive(Serialize)]
struct Subject {
    #[serde(rename = "urn:esia:sbj:typ")]
    kind: &'static str,
    #[serde(rename = "urn:esia:sbj:is_tru", skip_serializing_if = "Option::is_none")]
    is_trusted: Option<bool>,
    #[serde(rename = "urn:esia:sbj:oid")]
    oid: u64,
    #[serde(rename = "urn:esia:sbj:nam")]
    name: String,
    #[serde(rename = "urn:esia:sbj:lvl")]
    level: &'static str,
}

impl Emulator {
    /// The access token of a system for itself, which is about nobody.
    pub(super) fn system_token(
        &self,
        client: &ClientSystem,
        scopes: &[String],
    ) -> Result<String, Fault> {
        let now = self.told_now();
        let claims = AccessClaims {
            nbf: now.timestamp(),
            iat: now.timestamp(),
            exp: later(now, self.settings().lifetimes.access_token).timestamp(),
            iss: &self.settings().issuer,
            scope: scopes.join(" "),
            sid: &self.settings().ambient.uuid().to_string(),
            subject: None,
            client_id: &client.mnemonic,
        };
        signed(self, client, &Kind::ACCESS, &claims)
    }
}

/// What tokens are written from.
pub(super) struct Issuing<'a> {
    pub(super) emulator: &'a Emulator,
    pub(super) client: &'a ClientSystem,
    pub(super) request: &'a SignInRequest,
    pub(super) session: &'a Session,
    pub(super) person: &'a TestPerson,
    /// What tokens of this sign-in are called; of its own for each, so that no two are alike.
    pub(super) sid: &'a str,
    /// What tokens take for the time.
    pub(super) now: DateTime<Utc>,
}

impl Issuing<'_> {
    /// The authorization code: itself a token, of about a kilobyte.
    pub(super) fn code(&self) -> Result<String, Fault> {
        let settings = self.emulator.settings();
        let now = self.now.timestamp();
        let claims = CodeClaims {
            nbf: now,
            iat: now,
            exp: later(self.now, settings.lifetimes.code).timestamp(),
            iss: &settings.issuer,
            client_id: &self.request.client,
            scope: &self.request.scopes.join(" "),
            redirect_uri: &self.request.redirect_uri,
            auth_time: self.session.since.timestamp(),
            auth_mthd: METHOD,
            acr: FACTORS,
            sid: self.sid,
            level: self.person.account.level(),
        };
        signed(self.emulator, self.client, &Kind::CODE, &claims)
    }

    /// The access token. Every scope but `openid` names whom it is about.
    pub(super) fn access_token(&self) -> Result<String, Fault> {
        let settings = self.emulator.settings();
        let now = self.now.timestamp();
        let oid = self.person.oid;
        let scopes = self.request.scopes.iter().map(|scope| match scope.as_str() {
            "openid" => scope.clone(),
            scope => format!("{scope}?oid={oid}"),
        });
        let claims = AccessClaims {
            nbf: now,
            iat: now,
            exp: later(self.now, settings.lifetimes.access_token).timestamp(),
            iss: &settings.issuer,
            scope: scopes.collect::<Vec<_>>().join(" "),
            sid: self.sid,
            subject: Some(oid),
            client_id: &self.request.client,
        };
        signed(self.emulator, self.client, &Kind::ACCESS, &claims)
    }

    /// The id token.
    pub(super) fn id_token(&self) -> Result<String, Fault> {
        let settings = self.emulator.settings();
        let now = self.now.timestamp();
        let (oid, account) = (self.person.oid, self.person.account);
        let claims = IdClaims {
            aud: &self.request.client,
            sub: oid,
            nbf: now,
            iat: now,
            exp: later(self.now, settings.lifetimes.id_token).timestamp(),
            auth_time: self.session.since.timestamp(),
            amr: METHOD,
            acr: FACTORS,
            method: METHOD,
            iss: &settings.issuer,
            sid: self.sid,
            subject: Subject {
                kind: "P",
                is_trusted: (account == TestAccount::Confirmed).then_some(true),
                oid,
                name: format!("OID.{oid}"),
                level: account.level(),
            },
        };
        signed(self.emulator, self.client, &Kind::ID, &claims)
    }
}
