//! The gateway as it describes itself.

use std::fmt;

use openidconnect::{
    AdditionalClaims, AuthType, Client, ClientId, ClientSecret, DiscoveryError,
    EmptyExtraTokenFields, EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenFields, IssuerUrl, ProviderMetadataWithLogout, RedirectUrl, StandardErrorResponse,
    StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
        CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{
    ClientAuth, GatewayAlgorithm, GatewayError, GatewaySettings,
    wire::{Failed, Wire},
};
use crate::client::{
    Call, CallError, EsiaError,
    endpoints::{is_confidential, is_this_machine},
    http::Http,
};

/// The client of openidconnect, with whatever claims a gateway has besides the standard ones.
pub(super) type GatewayClient = Client<
    OwnClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What the gateway answers to a code.
pub(super) type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        OwnClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The claims of a gateway's own.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct OwnClaims {
    #[serde(flatten)]
    claims: Map<String, Value>,
}

impl AdditionalClaims for OwnClaims {}

impl fmt::Debug for OwnClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnClaims(***)")
    }
}

impl OwnClaims {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }
}

/// A gateway that has described itself.
pub(super) struct Provider {
    pub(super) client: GatewayClient,
    end_session: Option<EndSessionUrl>,
}

impl Provider {
    pub(super) async fn discover(
        settings: &GatewaySettings,
        http: &Http,
    ) -> Result<Self, EsiaError> {
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|_| EsiaError::Gateway(GatewayError::IssuerForeign))?;
        let own = issuer.url().clone();
        let wire = Wire::new(http, &[Call::Discovery, Call::Keys]).led_by(&own);
        let found = ProviderMetadataWithLogout::discover_async(issuer, &wire).await;
        let metadata = found.map_err(|error| failure(error, wire.call()))?;
        check(&metadata, settings.id_token_algorithm, &own).map_err(EsiaError::Gateway)?;
        let end_session = metadata.additional_metadata().end_session_endpoint.clone();
        let secret = ClientSecret::new(settings.client_secret.reveal().to_owned());
        let client = Client::from_provider_metadata(
            metadata,
            ClientId::new(settings.client_id.clone()),
            Some(secret),
        )
        .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri.clone()))
        .set_auth_type(match settings.client_auth {
            ClientAuth::Basic => AuthType::BasicAuth,
            ClientAuth::Post => AuthType::RequestBody,
        })
        .disable_openid_scope();
        Ok(Self { client, end_session })
    }

    /// Where the gateway signs people out, if it does.
    pub(super) fn end_session(&self) -> Option<&EndSessionUrl> {
        self.end_session.as_ref()
    }
}

/// Whether a gateway of this issuer may name this address: it must not have this machine ask itself
/// where it is elsewhere, nor give up the encryption it has itself.
pub(super) fn may_lead(issuer: &Url, to: &Url) -> bool {
    let encrypted = to.scheme() == "https" || issuer.scheme() != "https";
    is_confidential(to) && encrypted && (is_this_machine(issuer) || !is_this_machine(to))
}

/// Refuses what cannot be signed in through, or not safely.
fn check(
    metadata: &ProviderMetadataWithLogout,
    algorithm: GatewayAlgorithm,
    issuer: &Url,
) -> Result<(), GatewayError> {
    let end_session = metadata.additional_metadata().end_session_endpoint.as_ref();
    // Where people are asked and signed out tokens do not go, but whoever can change these pages
    // on their way can take a password.
    for (field, required, url) in [
        ("authorization_endpoint", true, Some(metadata.authorization_endpoint().url())),
        ("token_endpoint", true, metadata.token_endpoint().map(|url| url.url())),
        ("userinfo_endpoint", false, metadata.userinfo_endpoint().map(|url| url.url())),
        ("jwks_uri", true, Some(metadata.jwks_uri().url())),
        ("end_session_endpoint", false, end_session.map(|url| url.url())),
    ] {
        if !url.map_or(!required, |url| may_lead(issuer, url)) {
            return Err(GatewayError::Endpoint { field });
        }
    }
    let code = metadata
        .response_types_supported()
        .iter()
        .any(|types| matches!(types.as_slice(), [CoreResponseType::Code]));
    if !code {
        return Err(GatewayError::Unsupported { feature: "response_type code" });
    }
    if !metadata.id_token_signing_alg_values_supported().contains(&algorithm.name()) {
        return Err(GatewayError::Unsupported { feature: "the algorithm of the settings" });
    }
    if metadata.jwks().keys().is_empty() {
        return Err(GatewayError::Keys);
    }
    Ok(())
}

impl GatewayAlgorithm {
    pub(super) const fn name(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::Ps256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            Self::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        }
    }
}

/// What was wrong with the discovery. Its documents hold no secret, but their text does not belong
/// into a log either.
fn failure(error: DiscoveryError<Failed>, call: Call) -> EsiaError {
    match error {
        DiscoveryError::Request(Failed {
            call: Call::Keys,
            error: CallError::Unencrypted | CallError::Foreign,
        }) => EsiaError::Gateway(GatewayError::Endpoint { field: "jwks_uri" }),
        DiscoveryError::Request(Failed { call, error }) => EsiaError::Call { call, error },
        DiscoveryError::Validation(_) => EsiaError::Gateway(GatewayError::IssuerForeign),
        _ if call == Call::Keys => EsiaError::Gateway(GatewayError::Keys),
        _ => EsiaError::Gateway(GatewayError::DiscoveryMalformed),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_gateway_on_this_machine_may_lead_to_it() {
        let fields = [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
        ];
        let [elsewhere, encrypted_here, here] =
            ["https://gateway.example", "https://localhost:8443", "http://127.0.0.1:8080"];
        for (issuer, to, sound) in [
            (elsewhere, "https://gateway.example/x", true),
            (elsewhere, "https://keys.example/x", true),
            (elsewhere, "http://127.0.0.1:8080/admin", false),
            (elsewhere, "https://127.0.0.1:8443/admin", false),
            (elsewhere, "https://localhost/admin", false),
            (elsewhere, "https://[::1]/admin", false),
            (encrypted_here, "https://127.0.0.1:8443/x", true),
            (encrypted_here, "http://127.0.0.1:8080/x", false),
            (here, "http://127.0.0.1:8080/x", true),
            (here, "http://gateway.example/x", false),
        ] {
            let issuer: Url = issuer.parse().unwrap();
            for field in fields {
                let mut described = json!({
                    "issuer": issuer, "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                });
                for own in fields {
                    described[own] = issuer.join("x").unwrap().as_str().into();
                }
                described[field] = to.into();
                let metadata: ProviderMetadataWithLogout =
                    serde_json::from_value(described).unwrap();
                let checked = check(&metadata, GatewayAlgorithm::Rs256, &issuer);
                // The keys are judged last; there are none.
                let expected =
                    if sound { GatewayError::Keys } else { GatewayError::Endpoint { field } };
                assert_eq!(checked, Err(expected), "{issuer} leads {field} to {to}");
            }
        }
    }
}
