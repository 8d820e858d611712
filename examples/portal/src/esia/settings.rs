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

/// The client, and where people open the portal: what its redirect address says.
pub(super) fn read(path: &Path, ambient: Ambient) -> Result<(EsiaClient, Url), StartError> {
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
    let client = EsiaClient::new(file.client, Arc::new(signer), ambient)
        .map_err(|error| refused(error.to_string()))?;
    Ok((client, home))
}
