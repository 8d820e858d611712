//! Why the emulator does not start.

use std::{io, net::SocketAddr, path::PathBuf};

use chrono::{DateTime, Utc};
use eschool_esia::{
    emulator::{BookError, KeysError, PeopleError},
    gost::{CertificateError, KeyError},
};
use thiserror::Error;

/// Why the emulator does not start.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error(
        "`{0}` can be reached from other machines, and the emulator lets anybody be anybody; add --beyond-loopback if that is what you want"
    )]
    BeyondLoopback(SocketAddr),
    #[error("`{}` cannot be read: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("`{}` is refused: {error}", .path.display())]
    People { path: PathBuf, error: PeopleError },
    #[error("`{}` is refused: {error}", .path.display())]
    Book { path: PathBuf, error: BookError },
    #[error("`{}` is refused: {error}", .path.display())]
    Certificate { path: PathBuf, error: CertificateError },
    #[error("`{}` is refused: {error}; ЕСИА takes signatures of ГОСТ Р 34.10-2012, 256 bits, and of RSA at the old interface", .path.display())]
    CertificateKey { path: PathBuf, error: KeyError },
    #[error("`{}` is refused: the certificate ended on {}", .path.display(), .ended.format("%Y-%m-%d"))]
    CertificateEnded { path: PathBuf, ended: DateTime<Utc> },
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("`{address}` cannot be listened on: {error}")]
    Listen { address: SocketAddr, error: io::Error },
}

impl StartError {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::BeyondLoopback(_) => 2,
            _ => 1,
        }
    }
}
