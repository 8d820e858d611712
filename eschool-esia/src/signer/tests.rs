//! Signers in this process, and answers of those outside it. Real programs and services are in
//! `tests/signer`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};

use super::*;
use crate::{
    ambient::Ambient,
    certificate::CertificateError,
    cms::{self, CmsError},
    gost::{Curve, KeyError, PrivateKey, Signature, SignatureError},
    rsa::RsaKeyError,
};

const RSA: &str = include_str!("../../tests/keys/rsa.pem");

fn ambient() -> Ambient {
    let now: DateTime<Utc> = "2026-05-01T09:00:00Z".parse().unwrap();
    Ambient::system().with_clock(std::sync::Arc::new(move || now))
}

fn key(curve: Curve, byte: u8) -> PrivateKey {
    PrivateKey::generate(curve, &mut |bytes| bytes.fill(byte))
}

fn certificate(key: &PrivateKey) -> Certificate {
    let [from, until] =
        ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"].map(|text| text.parse().unwrap());
    Certificate::self_signed(key, "eschool", [1; 16], from, until).unwrap()
}

/// The certificate with its key's algorithm made that of 512 bits.
fn foreign(certificate: &Certificate) -> Certificate {
    let own = [0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01];
    let mut der = certificate.as_der().to_vec();
    let at = der.windows(own.len()).position(|window| window == own).unwrap();
    der[at + own.len() - 1] = 0x02;
    Certificate::from_der(&der).unwrap()
}

#[tokio::test]
async fn a_signer_signs_with_its_key_and_names_its_certificate() {
    for curve in Curve::ALL {
        let certificate = certificate(&key(curve, 7));
        let signer = GostSigner::new(key(curve, 7), certificate.clone()).unwrap();
        let signature = signer.sign(b"openid").await.unwrap();
        let signature = Signature::from_slice(signature.as_bytes()).unwrap();
        let public = certificate.public_key().unwrap();
        assert_eq!(public.verify(b"openid", &signature), Ok(()), "{curve:?}");
        assert_eq!(signer.certificate(), &certificate, "{curve:?}");
        assert_eq!(signer.form(), SignatureForm::Raw, "{curve:?}");
    }
}

#[test]
fn a_certificate_of_another_key_is_refused() {
    for curve in Curve::ALL {
        let own = certificate(&key(curve, 7));
        let refused = GostSigner::new(key(curve, 8), own.clone()).unwrap_err();
        assert_eq!(refused, SignerError::OtherKey, "{curve:?}");
        let refused = GostSigner::new(key(curve, 7), foreign(&own)).unwrap_err();
        assert_eq!(refused, SignerError::Key(KeyError::Algorithm), "{curve:?}");
    }
    let other_curve = certificate(&key(Curve::CryptoProB, 7));
    let refused = GostSigner::new(key(Curve::CryptoProA, 7), other_curve).unwrap_err();
    assert_eq!(refused, SignerError::OtherKey);
}

#[test]
fn a_text_that_cannot_be_read_is_named() {
    let key_pem = key(Curve::CryptoProA, 7).to_pkcs8_pem().unwrap();
    let certificate_pem = certificate(&key(Curve::CryptoProA, 7)).to_pem().unwrap();
    let both = format!("{}{certificate_pem}", *key_pem);
    assert!(GostSigner::read(&key_pem, &certificate_pem).is_ok());
    assert!(GostSigner::read(&both, &both).is_ok());
    let swapped = GostSigner::read(&certificate_pem, &key_pem).unwrap_err();
    assert_eq!(swapped, SignerError::Key(KeyError::Pem));
    let twice = GostSigner::read(&key_pem, &key_pem).unwrap_err();
    assert_eq!(twice, SignerError::Certificate(CertificateError::Pem));
}

#[test]
fn a_log_shows_nothing_of_the_key() {
    let signer = GostSigner::new(key(Curve::Tc26A, 7), certificate(&key(Curve::Tc26A, 7))).unwrap();
    let shown = format!("{signer:?}");
    assert_eq!(shown, format!("GostSigner {{ certificate: {:?}, .. }}", signer.certificate()));
    let shown = format!("{:?}", signer.cms(Ambient::system()));
    assert!(shown.starts_with("GostCmsSigner { certificate: Certificate { hash: "), "{shown}");
}

#[tokio::test]
async fn a_signer_of_cms_signs_with_its_key_at_the_time_of_its_clock() {
    let gost = GostSigner::new(key(Curve::Tc26A, 7), certificate(&key(Curve::Tc26A, 7))).unwrap();
    let gost = gost.cms(ambient());
    let rsa = RsaCmsSigner::read(RSA, RSA, ambient()).unwrap();
    let signers: [&dyn Signer; 2] = [&gost, &rsa];
    for signer in signers {
        assert_eq!(signer.form(), SignatureForm::Cms);
        let signature = signer.sign(b"openid").await.unwrap();
        let der = signature.as_bytes();
        assert_eq!(cms::verify(der, b"openid", signer.certificate()), Ok(()));
        assert!(der.windows(13).any(|window| window == b"260501090000Z"));
    }
}

#[test]
fn an_rsa_certificate_of_another_key_is_refused() {
    let gost = certificate(&key(Curve::CryptoProA, 7)).to_pem().unwrap();
    for (key, certificate, expected) in [
        (RSA, gost.as_str(), SignerError::OtherKey),
        (&gost, RSA, SignerError::RsaKey(RsaKeyError::Pem)),
        (RSA, "", SignerError::Certificate(CertificateError::Pem)),
    ] {
        assert_eq!(RsaCmsSigner::read(key, certificate, ambient()).unwrap_err(), expected);
    }
    let mixed = GostSigner::read(&key(Curve::CryptoProA, 7).to_pkcs8_pem().unwrap(), RSA);
    assert_eq!(mixed.unwrap_err(), SignerError::Key(KeyError::Algorithm));
}

fn outside(order: ByteOrder) -> Outside {
    Outside { order, ..Outside::new(certificate(&key(Curve::CryptoProA, 7))) }
}

#[test]
fn a_raw_answer_is_bytes_or_base64_in_the_order_of_the_settings() {
    let signature = key(Curve::CryptoProA, 7).sign(b"openid");
    let backwards = signature.reversed();
    for (order, given) in [(ByteOrder::Sr, signature), (ByteOrder::Reversed, backwards)] {
        let padded = BASE64_STANDARD.encode(given.as_bytes());
        let (first, rest) = padded.split_at(40);
        for answer in [
            given.as_bytes().to_vec(),
            padded.clone().into_bytes(),
            format!("{padded}\n").into_bytes(),
            format!("{first}\r\n{rest}\r\n").into_bytes(),
            given.to_base64url().into_bytes(),
        ] {
            let judged = outside(order).judge(b"openid", &answer).unwrap();
            assert_eq!(judged, signature.into(), "{order:?} {answer:?}");
        }
    }
}

#[test]
fn a_raw_answer_that_esia_would_refuse_is_named() {
    let signature = key(Curve::CryptoProA, 7).sign(b"openid");
    let other = key(Curve::CryptoProA, 8).sign(b"openid");
    for (order, answer, expected) in [
        (ByteOrder::Reversed, signature.as_bytes().as_slice(), SignerError::Backwards),
        (ByteOrder::Sr, signature.reversed().as_bytes(), SignerError::Backwards),
        (ByteOrder::Sr, other.as_bytes(), SignatureError::Mismatch.into()),
        (ByteOrder::Sr, &[0; 64], SignatureError::Range.into()),
        (ByteOrder::Sr, b"", SignatureError::Malformed.into()),
        (ByteOrder::Sr, b"AAAA", SignatureError::Malformed.into()),
        (ByteOrder::Sr, &[0; 65], SignerError::AnswerUnreadable),
        (ByteOrder::Sr, "ошибка".as_bytes(), SignerError::AnswerUnreadable),
    ] {
        let judged = outside(order).judge(b"openid", answer);
        assert_eq!(judged, Err(expected), "{order:?} {answer:?}");
    }
    let judged = outside(ByteOrder::Sr).judge(b"openid fullname", signature.as_bytes());
    assert_eq!(judged, Err(SignatureError::Mismatch.into()));
}

#[tokio::test]
async fn an_answer_in_cms_is_der_base64_or_pem() {
    let signer = RsaCmsSigner::read(RSA, RSA, ambient()).unwrap();
    let signature = signer.sign(b"openid").await.unwrap();
    let der = signature.as_bytes();
    let outside =
        Outside { form: SignatureForm::Cms, ..Outside::new(signer.certificate().clone()) };
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    let lines = lines.join("\n");
    for answer in [
        der.to_vec(),
        base64.clone().into_bytes(),
        lines.clone().into_bytes(),
        format!("-----BEGIN CMS-----\n{lines}\n-----END CMS-----\n").into_bytes(),
        format!("-----BEGIN PKCS7-----\r\n{base64}\r\n-----END PKCS7-----").into_bytes(),
    ] {
        assert_eq!(outside.judge(b"openid", &answer).as_ref(), Ok(&signature));
    }
    let twice = der.repeat(2);
    for (answer, expected) in [
        (b"".as_slice(), SignerError::AnswerUnreadable),
        (b"-----BEGIN CMS-----", SignerError::AnswerUnreadable),
        ("ошибка".as_bytes(), SignerError::AnswerUnreadable),
        (b"MAA=", CmsError::Malformed.into()),
        (&der[..100], CmsError::Malformed.into()),
        (&twice, CmsError::TrailingBytes.into()),
    ] {
        assert_eq!(outside.judge(b"openid", answer), Err(expected), "{answer:?}");
    }
    assert_eq!(outside.judge(b"other", der), Err(CmsError::Digest.into()));
}

#[test]
fn what_could_not_sign_for_esia_is_refused_at_once() {
    let good = outside(ByteOrder::Sr);
    let rsa = Certificate::from_pem(RSA).unwrap();
    let seconds =
        |seconds| Outside { timeout: std::time::Duration::from_secs(seconds), ..good.clone() };
    for (outside, expected) in [
        (seconds(1), Ok(())),
        (seconds(60), Ok(())),
        (seconds(0), Err(SignerSettingsError::Timeout)),
        (seconds(61), Err(SignerSettingsError::Timeout)),
        (Outside::new(rsa.clone()), Err(SignerError::Key(KeyError::Algorithm).into())),
        (Outside { form: SignatureForm::Cms, ..Outside::new(rsa) }, Ok(())),
        (
            Outside { form: SignatureForm::Cms, ..outside(ByteOrder::Reversed) },
            Err(SignerSettingsError::Order),
        ),
    ] {
        assert_eq!(outside.check(), expected, "{outside:?}");
    }
}
