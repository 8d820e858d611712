//! The real ЕСИА, by the operator's file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use eschool_esia::{
    ambient::Ambient,
    client::{EsiaClient, EsiaSettings},
    signer::GostSigner,
};
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::CALLBACK;
use crate::start::StartError;

/// The file: the client's settings and the files of its key and certificate, seen from its folder.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsFile {
    key_file: PathBuf,
    certificate_file: PathBuf,
    client: EsiaSettings,
}

/// How long one sign-in may take altogether, in seconds: less than the portal gives any answer.
const LONGEST_DEADLINE: u32 = 19;

/// The client; where people open the portal, which is what its redirect address says; and the
/// origins that a browser is led to.
pub(super) fn read(path: &Path, ambient: Ambient) -> Result<(EsiaClient, Url, String), StartError> {
    let refused = |why: String| StartError::EsiaSettings { path: path.into(), why };
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    let file: SettingsFile = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| refused(error.to_string()))?;
    let beside = |name: &Path| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path);
        text.map(Zeroizing::new).map_err(|e| refused(format!("`{}`: {e}", path.display())))
    };
    let signer = GostSigner::read(&beside(&file.key_file)?, &beside(&file.certificate_file)?)
        .map_err(|error| refused(error.to_string()))?;
    let mut home = file.client.redirect_uri.clone();
    if home.path() != CALLBACK || home.query().is_some() {
        return Err(refused(format!("`redirectUri` must end with {CALLBACK}, which answers it")));
    }
    home.set_path("/");
    if file.client.deadline_seconds > LONGEST_DEADLINE {
        return Err(refused(format!("`deadlineSeconds` may be {LONGEST_DEADLINE} at most")));
    }
    let endpoints = &file.client.endpoints;
    let origins = [&endpoints.authorize, &endpoints.logout];
    let origins = origins.map(|url| url.origin().ascii_serialization()).join(" ");
    let client = EsiaClient::new(file.client, Arc::new(signer), ambient)
        .map_err(|error| refused(error.to_string()))?;
    Ok((client, home, origins))
}
