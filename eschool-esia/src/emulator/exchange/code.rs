//! `grant_type=authorization_code`.

use super::{Tokens, all_needed, as_ordered, is_same_set, refused};
use crate::emulator::{
    ClientSystem, Emulator, Interface, RefusalCode,
    challenge::Challenge,
    check,
    fault::Fault,
    memory::{Digest, Memory, Session, SignInRequest},
    parameters::Parameters,
    reason::{GrantReason, ParameterReason, Reason},
    secret::Signed,
};

/// What it must have; at today's interface also the certificate's hash.
const MANDATORY: [&str; 8] = [
    "client_id",
    "code",
    "client_secret",
    "state",
    "redirect_uri",
    "scope",
    "timestamp",
    "token_type",
];

impl Emulator {
    pub(super) fn exchange_code(
        &self,
        interface: Interface,
        parameters: &Parameters,
    ) -> Result<Tokens, Fault> {
        all_needed(parameters, &MANDATORY)?;
        let client = check::client(self, parameters)?;
        check::interface(client, interface)?;
        check::redirect(client, parameters, "redirect_uri")?;
        let state = check::state(parameters)?;
        parameters.fixed("token_type", "Bearer")?;
        let scopes = check::scopes(client, parameters)?;
        let code = parameters.needed("code")?;
        if interface == Interface::V3 {
            check::certificate_hash(client, parameters)?;
        }
        check::signature(self, client, parameters, Signed::for_code(interface))?;

        let code = Digest::of(code);
        let judged = |memory: &mut Memory| {
            self.judge_code(memory, (interface, client), code, &scopes, parameters)
        };
        let (request, session, sid) = judged(&mut self.memory())?;
        as_ordered()?;
        let signed = self.sign_tokens(client, &request, session, &sid)?;

        let mut memory = self.memory();
        // meanwhile another request may have used it
        judged(&mut memory)?;
        let (mut given, token) =
            self.give_out(&mut memory, client, &request, session, &sid, signed);
        if let Some(issued) = memory.codes.get(self.now(), &code) {
            issued.token = Some(token);
        }
        given.state = state.into();
        Ok(given)
    }

    /// What a code was given for, where it is good for this request.
    fn judge_code(
        &self,
        memory: &mut Memory,
        (interface, client): (Interface, &ClientSystem),
        code: Digest,
        scopes: &[String],
        parameters: &Parameters,
    ) -> Result<(SignInRequest, Session, String), Fault> {
        let now = self.now();
        let Memory { codes, tokens, offline, .. } = memory;
        let Some(issued) = codes.get(now, &code) else {
            return refused(Reason::Grant(GrantReason::CodeUnknown));
        };
        let request = &issued.request;
        if request.client != client.mnemonic {
            return refused(Reason::Grant(GrantReason::CodeForeign));
        }
        if request.interface != interface {
            return refused(Reason::Grant(GrantReason::CodeInterface));
        }
        if request.redirect_uri != parameters.needed("redirect_uri")? {
            return refused(Reason::Grant(GrantReason::CodeRedirect));
        }
        if let Some(token) = issued.token {
            tokens.take(now, &token);
            for token in offline.take(now, &issued.sid).into_iter().flat_map(|kept| kept.tokens) {
                tokens.take(now, &token);
            }
            return refused(Reason::Grant(GrantReason::CodeUsed));
        }
        if issued.expires <= now {
            return refused(Reason::Grant(GrantReason::CodeOld));
        }
        if !is_same_set(&request.scopes, scopes) {
            return Err(Fault::new(RefusalCode::SCOPE, ParameterReason::ScopeOther));
        }
        Challenge::meet(request.challenge.as_ref(), parameters.once("code_verifier")?)?;
        Ok((request.clone(), issued.session, issued.sid.clone()))
    }
}
