//! `te`: tokens, for a code, for a refresh token, or for the system itself.

mod code;
mod credentials;
mod refresh;

use serde::Serialize;
use serde_json::Value;

use super::{
    ClientSystem, Emulator, Interface, RefusalCode,
    fault::Fault,
    inject::Twist,
    memory::{Digest, Grant, Memory, Offline, Session, SignInRequest, later},
    parameters::Parameters,
    reason::{OwnReason, ParameterReason, PersonReason, Reason},
    tokens::Issuing,
};

/// The answer to a request for tokens.
#[derive(Serialize)]
pub(super) struct Tokens {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    pub(super) state: String,
    token_type: &'static str,
    expires_in: Value,
}

/// Tokens that nobody has yet.
struct SignedTokens {
    access: String,
    id: Option<String>,
}

impl Emulator {
    /// Judges a request for tokens and gives them.
    pub(super) fn exchange(
        &self,
        interface: Interface,
        parameters: &Parameters,
    ) -> Result<Tokens, Fault> {
        parameters.none_repeated()?;
        match parameters.needed("grant_type")? {
            "authorization_code" => self.exchange_code(interface, parameters),
            "refresh_token" => self.refresh(interface, parameters),
            "client_credentials" => self.exchange_credentials(interface, parameters),
            _ => Err(Fault::new(RefusalCode::GRANT_TYPE, ParameterReason::GrantType)),
        }
    }

    /// New tokens of a sign-in. Signing takes its time, so nothing is kept yet and nobody waits.
    fn sign_tokens(
        &self,
        client: &ClientSystem,
        request: &SignInRequest,
        session: Session,
        sid: &str,
    ) -> Result<SignedTokens, Fault> {
        let Some(person) = self.person(session.oid) else {
            return Err(Fault::new(RefusalCode::INTERNAL, PersonReason::Gone));
        };
        let issuing = Issuing {
            emulator: self,
            client,
            request,
            session: &session,
            person,
            sid,
            now: self.told_now(),
        };
        let access = issuing.access_token()?;
        let asks_who = request.scopes.iter().any(|scope| scope == "openid");
        let id = if asks_who { Some(issuing.id_token()?) } else { None };
        Ok(SignedTokens { access, id })
    }

    /// Keeps and gives out what was signed. Gives back the access token by which it is known, too.
    fn give_out(
        &self,
        memory: &mut Memory,
        client: &ClientSystem,
        request: &SignInRequest,
        session: Session,
        sid: &str,
        signed: SignedTokens,
    ) -> (Tokens, Digest) {
        let SignedTokens { access: access_token, id: id_token } = signed;
        let lifetime = self.settings().lifetimes.access_token;
        let (now, token) = (self.now(), Digest::of(&access_token));
        let grant = Grant {
            oid: Some(session.oid),
            client: client.mnemonic.clone(),
            scopes: request.scopes.clone(),
            expires: later(now, lifetime),
        };
        let Memory { tokens: opened, offline, refresh: used, .. } = memory;
        opened.put(now, token, grant);
        let refresh_token = request.offline.then(|| self.settings().ambient.uuid().to_string());
        if let Some(text) = &refresh_token {
            let refresh = Digest::of(text);
            used.put(now, refresh, sid.into());
            match offline.get(now, &sid.to_owned()) {
                Some(kept) => {
                    kept.refresh = refresh;
                    kept.tokens.retain(|former| opened.get(now, former).is_some());
                    kept.tokens.push(token);
                }
                None => {
                    let (request, tokens) = (request.clone(), vec![token]);
                    offline.put(now, sid.into(), Offline { request, session, refresh, tokens });
                }
            }
        }
        let tokens = Tokens {
            access_token,
            id_token,
            refresh_token,
            state: String::new(),
            token_type: "Bearer",
            expires_in: self.expires_in(),
        };
        (tokens, token)
    }

    /// For how long an access token is good, as a number of seconds or a text.
    fn expires_in(&self) -> Value {
        let seconds = self.settings().lifetimes.access_token.num_seconds();
        if self.settings().expires_in_text { seconds.to_string().into() } else { seconds.into() }
    }
}

/// Refuses what is right, where that was ordered; nothing has been used up yet.
fn as_ordered() -> Result<(), Fault> {
    match Twist::now().refuse {
        Some(code) => Err(Fault::new(code, OwnReason::Injected)),
        None => Ok(()),
    }
}

fn refused<T>(reason: Reason) -> Result<T, Fault> {
    Err(Fault::new(RefusalCode::GRANT, reason))
}

fn all_needed(parameters: &Parameters, names: &[&'static str]) -> Result<(), Fault> {
    names.iter().try_for_each(|name| parameters.needed(name).map(drop))
}

fn is_same_set(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().all(|scope| right.contains(scope))
}
