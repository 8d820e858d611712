//! Requests for tokens, each signed.

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::{
    Direct, Signed,
    exchange::{Tokens, Wire, exchange, refresh},
    request::{SignedCall, SignedRequest},
};
use crate::client::{Attempt, EsiaError, RefreshToken};

impl Direct {
    /// An attempt that began with a secret of PKCE ends with it, whatever the settings say by then.
    pub(super) async fn exchange(
        &self,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Tokens, EsiaError> {
        let state = self.ambient.uuid().to_string();
        let call = SignedCall::Code(code.to_owned());
        let signed = self.signed(call, &state, self.clock.now()).await?;
        let mut extra = self.parameters(&signed);
        extra.push(("scope", self.settings.scope()));
        extra.extend(attempt.verifier().map(|verifier| ("code_verifier", verifier.to_text())));
        let wire = Wire { http: &self.http, clock: &self.clock };
        let exchanged = exchange(wire, &self.oauth, code, &state, extra).await;
        self.explained(signed, exchanged)
    }

    /// Asks for new tokens in the place of those that a refresh token came with.
    pub(super) async fn refresh(&self, token: &RefreshToken) -> Result<Tokens, EsiaError> {
        let state = self.ambient.uuid().to_string();
        let call = SignedCall::Refresh(Zeroizing::new(token.as_str().to_owned()));
        let signed = self.signed(call, &state, self.clock.now()).await?;
        let mut extra = self.parameters(&signed);
        extra.push(("scope", self.settings.scope()));
        if signed.request.names_redirect_uri() {
            extra.push(("redirect_uri", self.settings.redirect_uri.as_str().to_owned()));
        }
        let wire = Wire { http: &self.http, clock: &self.clock };
        let refreshed = refresh(wire, &self.oauth, token.as_str(), &state, extra).await;
        self.explained(signed, refreshed)
    }

    /// The same, after the log was told what a refused request had signed.
    fn explained(
        &self,
        signed: Signed,
        asked: Result<Tokens, EsiaError>,
    ) -> Result<Tokens, EsiaError> {
        if let Err(error) = &asked {
            self.explain(signed, error);
        }
        asked
    }

    pub(super) async fn signed(
        &self,
        call: SignedCall,
        state: &str,
        now: DateTime<Utc>,
    ) -> Result<Signed, EsiaError> {
        let request = SignedRequest::new(&self.settings, call, state.to_owned(), now);
        let signature = self.signer.sign(request.message().as_bytes()).await?;
        Ok(Signed { request, signature })
    }

    /// The parameters that a signature brings: itself, when it was made, with which certificate.
    pub(super) fn parameters(&self, signed: &Signed) -> Vec<(&'static str, String)> {
        let mut parameters = vec![
            ("client_secret", signed.signature.to_base64url()),
            ("timestamp", signed.request.timestamp.clone()),
        ];
        if signed.request.names_certificate() {
            parameters.push(("client_certificate_hash", self.signer.certificate().hash()));
        }
        parameters
    }
}
