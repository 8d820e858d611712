//! A code for tokens.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{
    Emulator, check,
    fault::{Code, Fault},
    memory::{Digest, Grant, IssuedCode, Memory, later},
    parameters::Parameters,
    tokens::Issuing,
};

/// What a request for tokens must have.
const MANDATORY: [&str; 10] = [
    "client_id",
    "code",
    "grant_type",
    "client_secret",
    "state",
    "redirect_uri",
    "scope",
    "timestamp",
    "token_type",
    "client_certificate_hash",
];

/// The answer to a request for tokens.
#[derive(Serialize)]
pub(super) struct Tokens {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    state: String,
    token_type: &'static str,
    expires_in: i64,
}

impl Emulator {
    /// Judges a request for tokens and gives them.
    pub(super) fn exchange(&self, parameters: &Parameters) -> Result<Tokens, Fault> {
        parameters.none_repeated()?;
        if parameters.needed("grant_type")? != "authorization_code" {
            return Err(Fault::new(Code::GrantType, "`grant_type` is not `authorization_code`"));
        }
        for name in MANDATORY {
            parameters.needed(name)?;
        }
        let client = check::client(self, parameters)?;
        check::redirect(client, parameters, "redirect_uri")?;
        let state = check::state(parameters)?;
        parameters.fixed("token_type", "Bearer")?;
        let scopes = check::scopes(client, parameters)?;
        let code = parameters.needed("code")?;
        check::signature(self, client, parameters, code)?;

        let now = self.now();
        let lifetimes = self.settings().lifetimes;
        let refused = |check| Err(Fault::new(Code::Grant, check));
        let mut memory = self.memory();
        let Memory { codes, tokens, .. } = &mut *memory;
        let Some(issued) = codes.get(now, &Digest::of(code)) else {
            return refused("`code` is none that was given out lately");
        };
        let IssuedCode { request, session, sid, .. } = &*issued;
        if request.client != client.mnemonic {
            return refused("`code` was given to another client");
        }
        if request.redirect_uri != parameters.needed("redirect_uri")? {
            return refused("`redirect_uri` is not that of authorize");
        }
        if let Some(token) = issued.token {
            tokens.take(now, &token);
            return refused("`code` was used before; what it gave is revoked");
        }
        if issued.expires <= now {
            return refused("`code` is too old");
        }
        if !is_same_set(&request.scopes, &scopes) {
            return Err(Fault::new(Code::Scope, "`scope` is not that of authorize"));
        }
        verify(request.challenge.as_deref(), parameters.once("code_verifier")?)?;
        let Some(person) = self.person(session.oid) else {
            return Err(Fault::new(Code::Internal, "the person is not in the book"));
        };

        let issuing = Issuing { emulator: self, request, session, person, sid, now };
        let access_token = issuing.access_token()?;
        let asks_who = scopes.iter().any(|scope| scope == "openid");
        let id_token = if asks_who { Some(issuing.id_token()?) } else { None };
        let token = Digest::of(&access_token);
        let grant = Grant { oid: person.oid, scopes, expires: later(now, lifetimes.access_token) };
        tokens.put(now, token, grant);
        issued.token = Some(token);
        Ok(Tokens {
            access_token,
            id_token,
            state: state.into(),
            token_type: "Bearer",
            expires_in: lifetimes.access_token.num_seconds(),
        })
    }
}

fn is_same_set(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().all(|scope| right.contains(scope))
}

/// PKCE: whether the verifier is the one the challenge was made of.
fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), Fault> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            let check = "`code_verifier` stands, but authorize had no `code_challenge`";
            Err(Fault::new(Code::ChallengeMissing, check))
        }
        (Some(challenge), verifier) => {
            let hash = digest(&SHA256, verifier.unwrap_or_default().as_bytes());
            if URL_SAFE_NO_PAD.encode(hash) == challenge {
                Ok(())
            } else {
                let check = "`code_verifier` is not what `code_challenge` was made of";
                Err(Fault::new(Code::Verifier, check))
            }
        }
    }
}
