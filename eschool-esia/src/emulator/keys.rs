//! The keys of an emulator that runs as a program: made once, and read on later starts.

mod file;

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::error::CodedError;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{TokenKeyError, TokenKeyPair};
use crate::{
    ambient::Ambient,
    gost::{Certificate, CertificateError, Curve, KeyError, PrivateKey},
};

/// How long the made certificate is valid: ten years. ЕСИА takes certificates of about one year;
/// here nothing is protected by it, and a test stand that stops after a year only costs somebody a
/// day.
const YEARS: i64 = 10;

/// The keys of an emulator and of the client that calls it.
///
/// | file | what it is |
/// |---|---|
/// | `token-key.pem` | the emulator's RSA key, private |
/// | `token-public-key.pem` | its public half: the client verifies tokens by it |
/// | `next-token-key.pem`, `next-token-public-key.pem` | the same for the key that takes over, where one is asked for |
/// | `gost-token-key.pem`, `gost-token-public-key.pem` | the same for tokens by ГОСТ, where they are asked for |
/// | `client-key.pem` | the client's ГОСТ key, private: the client signs requests with it |
/// | `client-certificate.pem` | its certificate, registered at the emulator |
///
/// ```
/// use eschool_esia::{ambient::Ambient, emulator::EmulatorKeys};
///
/// let folder = tempfile::tempdir()?;
/// let keys = EmulatorKeys::provide(folder.path(), &Ambient::system())?;
/// let again = EmulatorKeys::provide(folder.path(), &Ambient::system())?;
/// assert_eq!(keys.client_certificate.hash(), again.client_certificate.hash());
/// assert!(folder.path().join(EmulatorKeys::TOKEN_PUBLIC_KEY).exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct EmulatorKeys {
    /// What tokens are signed by.
    pub token_key: TokenKeyPair,
    /// What the client signs its requests with.
    pub client_key: PrivateKey,
    /// The certificate of that key.
    pub client_certificate: Certificate,
}

/// Why there are no keys.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::{ambient::Ambient, emulator::EmulatorKeys};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join(EmulatorKeys::TOKEN_KEY), "letmein")?;
/// let error = EmulatorKeys::provide(folder.path(), &Ambient::system()).unwrap_err();
/// assert_eq!(error.code(), "token_key_malformed");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Error)]
pub enum KeysError {
    /// A file or the folder cannot be read or written.
    #[error("`{}` cannot be used: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file holds no key for tokens.
    #[error("`{}` is refused: {error}", .path.display())]
    TokenKey {
        /// Which.
        path: PathBuf,
        /// Why.
        error: TokenKeyError,
    },
    /// A file holds no ГОСТ key.
    #[error("`{}` is refused: {error}", .path.display())]
    ClientKey {
        /// Which.
        path: PathBuf,
        /// Why.
        error: KeyError,
    },
    /// A file holds no certificate, or none could be made.
    #[error("`{}` is refused: {error}", .path.display())]
    Certificate {
        /// Which.
        path: PathBuf,
        /// Why.
        error: CertificateError,
    },
    /// The certificate is of another key.
    #[error("`{}` is not the certificate of the key beside it; remove both or put the right one back", .path.display())]
    Mismatch {
        /// The certificate.
        path: PathBuf,
    },
    /// The certificate is there and its key is not.
    #[error("`{}` is missing, but its certificate is there; remove the certificate or put the key back", .path.display())]
    KeyMissing {
        /// Where the key should be.
        path: PathBuf,
    },
}

impl CodedError for KeysError {
    fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "emulator_file",
            Self::TokenKey { error, .. } => error.code(),
            Self::ClientKey { error, .. } => error.code(),
            Self::Certificate { error, .. } => error.code(),
            Self::Mismatch { .. } => "emulator_key_mismatch",
            Self::KeyMissing { .. } => "emulator_key_missing",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::File { .. } => "Файл или папку не удалось прочитать или записать",
            Self::TokenKey { error, .. } => error.text_ru(),
            Self::ClientKey { error, .. } => error.text_ru(),
            Self::Certificate { error, .. } => error.text_ru(),
            Self::Mismatch { .. } => {
                "Сертификат не от того ключа, что лежит рядом. Удалите оба файла или верните нужный"
            }
            Self::KeyMissing { .. } => {
                "Сертификат есть, а его ключа нет. Удалите сертификат или верните ключ"
            }
        }
    }
}

impl EmulatorKeys {
    /// The emulator's private RSA key.
    pub const TOKEN_KEY: &'static str = "token-key.pem";
    /// The emulator's public RSA key.
    pub const TOKEN_PUBLIC_KEY: &'static str = "token-public-key.pem";
    /// The emulator's private RSA key that takes over.
    pub const NEXT_TOKEN_KEY: &'static str = "next-token-key.pem";
    /// The emulator's public RSA key that takes over.
    pub const NEXT_TOKEN_PUBLIC_KEY: &'static str = "next-token-public-key.pem";
    /// The emulator's private ГОСТ key.
    pub const GOST_TOKEN_KEY: &'static str = "gost-token-key.pem";
    /// The emulator's public ГОСТ key.
    pub const GOST_TOKEN_PUBLIC_KEY: &'static str = "gost-token-public-key.pem";
    /// The client's private ГОСТ key.
    pub const CLIENT_KEY: &'static str = "client-key.pem";
    /// The client's certificate.
    pub const CLIENT_CERTIFICATE: &'static str = "client-certificate.pem";

    /// Reads the keys of a folder; what is not there is made, for this user alone.
    ///
    /// # Errors
    /// [`KeysError`] names the file and what is wrong with it. A file that is there is never
    /// overwritten, but for the public key, which is copied from the private one.
    pub fn provide(dir: &Path, ambient: &Ambient) -> Result<Self, KeysError> {
        let token_key = Self::provide_token_key(dir, ambient)?;
        let (client_key, client_certificate) = client(dir, ambient)?;
        Ok(Self { token_key, client_key, client_certificate })
    }

    /// Reads or makes the emulator's own key alone, for where the client brings its certificate.
    ///
    /// # Errors
    /// As of [`provide`](Self::provide).
    pub fn provide_token_key(dir: &Path, ambient: &Ambient) -> Result<TokenKeyPair, KeysError> {
        make_folder(dir)?;
        token_key(dir, [Self::TOKEN_KEY, Self::TOKEN_PUBLIC_KEY], ambient)
    }

    /// Reads or makes the RSA key that takes over from the first one.
    ///
    /// # Errors
    /// As of [`provide`](Self::provide).
    pub fn provide_next_token_key(
        dir: &Path,
        ambient: &Ambient,
    ) -> Result<TokenKeyPair, KeysError> {
        make_folder(dir)?;
        token_key(dir, [Self::NEXT_TOKEN_KEY, Self::NEXT_TOKEN_PUBLIC_KEY], ambient)
    }

    /// Reads or makes the emulator's own ГОСТ key, for clients whose tokens are by ГОСТ.
    ///
    /// # Errors
    /// As of [`provide`](Self::provide).
    pub fn provide_gost_token_key(
        dir: &Path,
        ambient: &Ambient,
    ) -> Result<TokenKeyPair, KeysError> {
        make_folder(dir)?;
        let path = dir.join(Self::GOST_TOKEN_KEY);
        let key = TokenKeyPair::from_gost(gost_key(&path, ambient)?)
            .map_err(|error| KeysError::TokenKey { path, error })?;
        publish(&dir.join(Self::GOST_TOKEN_PUBLIC_KEY), &key, ambient)?;
        Ok(key)
    }
}

fn make_folder(dir: &Path) -> Result<(), KeysError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|error| KeysError::File { path: dir.into(), error })
}

impl fmt::Debug for EmulatorKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmulatorKeys(***)")
    }
}

/// An RSA key in two files: the whole, and its public half.
fn token_key(
    dir: &Path,
    [whole, public]: [&str; 2],
    ambient: &Ambient,
) -> Result<TokenKeyPair, KeysError> {
    let path = dir.join(whole);
    let refused = |error| KeysError::TokenKey { path: path.clone(), error };
    let pem = file::read_or_make(&path, ambient, || {
        TokenKeyPair::generate().and_then(|key| key.to_pkcs8_pem()).map_err(refused)
    })?;
    file::warn_of_readers(&path);
    let key = TokenKeyPair::from_pkcs8_pem(&pem).map_err(refused)?;
    publish(&dir.join(public), &key, ambient)?;
    Ok(key)
}

/// Writes the public half, unless it stands there already.
fn publish(path: &Path, key: &TokenKeyPair, ambient: &Ambient) -> Result<(), KeysError> {
    if fs::read_to_string(path).ok().as_deref() == Some(key.public_key_pem()) {
        return Ok(());
    }
    file::replace(path, key.public_key_pem(), ambient)
        .map_err(|error| KeysError::File { path: path.into(), error })
}

/// A ГОСТ key, read or made.
fn gost_key(path: &Path, ambient: &Ambient) -> Result<PrivateKey, KeysError> {
    let refused = |error| KeysError::ClientKey { path: path.into(), error };
    let pem = file::read_or_make(path, ambient, || {
        let mut fill = |bytes: &mut [u8]| {
            for chunk in bytes.chunks_mut(32) {
                let random = Zeroizing::new(ambient.random::<32>());
                chunk.iter_mut().zip(random.iter()).for_each(|(to, from)| *to = *from);
            }
        };
        PrivateKey::generate(Curve::CryptoProA, &mut fill).to_pkcs8_pem().map_err(refused)
    })?;
    file::warn_of_readers(path);
    PrivateKey::from_pkcs8_pem(&pem).map_err(refused)
}

fn client(dir: &Path, ambient: &Ambient) -> Result<(PrivateKey, Certificate), KeysError> {
    let key_path = dir.join(EmulatorKeys::CLIENT_KEY);
    let path = dir.join(EmulatorKeys::CLIENT_CERTIFICATE);
    if path.exists() && !key_path.exists() {
        return Err(KeysError::KeyMissing { path: key_path });
    }
    let key = gost_key(&key_path, ambient)?;
    let refused = |error| KeysError::Certificate { path: path.clone(), error };
    let pem = file::read_or_make(&path, ambient, || {
        let (from, until) = validity(ambient.now());
        Certificate::self_signed(&key, "ESIA emulator client", ambient.random(), from, until)
            .and_then(|certificate| certificate.to_pem())
            .map(Zeroizing::new)
            .map_err(refused)
    })?;
    let certificate = Certificate::from_pem(&pem).map_err(refused)?;
    if certificate.public_key() != Ok(key.public_key()) {
        return Err(KeysError::Mismatch { path });
    }
    Ok((key, certificate))
}

/// From a day before now, for clocks that are a little behind.
fn validity(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let span = TimeDelta::days(365 * YEARS);
    let from = now.checked_sub_signed(TimeDelta::days(1)).unwrap_or(now);
    (from, now.checked_add_signed(span).unwrap_or(now))
}
