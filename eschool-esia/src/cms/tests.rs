//! What is signed verifies, and nothing else does. OpenSSL's opinion is in `tests/openssl.rs`.

use ::cms::{content_info::ContentInfo, signed_data::SignedData};
use chrono::{DateTime, Utc};
use const_oid::{
    ObjectIdentifier,
    db::{
        rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA, ID_SIGNING_TIME},
        rfc5912::{ID_SHA_512, RSA_ENCRYPTION},
    },
};
use der::{
    Any, Decode as _, Encode as _,
    asn1::{OctetString, SetOfVec},
};
use proptest::prelude::*;
use x509_cert::attr::{Attribute, Attributes};

use super::{CmsError, LONGEST, SigningKey, sign, verify};
use crate::{
    certificate::Certificate,
    gost::{Curve, PrivateKey},
    rsa::{RsaKeyError, RsaPrivateKey},
};

const MESSAGE: &[u8] = "openid snils 2026.01.01 00:00:00 +0300 сообщение".as_bytes();
const RSA_PEM: &str = include_str!("../../tests/keys/rsa.pem");
const RSA_PKCS1_PEM: &str = include_str!("../../tests/keys/rsa-pkcs1.pem");

fn now() -> DateTime<Utc> {
    "2026-01-15T09:00:00Z".parse().unwrap()
}

fn gost_key(curve: Curve, byte: u8) -> PrivateKey {
    PrivateKey::generate(curve, &mut |bytes| bytes.fill(byte))
}

fn gost_certificate(curve: Curve, byte: u8) -> Certificate {
    let until = "2027-01-01T00:00:00Z".parse().unwrap();
    Certificate::self_signed(&gost_key(curve, byte), "eschool", [1; 16], now(), until).unwrap()
}

/// A signature of each kind with its certificate.
fn both() -> [(Vec<u8>, Certificate); 2] {
    let rsa = RsaPrivateKey::from_pem(RSA_PEM).unwrap();
    let own = Certificate::from_pem(RSA_PEM).unwrap();
    let of_rsa = sign(SigningKey::Rsa(&rsa), &own, MESSAGE, now()).unwrap();
    let key = gost_key(Curve::CryptoProA, 7);
    let gost = gost_certificate(Curve::CryptoProA, 7);
    let of_gost = sign(SigningKey::Gost(&key), &gost, MESSAGE, now()).unwrap();
    [(of_rsa, own), (of_gost, gost)]
}

fn changed(der: &[u8], change: impl FnOnce(&mut SignedData)) -> Vec<u8> {
    let mut info = ContentInfo::from_der(der).unwrap();
    let mut data: SignedData = info.content.decode_as().unwrap();
    change(&mut data);
    info.content = Any::encode_from(&data).unwrap();
    info.to_der().unwrap()
}

fn octets(bytes: &[u8]) -> Any {
    Any::encode_from(&OctetString::new(bytes).unwrap()).unwrap()
}

/// Changes the one signer, in place.
fn signer(data: &mut SignedData, change: impl FnOnce(&mut ::cms::signed_data::SignerInfo)) {
    let mut one = data.signer_infos.0.as_slice()[0].clone();
    change(&mut one);
    data.signer_infos.0 = SetOfVec::try_from(vec![one]).unwrap();
}

/// Changes the signed attributes as a list.
fn attributes(data: &mut SignedData, change: impl FnOnce(&mut Vec<Attribute>)) {
    signer(data, |signer| {
        let mut list = signer.signed_attrs.take().unwrap().into_vec();
        change(&mut list);
        signer.signed_attrs = Some(Attributes::try_from(list).unwrap());
    });
}

fn find(list: &mut [Attribute], oid: ObjectIdentifier) -> &mut Attribute {
    list.iter_mut().find(|attribute| attribute.oid == oid).unwrap()
}

#[test]
fn what_is_signed_verifies_on_every_curve_and_with_rsa() {
    for (der, certificate) in both() {
        assert_eq!(verify(&der, MESSAGE, &certificate), Ok(()));
        assert_eq!(verify(&der, b"", &certificate), Err(CmsError::Digest));
    }
    for curve in Curve::ALL {
        let (key, own) = (gost_key(curve, 7), gost_certificate(curve, 7));
        for message in [b"".as_slice(), MESSAGE, &[0; 100_000]] {
            let der = sign(SigningKey::Gost(&key), &own, message, now()).unwrap();
            assert_eq!(verify(&der, message, &own), Ok(()), "{curve:?}");
        }
    }
}

#[test]
fn the_message_is_not_inside_and_the_time_is() {
    for (der, _) in both() {
        assert!(!der.windows(8).any(|window| window == &MESSAGE[..8]));
        assert!(der.windows(13).any(|window| window == b"260115090000Z"));
    }
}

#[test]
fn an_instant_that_cannot_be_written_is_refused() {
    let key = gost_key(Curve::CryptoProA, 7);
    let own = gost_certificate(Curve::CryptoProA, 7);
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let made = sign(SigningKey::Gost(&key), &own, MESSAGE, at);
        assert_eq!(made, Err(CmsError::Unmade), "{at}");
    }
    let late = "2050-01-01T00:00:00Z".parse().unwrap();
    let der = sign(SigningKey::Gost(&key), &own, MESSAGE, late).unwrap();
    assert_eq!(verify(&der, MESSAGE, &own), Ok(()));
}

#[test]
fn a_spoilt_part_is_refused_by_its_name() {
    type Change = fn(&mut SignedData);
    let table: [(&str, CmsError, Change); 23] = [
        ("other content type", CmsError::ContentType, |d| {
            d.encap_content_info.econtent_type = ID_SIGNED_DATA;
        }),
        ("another message inside", CmsError::Content, |d| {
            d.encap_content_info.econtent = Some(octets(b"another"));
        }),
        ("no text inside", CmsError::Malformed, |d| {
            d.encap_content_info.econtent = Some(Any::null());
        }),
        ("no signer", CmsError::Signers, |d| d.signer_infos.0 = SetOfVec::new()),
        ("two signers", CmsError::Signers, |d| {
            let one = d.signer_infos.0.as_slice()[0].clone();
            let mut other = one.clone();
            other.signature = OctetString::new([1; 64]).unwrap();
            d.signer_infos.0 = SetOfVec::try_from(vec![one, other]).unwrap();
        }),
        ("the same signer twice", CmsError::Signers, |d| {
            let one = d.signer_infos.0.as_slice()[0].clone();
            d.signer_infos.0 = SetOfVec::try_from(vec![one.clone(), one]).unwrap();
        }),
        ("no certificate", CmsError::CertificateMissing, |d| d.certificates = None),
        ("an empty set of certificates", CmsError::CertificateMissing, |d| {
            d.certificates.as_mut().unwrap().0 = SetOfVec::new();
        }),
        ("another digest", CmsError::Digest, |d| {
            attributes(d, |list| {
                find(list, ID_MESSAGE_DIGEST).values =
                    SetOfVec::try_from(vec![octets(&[7; 32])]).unwrap();
            });
        }),
        ("a digest that is none", CmsError::Malformed, |d| {
            attributes(d, |list| {
                find(list, ID_MESSAGE_DIGEST).values =
                    SetOfVec::try_from(vec![Any::null()]).unwrap();
            });
        }),
        ("a shorter digest", CmsError::Digest, |d| {
            attributes(d, |list| {
                find(list, ID_MESSAGE_DIGEST).values =
                    SetOfVec::try_from(vec![octets(&[])]).unwrap();
            });
        }),
        ("two digests", CmsError::Attributes, |d| {
            attributes(d, |list| {
                find(list, ID_MESSAGE_DIGEST).values.insert(octets(&[7; 32])).unwrap();
            });
        }),
        ("two attributes of a digest", CmsError::Attributes, |d| {
            attributes(d, |list| {
                let values = SetOfVec::try_from(vec![octets(&[7; 32])]).unwrap();
                list.push(Attribute { oid: ID_MESSAGE_DIGEST, values });
            });
        }),
        ("no digest", CmsError::Attributes, |d| {
            attributes(d, |list| list.retain(|one| one.oid != ID_MESSAGE_DIGEST));
        }),
        ("no content type", CmsError::Attributes, |d| {
            attributes(d, |list| list.retain(|one| one.oid != ID_CONTENT_TYPE));
        }),
        ("another content type among the attributes", CmsError::ContentType, |d| {
            attributes(d, |list| {
                let other = Any::encode_from(&ID_SIGNED_DATA).unwrap();
                find(list, ID_CONTENT_TYPE).values = SetOfVec::try_from(vec![other]).unwrap();
            });
        }),
        ("no attributes at all", CmsError::Attributes, |d| {
            signer(d, |signer| signer.signed_attrs = None);
        }),
        ("no signing time, which was signed", CmsError::Signature, |d| {
            attributes(d, |list| list.retain(|one| one.oid != ID_SIGNING_TIME));
        }),
        ("another digest algorithm", CmsError::Algorithm, |d| {
            signer(d, |signer| signer.digest_alg.oid = ID_SHA_512);
        }),
        ("another signature algorithm", CmsError::Algorithm, |d| {
            signer(d, |signer| signer.signature_algorithm.oid = ID_DATA);
        }),
        ("parameters nobody knows", CmsError::Algorithm, |d| {
            signer(d, |signer| signer.signature_algorithm.parameters = Some(octets(&[1])));
        }),
        ("a shorter signature", CmsError::Signature, |d| {
            signer(d, |signer| signer.signature = OctetString::new([1; 63]).unwrap());
        }),
        ("a signature backwards", CmsError::Signature, |d| {
            signer(d, |signer| {
                let backwards: Vec<u8> =
                    signer.signature.as_bytes().iter().rev().copied().collect();
                signer.signature = OctetString::new(backwards).unwrap();
            });
        }),
    ];
    for (der, certificate) in both() {
        for (name, expected, change) in &table {
            let spoilt = changed(&der, change);
            assert_eq!(verify(&spoilt, MESSAGE, &certificate), Err(*expected), "{name}");
        }
        let same = changed(&der, |_| ());
        assert_eq!(verify(&same, MESSAGE, &certificate), Ok(()), "untouched");
        let attached = changed(&der, |d| d.encap_content_info.econtent = Some(octets(MESSAGE)));
        assert_eq!(verify(&attached, MESSAGE, &certificate), Ok(()), "the message inside");
    }
}

#[test]
fn another_form_is_refused_by_its_name() {
    let [(of_rsa, _), (der, certificate)] = both();
    for length in 0..der.len() {
        assert_eq!(verify(&der[..length], MESSAGE, &certificate), Err(CmsError::Malformed));
    }
    let mut longer = der.clone();
    longer.push(0);
    assert_eq!(verify(&longer, MESSAGE, &certificate), Err(CmsError::TrailingBytes));
    let twice = der.repeat(2);
    assert_eq!(verify(&twice, MESSAGE, &certificate), Err(CmsError::TrailingBytes));
    for length in [LONGEST + 1, 1024 * 1024] {
        assert_eq!(verify(&vec![0x30; length], MESSAGE, &certificate), Err(CmsError::TooLong));
    }
    let mut info = ContentInfo::from_der(&der).unwrap();
    info.content_type = ID_DATA;
    let other = info.to_der().unwrap();
    assert_eq!(verify(&other, MESSAGE, &certificate), Err(CmsError::NotSigned));
    let raw = gost_key(Curve::CryptoProA, 7).sign(MESSAGE);
    assert_eq!(verify(raw.as_bytes(), MESSAGE, &certificate), Err(CmsError::Malformed));
    assert_eq!(verify(&of_rsa, MESSAGE, &certificate), Err(CmsError::CertificateForeign));
}

#[test]
fn a_signer_of_the_same_name_with_another_key_is_foreign() {
    let [_, (der, certificate)] = both();
    // Name and serial number are alike; the key is not.
    let other = gost_certificate(Curve::CryptoProA, 8);
    assert_eq!(verify(&der, MESSAGE, &other), Err(CmsError::CertificateForeign));
    // The other's key signs under this certificate.
    let forged =
        sign(SigningKey::Gost(&gost_key(Curve::CryptoProA, 8)), &certificate, MESSAGE, now());
    assert_eq!(verify(&forged.unwrap(), MESSAGE, &certificate), Err(CmsError::Signature));
}

#[test]
fn the_names_of_an_algorithm_do_not_lend_it_another_key() {
    let [(of_rsa, rsa), (of_gost, gost)] = both();
    let named = |der: &[u8], like: &[u8]| {
        let like: SignedData = ContentInfo::from_der(like).unwrap().content.decode_as().unwrap();
        let like = like.signer_infos.0.as_slice()[0].clone();
        changed(der, |data| {
            signer(data, |signer| {
                signer.digest_alg = like.digest_alg;
                signer.signature_algorithm = like.signature_algorithm;
                signer.signed_attrs = like.signed_attrs;
            });
        })
    };
    let of_rsa_named_gost = named(&of_rsa, &of_gost);
    assert_eq!(verify(&of_rsa_named_gost, MESSAGE, &rsa), Err(CmsError::Signature));
    let of_gost_named_rsa = named(&of_gost, &of_rsa);
    assert_eq!(verify(&of_gost_named_rsa, MESSAGE, &gost), Err(CmsError::Signature));
    let mixed = changed(&of_gost, |data| {
        signer(data, |signer| signer.signature_algorithm.oid = RSA_ENCRYPTION);
    });
    assert_eq!(verify(&mixed, MESSAGE, &gost), Err(CmsError::Algorithm));
}

#[test]
fn rsa_keys_are_read_in_both_forms_and_others_are_named() {
    let certificate = Certificate::from_pem(RSA_PEM).unwrap();
    for pem in [RSA_PEM, RSA_PKCS1_PEM] {
        let key = RsaPrivateKey::from_pem(pem).unwrap();
        assert!(key.belongs_to(&certificate));
        assert!(!key.belongs_to(&gost_certificate(Curve::CryptoProA, 7)));
        assert_eq!(format!("{key:?}"), "RsaPrivateKey(…)");
    }
    let gost = gost_key(Curve::CryptoProA, 7).to_pkcs8_pem().unwrap();
    let encrypted = RSA_PKCS1_PEM.replace(
        "RSA PRIVATE KEY-----\nMII",
        "RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMII",
    );
    for (pem, expected) in [
        ("", RsaKeyError::Pem),
        (&RSA_PEM.replace("M", ""), RsaKeyError::Pem),
        (gost.as_str(), RsaKeyError::Refused),
        (&RSA_PEM.replace(" PRIVATE", " ENCRYPTED PRIVATE"), RsaKeyError::Encrypted),
        (&encrypted, RsaKeyError::Encrypted),
    ] {
        assert_eq!(RsaPrivateKey::from_pem(pem).unwrap_err(), expected);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_taken_for_cms(bytes in any::<Vec<u8>>()) {
        let [_, (_, certificate)] = both();
        prop_assert!(verify(&bytes, MESSAGE, &certificate).is_err());
    }

    #[test]
    fn a_damaged_byte_never_signs_another_message(at in any::<prop::sample::Index>(), to: u8) {
        for (mut der, certificate) in both() {
            *at.get_mut(&mut der) = to;
            prop_assert!(verify(&der, b"another", &certificate).is_err());
        }
    }
}
