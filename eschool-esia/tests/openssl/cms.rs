//! Signatures in CMS, both ways.

use eschool_esia::{
    certificate::Certificate,
    cms::{self, CmsError, SigningKey},
    gost::Curve,
    rsa::RsaPrivateKey,
};

use crate::stand::{MESSAGE, OpenSsl, PARAMETER_SETS, certificate, key};

const RSA: &str = include_str!("../keys/rsa.pem");
const VERIFY: &str =
    "cms -verify -binary -inform DER -in cms.der -CAfile certificate.pem -purpose any -out out";
const SIGN: &str = "cms -sign -binary -in message -signer certificate.pem -inkey private.pem \
                    -outform DER -out cms.der";

/// Makes `private.pem` and `certificate.pem`: of a parameter set, or of RSA.
fn provide(openssl: &OpenSsl, set: Option<&str>) -> Certificate {
    let key = match set {
        Some(set) => format!("gost2012_256 -pkeyopt paramset:{set} -md_gost12_256"),
        None => "rsa:2048 -sha256".into(),
    };
    openssl.must(&format!(
        "req -x509 -newkey {key} -nodes -subj /CN=eschool -days 30 \
         -addext subjectKeyIdentifier=hash -keyout private.pem -out certificate.pem"
    ));
    Certificate::from_pem(&openssl.read("certificate.pem")).unwrap()
}

fn signed(openssl: &OpenSsl, set: Option<&str>, options: &str) -> Vec<u8> {
    let digest = if set.is_some() { "md_gost12_256" } else { "sha256" };
    openssl.must(&format!("{SIGN} -md {digest} {options}"));
    std::fs::read(openssl.path("cms.der")).unwrap()
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_verifies_cms_that_we_sign() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    openssl.write("other", b"another message");
    let at = "2026-01-15T09:00:00Z".parse().unwrap();
    let judge = |der: &[u8], certificate: &Certificate, name: &str| {
        openssl.write("cms.der", der);
        openssl.write("certificate.pem", certificate.to_pem().unwrap());
        openssl.must(&format!("{VERIFY} -content message"));
        assert!(openssl.run(&format!("{VERIFY} -content other")).is_err(), "{name}");
        let printed = openssl.must("cms -cmsout -print -inform DER -in cms.der");
        let printed = String::from_utf8(printed).unwrap();
        assert!(printed.contains("Jan 15 09:00:00 2026 GMT"), "{name}: {printed}");
    };
    for curve in Curve::ALL {
        let key = key(curve);
        let certificate = certificate(&key);
        let der = cms::sign(SigningKey::Gost(&key), &certificate, MESSAGE, at).unwrap();
        judge(&der, &certificate, &format!("{curve:?}"));
    }
    let key = RsaPrivateKey::from_pem(RSA).unwrap();
    let certificate = Certificate::from_pem(RSA).unwrap();
    let der = cms::sign(SigningKey::Rsa(&key), &certificate, MESSAGE, at).unwrap();
    judge(&der, &certificate, "RSA");
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn we_verify_cms_that_openssl_signs() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    let sets = PARAMETER_SETS.into_iter().map(|(name, _)| Some(name)).chain([None]);
    for set in sets {
        let certificate = provide(&openssl, set);
        // As it comes, with the signer by the key's identifier, with the message inside.
        for options in ["", "-nosmimecap", "-keyid", "-nodetach"] {
            let der = signed(&openssl, set, options);
            let name = format!("{set:?} {options}");
            assert_eq!(cms::verify(&der, MESSAGE, &certificate), Ok(()), "{name}");
            let other = cms::verify(&der, b"another message", &certificate).unwrap_err();
            let expected =
                if options == "-nodetach" { CmsError::Content } else { CmsError::Digest };
            assert_eq!(other, expected, "{name}");
        }
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn cms_of_openssl_that_esia_could_not_trust_is_refused() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    for set in [Some("A"), None] {
        provide(&openssl, set);
        openssl.must("pkey -in private.pem -out second.key");
        openssl.write("second.pem", openssl.read("certificate.pem"));
        let second = Certificate::from_pem(&openssl.read("second.pem")).unwrap();
        let certificate = provide(&openssl, set);
        for (options, expected) in [
            ("-nocerts", CmsError::CertificateMissing),
            ("-noattr", CmsError::Attributes),
            ("-signer second.pem -inkey second.key", CmsError::Signers),
            ("-econtent_type 1.2.3.4", CmsError::ContentType),
        ] {
            let der = signed(&openssl, set, options);
            let judged = cms::verify(&der, MESSAGE, &certificate);
            assert_eq!(judged, Err(expected), "{set:?} {options}");
        }
        let der = signed(&openssl, set, "-certfile second.pem");
        assert_eq!(cms::verify(&der, MESSAGE, &certificate), Ok(()), "{set:?} a chain");
        let foreign = cms::verify(&der, MESSAGE, &second);
        assert_eq!(foreign, Err(CmsError::CertificateForeign), "{set:?}");
    }
    let certificate = provide(&openssl, None);
    openssl.must(&format!("{SIGN} -md sha512"));
    let der = std::fs::read(openssl.path("cms.der")).unwrap();
    assert_eq!(cms::verify(&der, MESSAGE, &certificate), Err(CmsError::Algorithm));
    openssl.must(
        "cms -encrypt -binary -aes256 -in message -outform DER -out cms.der -secretkey \
         000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F -secretkeyid 01",
    );
    let der = std::fs::read(openssl.path("cms.der")).unwrap();
    assert_eq!(cms::verify(&der, MESSAGE, &certificate), Err(CmsError::NotSigned));
}
