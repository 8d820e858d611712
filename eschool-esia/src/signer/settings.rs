//! A signer from a file of settings.

use std::{
    ffi::OsString,
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::{
    BearerToken, ByteOrder, CommandSigner, GostSigner, HttpSigner, Outside, RsaCmsSigner,
    SignatureForm, Signer, SignerSettingsError,
};
use crate::{ambient::Ambient, certificate::Certificate};

/// Which signer, and what it needs. Keys and tokens stay in files of their own; their paths are
/// seen from the folder that [`read`](Self::read) is given.
///
/// ```
/// use eschool_esia::signer::SignerSettings;
///
/// for text in [
///     r#"{"kind": "gost", "keyFile": "key.pem", "certificateFile": "certificate.pem"}"#,
///     r#"{"kind": "gost_cms", "keyFile": "key.pem", "certificateFile": "certificate.pem"}"#,
///     r#"{"kind": "rsa_cms", "keyFile": "key.pem", "certificateFile": "certificate.pem"}"#,
///     r#"{"kind": "command", "argv": ["/usr/local/bin/sign", "school"],
///         "certificateFile": "certificate.pem", "order": "reversed"}"#,
///     r#"{"kind": "http", "url": "https://sign.example.ru/", "tokenFile": "token.txt",
///         "certificateFile": "certificate.pem", "form": "cms", "timeoutSeconds": 3}"#,
/// ] {
///     serde_json::from_str::<SignerSettings>(text)?;
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum SignerSettings {
    /// [`GostSigner`].
    Gost {
        /// The private key, PEM (PKCS#8).
        key_file: PathBuf,
        /// Its certificate, PEM.
        certificate_file: PathBuf,
    },
    /// [`GostCmsSigner`](super::GostCmsSigner).
    GostCms {
        /// The private key, PEM (PKCS#8).
        key_file: PathBuf,
        /// Its certificate, PEM.
        certificate_file: PathBuf,
    },
    /// [`RsaCmsSigner`].
    RsaCms {
        /// The private key, PEM (PKCS#8 or PKCS#1).
        key_file: PathBuf,
        /// Its certificate, PEM.
        certificate_file: PathBuf,
    },
    /// [`CommandSigner`].
    Command {
        /// The program and its arguments. A name without a slash is looked for where the system
        /// looks for programs, never in the folder of the settings.
        argv: Vec<String>,
        /// The certificate of the key, PEM.
        certificate_file: PathBuf,
        /// What the program gives: `raw` (the default) or `cms`.
        #[serde(default)]
        form: SignatureForm,
        /// The order of the bytes of raw signatures: `sr` (the default) or, of CryptoPro,
        /// `reversed`.
        #[serde(default)]
        order: ByteOrder,
        /// How long one signature may take, 1 to 60 seconds; 5 by default.
        #[serde(default = "timeout_seconds")]
        timeout_seconds: u32,
    },
    /// [`HttpSigner`].
    Http {
        /// The address of the service: https, or http on the machine itself.
        url: Url,
        /// The bearer token that the service asks for; spaces and line breaks around it are left
        /// out.
        #[serde(default)]
        token_file: Option<PathBuf>,
        /// Certificates (PEM) to trust for TLS besides those of the machine.
        #[serde(default)]
        extra_roots_file: Option<PathBuf>,
        /// The certificate of the key, PEM.
        certificate_file: PathBuf,
        /// What the service gives: `raw` (the default) or `cms`.
        #[serde(default)]
        form: SignatureForm,
        /// The order of the bytes of raw signatures: `sr` (the default) or `reversed`.
        #[serde(default)]
        order: ByteOrder,
        /// How long one signature may take, 1 to 60 seconds; 5 by default.
        #[serde(default = "timeout_seconds")]
        timeout_seconds: u32,
    },
}

const fn timeout_seconds() -> u32 {
    5
}

impl SignerSettings {
    /// Makes the signer. Paths are seen from `folder`; signers of CMS ask `ambient` for the time.
    ///
    /// # Errors
    /// [`SignerSettingsError`] names the file or the setting.
    pub fn read(
        &self,
        folder: &Path,
        ambient: &Ambient,
    ) -> Result<Arc<dyn Signer>, SignerSettingsError> {
        let text = |path: &Path| read_text(&folder.join(path));
        let outside = |certificate_file: &Path, form, order, seconds: u32| {
            let pem = text(certificate_file)?;
            let certificate = Certificate::from_pem(&pem)
                .map_err(|error| SignerSettingsError::Signer(error.into()))?;
            let timeout = Duration::from_secs(seconds.into());
            Ok::<_, SignerSettingsError>(Outside { certificate, form, order, timeout })
        };
        Ok(match self {
            Self::Gost { key_file, certificate_file } => {
                Arc::new(GostSigner::read(&text(key_file)?, &text(certificate_file)?)?)
            }
            Self::GostCms { key_file, certificate_file } => {
                let signer = GostSigner::read(&text(key_file)?, &text(certificate_file)?)?;
                Arc::new(signer.cms(ambient.clone()))
            }
            Self::RsaCms { key_file, certificate_file } => {
                let (key, certificate) = (text(key_file)?, text(certificate_file)?);
                Arc::new(RsaCmsSigner::read(&key, &certificate, ambient.clone())?)
            }
            Self::Command { argv, certificate_file, form, order, timeout_seconds } => {
                let outside = outside(certificate_file, *form, *order, *timeout_seconds)?;
                let argv = argv.iter().map(OsString::from).collect();
                Arc::new(CommandSigner::new(argv, outside)?)
            }
            Self::Http {
                url,
                token_file,
                extra_roots_file,
                certificate_file,
                form,
                order,
                timeout_seconds,
            } => {
                let outside = outside(certificate_file, *form, *order, *timeout_seconds)?;
                let token = token_file.as_deref().map(text).transpose()?;
                let token = token.map(|token| BearerToken::new(token.trim())).transpose()?;
                let roots = extra_roots_file.as_deref().map(text).transpose()?;
                let roots = roots.as_ref().map(|roots| roots.as_str());
                Arc::new(HttpSigner::new(url.clone(), token, roots, outside)?)
            }
        })
    }
}

/// Arguments and addresses may hold passwords.
impl fmt::Debug for SignerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, certificate_file) = match self {
            Self::Gost { certificate_file, .. } => ("Gost", certificate_file),
            Self::GostCms { certificate_file, .. } => ("GostCms", certificate_file),
            Self::RsaCms { certificate_file, .. } => ("RsaCms", certificate_file),
            Self::Command { certificate_file, .. } => ("Command", certificate_file),
            Self::Http { certificate_file, .. } => ("Http", certificate_file),
        };
        f.debug_struct(kind).field("certificate_file", certificate_file).finish_non_exhaustive()
    }
}

/// A text that may hold a key.
fn read_text(path: &Path) -> Result<Zeroizing<String>, SignerSettingsError> {
    let read = fs::read_to_string(path).map(Zeroizing::new);
    read.map_err(|error| SignerSettingsError::File { path: path.into(), kind: error.kind() })
}
