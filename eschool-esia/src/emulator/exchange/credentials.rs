//! `grant_type=client_credentials`: a token of the system for itself. It is about nobody, and opens
//! nobody's data.

use super::{Tokens, all_needed, as_ordered};
use crate::emulator::{
    Emulator, Interface, RefusalCode, check,
    fault::Fault,
    memory::{Digest, Grant, later},
    parameters::Parameters,
    reason::{ClientReason, ParameterReason},
    secret::Signed,
};

/// What it must have.
const MANDATORY: [&str; 8] = [
    "client_id",
    "client_secret",
    "client_certificate_hash",
    "state",
    "redirect_uri",
    "scope",
    "timestamp",
    "token_type",
];

impl Emulator {
    pub(super) fn exchange_credentials(
        &self,
        interface: Interface,
        parameters: &Parameters,
    ) -> Result<Tokens, Fault> {
        if interface == Interface::Legacy {
            return Err(Fault::new(RefusalCode::GRANT_TYPE, ParameterReason::GrantType));
        }
        all_needed(parameters, &MANDATORY)?;
        let client = check::client(self, parameters)?;
        check::interface(client, interface)?;
        if !client.client_credentials {
            return Err(Fault::new(RefusalCode::WAY_FORBIDDEN, ClientReason::GrantForbidden));
        }
        check::redirect(client, parameters, "redirect_uri")?;
        let state = check::state(parameters)?;
        parameters.fixed("token_type", "Bearer")?;
        let scopes = check::scopes(client, parameters)?;
        check::certificate_hash(client, parameters)?;
        check::signature(self, client, parameters, &Signed::CREDENTIALS)?;
        as_ordered()?;

        let access_token = self.system_token(client, &scopes)?;
        let (now, lifetime) = (self.now(), self.settings().lifetimes.access_token);
        let grant = Grant {
            oid: None,
            client: client.mnemonic.clone(),
            scopes,
            expires: later(now, lifetime),
        };
        self.memory().tokens.put(now, Digest::of(&access_token), grant);
        Ok(Tokens {
            access_token,
            id_token: None,
            refresh_token: None,
            state: state.into(),
            token_type: "Bearer",
            expires_in: self.expires_in(),
        })
    }
}
