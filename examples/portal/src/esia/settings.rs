//! The real ЕСИА, by the operator's file.

use std::{fs, path::Path};

use eschool_esia::{
    ambient::Ambient,
    client::{EsiaClient, EsiaSettings, GatewaySettings},
    signer::SignerSettings,
};
use serde::Deserialize;
use url::Url;

use super::CALLBACK;
use crate::start::StartError;

/// The file. Either `client` and `signer`, for a system that is registered at ЕСИА itself, or
/// `gateway`; the files it names are seen from its own folder.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsFile {
    signer: Option<SignerSettings>,
    client: Option<EsiaSettings>,
    gateway: Option<GatewaySettings>,
    /// Where a gateway leads the browser besides its issuer's address: origins like
    /// `https://sign-in.example.ru`.
    #[serde(default)]
    gateway_origins: Vec<Url>,
}

/// How people are signed in.
enum Way {
    Direct(EsiaSettings, SignerSettings),
    Gateway(GatewaySettings, Vec<Url>),
}

/// How long one sign-in may take altogether, in seconds: less than the portal gives any answer, though
/// the client waits up to a second more where many sign in.
const LONGEST_DEADLINE: u32 = 18;

impl SettingsFile {
    /// Reads the text of the file.
    fn parse(text: &str) -> Result<Way, String> {
        let file: Self = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| error.to_string())?;
        match (file.client, file.signer, file.gateway) {
            (Some(client), Some(signer), None) if file.gateway_origins.is_empty() => {
                Ok(Way::Direct(client, signer))
            }
            (None, None, Some(gateway)) => Ok(Way::Gateway(gateway, file.gateway_origins)),
            _ => Err("give either `client` with `signer`, or `gateway`".into()),
        }
    }
}

impl Way {
    /// Where people come back to, and how long one sign-in may take.
    fn judged(&self) -> (&Url, u32) {
        match self {
            Self::Direct(client, _) => (&client.redirect_uri, client.deadline_seconds),
            Self::Gateway(gateway, _) => (&gateway.redirect_uri, gateway.deadline_seconds),
        }
    }

    /// Where a browser is led.
    fn origins(&self) -> Vec<Url> {
        match self {
            Self::Direct(client, _) => {
                [&client.endpoints.authorize, &client.endpoints.logout].map(Url::clone).into()
            }
            Self::Gateway(gateway, others) => {
                gateway.issuer.parse().into_iter().chain(others.iter().cloned()).collect()
            }
        }
    }
}

/// The client; where people open the portal, which is what its redirect address says; and the
/// origins that a browser is led to.
pub(super) fn read(path: &Path, ambient: Ambient) -> Result<(EsiaClient, Url, String), StartError> {
    let refused = |why: String| StartError::EsiaSettings { path: path.into(), why };
    let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    let way = SettingsFile::parse(&text).map_err(refused)?;
    let (redirect_uri, deadline) = way.judged();
    let mut home = redirect_uri.clone();
    if home.path() != CALLBACK || home.query().is_some() {
        return Err(refused(format!("`redirectUri` must end with {CALLBACK}, which answers it")));
    }
    home.set_path("/");
    if deadline > LONGEST_DEADLINE {
        return Err(refused(format!("`deadlineSeconds` may be {LONGEST_DEADLINE} at most")));
    }
    let origins = way.origins().into_iter().map(|url| url.origin().ascii_serialization());
    let origins = origins.collect::<Vec<_>>().join(" ");
    let client = match way {
        Way::Direct(client, signer) => {
            let folder = path.parent().unwrap_or(Path::new(""));
            let signer =
                signer.read(folder, &ambient).map_err(|error| refused(error.to_string()))?;
            EsiaClient::new(client, signer, ambient)
        }
        Way::Gateway(gateway, _) => EsiaClient::gateway(gateway, ambient),
    };
    Ok((client.map_err(|error| refused(error.to_string()))?, home, origins))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECT: &str = include_str!("../../esia.example.json");
    const GATEWAY: &str = include_str!("../../esia-gateway.example.json");

    #[test]
    fn the_examples_are_settings() {
        assert!(matches!(SettingsFile::parse(DIRECT), Ok(Way::Direct(..))));
        let gateway = SettingsFile::parse(GATEWAY).unwrap();
        let origins: Vec<_> = gateway.origins().into_iter().map(String::from).collect();
        assert_eq!(
            origins,
            ["https://gateway.example.org/realms/school", "https://sign-in.example.org/"]
        );
    }

    #[test]
    fn a_file_of_both_ways_or_of_none_is_refused() {
        use serde_json::{Map, Value, json};
        let file = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let with = |text: &str, name: &str, value: Value| {
            let mut file = file(text);
            file.insert(name.into(), value);
            Value::Object(file).to_string()
        };
        let without = |text: &str, name: &str| {
            let mut file = file(text);
            file.remove(name).unwrap();
            Value::Object(file).to_string()
        };
        let (signer, client) = (file(DIRECT)["signer"].clone(), file(DIRECT)["client"].clone());
        for text in [
            without(DIRECT, "signer"),
            without(DIRECT, "client"),
            with(DIRECT, "gateway", file(GATEWAY)["gateway"].clone()),
            with(DIRECT, "gatewayOrigins", json!(["https://sign-in.example.org"])),
            with(GATEWAY, "signer", signer),
            with(GATEWAY, "client", client),
            without(GATEWAY, "gateway"),
            "{}".into(),
        ] {
            let refused = SettingsFile::parse(&text).err();
            assert!(refused.is_some_and(|why| why.starts_with("give either")), "{text}");
        }
        for text in ["[]", "", "{\"signer\": 1}"] {
            assert!(SettingsFile::parse(text).is_err(), "{text}");
        }
    }
}
