//! OpenSSL with the engine, keys and certificates.

use std::{fs, path::PathBuf, process::Command};

use chrono::{DateTime, Utc};
use eschool_esia::gost::{Certificate, Curve, PrivateKey};
use tempfile::TempDir;

pub(crate) const MESSAGE: &[u8] =
    "openid fullname snils 2026.01.01 00:00:00 +0300 сообщение".as_bytes();
/// What the engine calls the parameter sets, synonyms included.
pub(crate) const PARAMETER_SETS: [(&str, Curve); 9] = [
    ("A", Curve::CryptoProA),
    ("XA", Curve::CryptoProA),
    ("TCB", Curve::CryptoProA),
    ("B", Curve::CryptoProB),
    ("TCC", Curve::CryptoProB),
    ("C", Curve::CryptoProC),
    ("XB", Curve::CryptoProC),
    ("TCD", Curve::CryptoProC),
    ("TCA", Curve::Tc26A),
];

/// OpenSSL in a folder of its own, with the engine loaded.
pub(crate) struct OpenSsl {
    folder: TempDir,
}

impl OpenSsl {
    const CONFIGURATION: &str = "\
openssl_conf = root
[root]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
[req]
distinguished_name = name
[name]
";

    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("openssl.cnf"), Self::CONFIGURATION).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// What it prints, or what it complains of.
    pub(crate) fn run(&self, line: &str) -> Result<Vec<u8>, String> {
        let output = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("OPENSSL_CONF", self.path("openssl.cnf"))
            .output()
            .unwrap();
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(format!("openssl {line}: {}", String::from_utf8_lossy(&output.stderr)))
        }
    }

    pub(crate) fn must(&self, line: &str) -> Vec<u8> {
        self.run(line).unwrap_or_else(|complaint| panic!("{complaint}"))
    }
}

pub(crate) fn key(curve: Curve) -> PrivateKey {
    PrivateKey::generate(curve, &mut |bytes| getrandom::fill(bytes).unwrap())
}

pub(crate) fn certificate(key: &PrivateKey) -> Certificate {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (from, until) = (instant("2020-01-01T00:00:00Z"), instant("2069-12-31T23:59:59Z"));
    Certificate::self_signed(key, "Школа № 7, Рязань", [0xA5; 16], from, until).unwrap()
}
