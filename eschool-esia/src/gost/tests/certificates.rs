use chrono::{DateTime, TimeDelta, Utc};
use der::{Decode as _, Encode as _};
use proptest::prelude::*;

use super::key;
use crate::gost::{Certificate, CertificateError, Curve, KeyError, Signature};

const FROM: &str = "2026-01-01T00:00:00Z";
const UNTIL: &str = "2027-01-01T00:00:00Z";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn certificate(curve: Curve, byte: u8) -> Certificate {
    let serial = [0xa5; 16];
    Certificate::self_signed(&key(curve, byte), "eschool", serial, instant(FROM), instant(UNTIL))
        .unwrap()
}

/// The same certificate with the key's algorithm made that of 512 bits.
fn foreign(certificate: &Certificate) -> Certificate {
    let own = [0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01];
    let mut der = certificate.as_der().to_vec();
    let at = der.windows(own.len()).position(|window| window == own).unwrap();
    der[at + own.len() - 1] = 0x02;
    Certificate::from_der(&der).unwrap()
}

#[test]
fn a_self_signed_certificate_carries_its_key_and_its_signature() {
    for curve in Curve::ALL {
        let certificate = certificate(curve, 7);
        let public = key(curve, 7).public_key();
        assert_eq!(certificate.public_key(), Ok(public), "{curve:?}");

        let parsed = x509_cert::Certificate::from_der(certificate.as_der()).unwrap();
        let signature = Signature::from_slice(parsed.signature().raw_bytes()).unwrap();
        let content = parsed.tbs_certificate().to_der().unwrap();
        assert_eq!(public.verify(&content, &signature), Ok(()), "{curve:?}");
        assert_eq!(parsed.signature_algorithm(), parsed.tbs_certificate().signature());
    }
}

#[test]
fn the_hash_is_the_one_openssl_gives() {
    // openssl dgst -md_gost12_256 over this certificate's DER, in upper case.
    let hash = "7C96E68A56BA94D5A6CE2DE80EB17D5694BF3ED7F5F2D6A60FDE9BCED7EA48DB";
    assert_eq!(certificate(Curve::CryptoProA, 7).hash(), hash);
}

#[test]
fn validity_is_kept_to_the_second_on_both_sides_of_2050() {
    let key = key(Curve::CryptoProA, 7);
    for (from, until) in [
        ("1970-01-01T00:00:00Z", "2049-12-31T23:59:59Z"),
        ("2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z"),
        ("2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        (FROM, FROM),
    ] {
        let (from, until) = (instant(from), instant(until));
        let made = Certificate::self_signed(&key, "eschool", [1; 16], from, until).unwrap();
        assert_eq!((made.not_before(), made.not_after()), (from, until));
    }
    let parts = TimeDelta::milliseconds(999);
    let made =
        Certificate::self_signed(&key, "eschool", [1; 16], instant(FROM) + parts, instant(UNTIL));
    assert_eq!(made.unwrap().not_before(), instant(FROM));
}

#[test]
fn what_x509_does_not_allow_is_refused() {
    let key = key(Curve::CryptoProA, 7);
    let long = "ё".repeat(65);
    let table = [
        ("", [1; 16], FROM, UNTIL, CertificateError::CommonName),
        (&long, [1; 16], FROM, UNTIL, CertificateError::CommonName),
        ("eschool", [0; 16], FROM, UNTIL, CertificateError::Serial),
        ("eschool", [1; 16], UNTIL, FROM, CertificateError::Validity),
        ("eschool", [1; 16], "1969-12-31T23:59:59Z", UNTIL, CertificateError::Validity),
        ("eschool", [1; 16], FROM, "+10000-01-01T00:00:00Z", CertificateError::Validity),
    ];
    for (name, serial, from, until, expected) in table {
        let made = Certificate::self_signed(&key, name, serial, instant(from), instant(until));
        assert_eq!(made, Err(expected), "{name} {from} {until}");
    }
    let longest = "ё".repeat(64);
    for serial in [[0xff; 16], 1_u128.to_be_bytes()] {
        let made = Certificate::self_signed(&key, &longest, serial, instant(FROM), instant(UNTIL));
        assert!(made.is_ok(), "{serial:02x?}");
    }
}

#[test]
fn pem_is_read_as_programs_write_it() {
    let certificate = certificate(Curve::CryptoProA, 7);
    let pem = certificate.to_pem().unwrap();
    let other = self::certificate(Curve::Tc26A, 9).to_pem().unwrap();
    for text in [
        pem.clone(),
        pem.replace('\n', "\r\n"),
        format!("Certificate:\n    Data:\n{pem}"),
        format!("{pem}{other}"),
        format!("{}\n\n{pem}", *key(Curve::CryptoProA, 7).to_pkcs8_pem().unwrap()),
        format!("\u{feff}{}", pem.trim_end()),
    ] {
        assert_eq!(Certificate::from_pem(&text).as_ref(), Ok(&certificate), "{text}");
    }
    for text in [String::new(), pem.replace("CERTIFICATE", "PRIVATE KEY"), pem.replace('M', "")] {
        assert_eq!(Certificate::from_pem(&text), Err(CertificateError::Pem), "{text}");
    }
}

#[test]
fn a_log_shows_nothing_of_whom_a_certificate_is_for() {
    let shown = format!("{:?}", certificate(Curve::CryptoProA, 7));
    assert!(shown.contains("7C96E68A") && !shown.contains("eschool"), "{shown}");
    assert!(!shown.contains("48, 130"), "{shown}");
}

#[test]
fn a_certificate_of_another_algorithm_is_read_without_its_key() {
    let certificate = certificate(Curve::CryptoProA, 7);
    let foreign = foreign(&certificate);
    assert_eq!(foreign.public_key(), Err(KeyError::Algorithm));
    assert_eq!(foreign.not_after(), certificate.not_after());
    assert_ne!(foreign.hash(), certificate.hash());
}

proptest! {
    #[test]
    fn any_bytes_are_taken_for_a_certificate(bytes in any::<Vec<u8>>(), text in any::<String>()) {
        prop_assert!(Certificate::from_der(&bytes).is_err());
        prop_assert!(Certificate::from_pem(&text).is_err());
    }

    #[test]
    fn damaged_certificates_are_taken(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut der = certificate(Curve::CryptoProA, 7).as_der().to_vec();
        *at.get_mut(&mut der) = to;
        if let Ok(read) = Certificate::from_der(&der) {
            prop_assert_eq!(read.as_der(), der);
        }
    }
}
