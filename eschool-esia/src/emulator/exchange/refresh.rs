//! `grant_type=refresh_token`.
//!
//! A refresh token is good once: with the new tokens comes the next one. One that comes a second
//! time was stolen or lost on the way, so all tokens of the authorization are revoked.

use super::{Tokens, all_needed, as_ordered, is_same_set, refused};
use crate::emulator::{
    ClientSystem, Emulator, Interface, RefreshForm, RefusalCode, check,
    fault::Fault,
    memory::{Digest, Memory, Session, SignInRequest},
    parameters::Parameters,
    reason::{GrantReason, ParameterReason, Reason},
    secret::Signed,
};

/// What it must have.
const MANDATORY: [&str; 7] =
    ["client_id", "refresh_token", "client_secret", "state", "scope", "timestamp", "token_type"];

impl Emulator {
    pub(super) fn refresh(
        &self,
        interface: Interface,
        parameters: &Parameters,
    ) -> Result<Tokens, Fault> {
        all_needed(parameters, &MANDATORY)?;
        let client = check::client(self, parameters)?;
        check::interface(client, interface)?;
        let state = check::state(parameters)?;
        parameters.fixed("token_type", "Bearer")?;
        let scopes = check::scopes(client, parameters)?;
        let text = parameters.needed("refresh_token")?;
        let signed = match interface {
            Interface::Legacy => Signed::for_code(interface),
            Interface::V3 => form(client, parameters)?,
        };
        check::signature(self, client, parameters, signed)?;

        let token = Digest::of(text);
        let judged =
            |memory: &mut Memory| self.judge_refresh(memory, (interface, client), token, &scopes);
        let (request, session, sid) = judged(&mut self.memory())?;
        as_ordered()?;
        let signed = self.sign_tokens(client, &request, session, &sid)?;

        let mut memory = self.memory();
        // meanwhile another request may have used it
        judged(&mut memory)?;
        let (mut given, _) = self.give_out(&mut memory, client, &request, session, &sid, signed);
        given.state = state.into();
        Ok(given)
    }

    /// What a refresh token was given for, where it is good for this request.
    fn judge_refresh(
        &self,
        memory: &mut Memory,
        (interface, client): (Interface, &ClientSystem),
        digest: Digest,
        scopes: &[String],
    ) -> Result<(SignInRequest, Session, String), Fault> {
        let now = self.now();
        let Memory { refresh, offline, tokens, .. } = memory;
        let Some(sid) = refresh.get(now, &digest).cloned() else {
            return refused(Reason::Grant(GrantReason::RefreshUnknown));
        };
        let Some(kept) = offline.get(now, &sid) else {
            return refused(Reason::Grant(GrantReason::RefreshUnknown));
        };
        if kept.request.client != client.mnemonic {
            return refused(Reason::Grant(GrantReason::RefreshForeign));
        }
        if kept.request.interface != interface {
            return refused(Reason::Grant(GrantReason::RefreshInterface));
        }
        if kept.refresh != digest {
            for token in offline.take(now, &sid).into_iter().flat_map(|kept| kept.tokens) {
                tokens.take(now, &token);
            }
            return refused(Reason::Grant(GrantReason::RefreshUsed));
        }
        if !is_same_set(&kept.request.scopes, scopes) {
            return Err(Fault::new(RefusalCode::SCOPE, ParameterReason::ScopeOther));
        }
        Ok((kept.request.clone(), kept.session, sid))
    }
}

/// What of the request is signed: the open implementations conflict, so the client's registration
/// says it, or else the request itself.
fn form(client: &ClientSystem, parameters: &Parameters) -> Result<&'static Signed, Fault> {
    let as_authorize = match client.refresh_form {
        RefreshForm::AsAuthorize => true,
        RefreshForm::WithToken => false,
        RefreshForm::Either => parameters.once("redirect_uri")?.is_some(),
    };
    if !as_authorize {
        return Ok(&Signed::REFRESH);
    }
    check::redirect(client, parameters, "redirect_uri")?;
    check::certificate_hash(client, parameters)?;
    Ok(&Signed::AUTHORIZE)
}
