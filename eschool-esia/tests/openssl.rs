//! A second opinion on every ГОСТ form: OpenSSL with its gost engine.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is how a test fails")]

use std::{fs, path::PathBuf, process::Command};

use chrono::{DateTime, Utc};
use eschool_esia::{
    gost::{Certificate, Curve, PrivateKey, PublicKey, Signature},
    signer::GostSigner,
};
use tempfile::TempDir;

const MESSAGE: &[u8] = "openid fullname snils 2026.01.01 00:00:00 +0300 сообщение".as_bytes();
/// What the engine calls the parameter sets, synonyms included.
const PARAMETER_SETS: [(&str, Curve); 9] = [
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
struct OpenSsl {
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

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("openssl.cnf"), Self::CONFIGURATION).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// What it prints, or what it complains of.
    fn run(&self, line: &str) -> Result<Vec<u8>, String> {
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

    fn must(&self, line: &str) -> Vec<u8> {
        self.run(line).unwrap_or_else(|complaint| panic!("{complaint}"))
    }
}

fn key(curve: Curve) -> PrivateKey {
    PrivateKey::generate(curve, &mut |bytes| getrandom::fill(bytes).unwrap())
}

fn certificate(key: &PrivateKey) -> Certificate {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (from, until) = (instant("2020-01-01T00:00:00Z"), instant("2069-12-31T23:59:59Z"));
    Certificate::self_signed(key, "Школа № 7, Рязань", [0xA5; 16], from, until).unwrap()
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_verifies_what_we_sign() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    openssl.write("other", b"another message");
    for curve in Curve::ALL {
        let key = key(curve);
        openssl.write("public.der", key.public_key().to_spki_der().unwrap());
        openssl.write("signature", key.sign(MESSAGE).as_bytes());
        let verify = "dgst -md_gost12_256 -keyform DER -verify public.der -signature signature";
        openssl.must(&format!("{verify} message"));
        assert!(openssl.run(&format!("{verify} other")).is_err(), "{curve:?}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn we_read_keys_of_openssl_and_verify_what_it_signs() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    for (name, curve) in PARAMETER_SETS {
        openssl.must(&format!(
            "genpkey -algorithm gost2012_256 -pkeyopt paramset:{name} -out private.pem"
        ));
        let public = openssl.must("pkey -in private.pem -pubout -outform DER");
        let public = PublicKey::from_spki_der(&public).unwrap();
        assert_eq!(public.curve(), curve, "{name}");

        let private = PrivateKey::from_pkcs8_pem(&openssl.read("private.pem")).unwrap();
        assert_eq!(private.public_key(), public, "{name}");

        let signature = openssl.must("dgst -md_gost12_256 -sign private.pem message");
        let signature = Signature::from_slice(&signature).unwrap();
        assert_eq!(public.verify(MESSAGE, &signature), Ok(()), "{name}");
        assert!(public.verify(b"another message", &signature).is_err(), "{name}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_reads_our_private_keys() {
    let openssl = OpenSsl::new();
    for curve in Curve::ALL {
        let key = key(curve);
        openssl.write("private.pem", key.to_pkcs8_pem().unwrap().as_bytes());
        let public = openssl.must("pkey -in private.pem -pubout -outform DER");
        assert_eq!(public, key.public_key().to_spki_der().unwrap(), "{curve:?}");
        let written = openssl.must("pkey -in private.pem");
        assert_eq!(written, key.to_pkcs8_pem().unwrap().as_bytes(), "{curve:?}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_reads_our_certificates_and_verifies_their_signature() {
    let openssl = OpenSsl::new();
    let verify = "verify -check_ss_sig -CAfile certificate.pem certificate.pem";
    for curve in Curve::ALL {
        let key = key(curve);
        let certificate = certificate(&key);
        openssl.write("certificate.pem", certificate.to_pem().unwrap());
        openssl.must(verify);
        let fields = "x509 -in certificate.pem -noout -subject -serial -startdate -enddate \
                      -nameopt utf8,sep_comma_plus";
        let fields = String::from_utf8(openssl.must(fields)).unwrap();
        let expected = "\
subject=CN=Школа № 7, Рязань
serial=A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5
notBefore=Jan  1 00:00:00 2020 GMT
notAfter=Dec 31 23:59:59 2069 GMT
";
        assert_eq!(fields, expected, "{curve:?}");

        let mut forged = certificate.as_der().to_vec();
        *forged.last_mut().unwrap() ^= 1;
        let forged = Certificate::from_der(&forged).unwrap();
        openssl.write("certificate.pem", forged.to_pem().unwrap());
        let complaint = openssl.run(verify).unwrap_err();
        assert!(complaint.contains("certificate signature failure"), "{complaint}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn we_read_certificates_of_openssl_and_hash_them_alike() {
    let openssl = OpenSsl::new();
    for (name, _) in PARAMETER_SETS {
        openssl.must(&format!(
            "req -x509 -newkey gost2012_256 -pkeyopt paramset:{name} -nodes -md_gost12_256 \
             -subj /CN=eschool -days 30 -keyout private.pem -out certificate.pem"
        ));
        openssl.must("x509 -in certificate.pem -outform DER -out certificate.der");
        let digest = openssl.must("dgst -md_gost12_256 -r certificate.der");
        let digest = String::from_utf8(digest).unwrap();
        let (digest, _) = digest.split_once(' ').unwrap();

        let certificate = Certificate::from_pem(&openssl.read("certificate.pem")).unwrap();
        assert_eq!(certificate.hash(), digest.to_uppercase(), "{name}");
        let days = (certificate.not_after() - certificate.not_before()).num_days();
        assert_eq!(days, 30, "{name}");
        let signer =
            GostSigner::read(&openssl.read("private.pem"), &openssl.read("certificate.pem"));
        assert_eq!(signer.unwrap().certificate(), &certificate, "{name}");
    }
}
