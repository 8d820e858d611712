use const_oid::ObjectIdentifier;
use crypto_bigint::U256;
use der::{
    AnyRef, Encode as _,
    asn1::{OctetStringRef, UintRef},
};
use pkcs8::PrivateKeyInfoRef;
use proptest::prelude::*;
use spki::AlgorithmIdentifier;

use super::{bytes, key};
use crate::gost::{Curve, KeyError, PrivateKey, PublicKey, parameters};

/// PKCS#8 around what stands for the private number.
fn pkcs8(curve: Curve, private: &[u8]) -> Vec<u8> {
    let parameters = parameters::write(curve).unwrap();
    let algorithm = parameters::algorithm(&parameters).unwrap();
    PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(private).unwrap()).to_der().unwrap()
}

/// A `SubjectPublicKeyInfo` whose coordinates, big-endian, are replaced.
fn spki(curve: Curve, x: [u8; 32], y: [u8; 32]) -> Vec<u8> {
    let mut der = key(curve, 7).public_key().to_spki_der().unwrap();
    let at = der.len() - 64;
    let little_endian: Vec<u8> = x.into_iter().rev().chain(y.into_iter().rev()).collect();
    der[at..].copy_from_slice(&little_endian);
    der
}

#[test]
fn the_private_number_is_read_in_all_its_forms() {
    // A number that fills 32 bytes, one with its highest bit set, one with leading zeros.
    for scalar in [[0x12; 32], [0xf1; 32], {
        let mut short = [0; 32];
        short[29] = 0x80;
        short
    }] {
        let expected = PrivateKey::from_scalar(Curve::CryptoProA, scalar).unwrap().public_key();
        let mut little_endian = scalar;
        little_endian.reverse();
        let octets = OctetStringRef::new(&little_endian).unwrap().to_der().unwrap();
        let integer = UintRef::new(&scalar).unwrap().to_der().unwrap();
        for form in [&little_endian[..], &octets, &integer] {
            let read = PrivateKey::from_pkcs8_der(&pkcs8(Curve::CryptoProA, form)).unwrap();
            assert_eq!(read.public_key(), expected, "{form:02x?}");
        }
    }
}

#[test]
fn a_private_number_of_another_length_is_refused() {
    let octets = |length: usize| OctetStringRef::new(&vec![7; length]).unwrap().to_der().unwrap();
    let integer = UintRef::new(&[7; 33]).unwrap().to_der().unwrap();
    for form in [vec![], vec![7; 31], vec![7; 64], octets(31), octets(64), integer] {
        let read = PrivateKey::from_pkcs8_der(&pkcs8(Curve::CryptoProA, &form));
        assert_eq!(read.unwrap_err(), KeyError::Masked, "{form:02x?}");
    }
}

#[test]
fn a_private_number_lies_between_zero_and_the_order() {
    for curve in Curve::ALL {
        let order = *curve.domain().order();
        let below = order.wrapping_sub(&U256::ONE);
        for (scalar, good) in [
            (U256::ZERO, false),
            (U256::ONE, true),
            (below, true),
            (order, false),
            (U256::MAX, false),
        ] {
            let read = PrivateKey::from_scalar(curve, scalar.to_be_bytes().into());
            assert_eq!(read.is_ok(), good, "{curve:?} {scalar}");
            let file = pkcs8(curve, scalar.to_le_bytes().as_ref());
            let read = PrivateKey::from_pkcs8_der(&file).map(|key| key.public_key());
            let expected =
                PrivateKey::from_scalar(curve, scalar.to_be_bytes().into()).map(|k| k.public_key());
            assert_eq!(read, expected, "{curve:?} {scalar}");
            if !good {
                assert_eq!(read, Err(KeyError::Scalar), "{curve:?} {scalar}");
            }
        }
    }
}

#[test]
fn a_new_key_takes_the_first_number_that_is_one() {
    let order: [u8; 32] = Curve::Tc26A.domain().order().to_be_bytes().into();
    let mut numbers = [[0; 32], order, [0xff; 32], [0x21; 32], [0x22; 32]].into_iter();
    let key = PrivateKey::generate(Curve::Tc26A, &mut |bytes| {
        bytes.copy_from_slice(&numbers.next().unwrap());
    });
    let expected = PrivateKey::from_scalar(Curve::Tc26A, [0x21; 32]).unwrap();
    assert_eq!(key.public_key(), expected.public_key());
    assert_eq!(numbers.len(), 1);
}

#[test]
fn keys_of_other_algorithms_are_named_as_such() {
    let public = parameters::write(Curve::CryptoProA).unwrap();
    let foreign = |oid: &str, parameters: Option<&[u8]>| {
        let parameters = parameters.map(|der| AnyRef::try_from(der).unwrap());
        let algorithm = AlgorithmIdentifier { oid: ObjectIdentifier::new_unwrap(oid), parameters };
        let private = OctetStringRef::new(&[7; 32]).unwrap();
        let file = PrivateKeyInfoRef::new(algorithm, private).to_der().unwrap();
        PrivateKey::from_pkcs8_der(&file).unwrap_err()
    };
    let oids = |oids: &[&str]| {
        let oids: Vec<_> = oids.iter().map(|oid| ObjectIdentifier::new_unwrap(oid)).collect();
        oids.to_der().unwrap()
    };
    let (own, curve, streebog) = ("1.2.643.7.1.1.1.1", "1.2.643.2.2.35.1", "1.2.643.7.1.1.2.2");
    let table: [(&str, Option<&[u8]>, KeyError); 8] = [
        ("1.2.840.113549.1.1.1", None, KeyError::Algorithm),
        ("1.2.643.2.2.19", Some(&public), KeyError::Algorithm),
        ("1.2.643.7.1.1.1.2", Some(&public), KeyError::Algorithm),
        (own, Some(&oids(&[curve, "1.2.643.2.2.30.1"])), KeyError::Algorithm),
        (own, None, KeyError::Curve),
        (own, Some(&oids(&["1.2.643.7.1.2.1.2.1", streebog])), KeyError::Curve),
        (own, Some(&oids(&[])), KeyError::Der),
        (own, Some(&[0x05, 0x00]), KeyError::Der),
    ];
    for (oid, parameters, expected) in table {
        assert_eq!(foreign(oid, parameters), expected, "{oid} {parameters:02x?}");
    }
}

#[test]
fn every_name_of_a_curve_is_read_with_a_digest_and_a_cipher_or_without() {
    for (oid, curve) in [
        ("1.2.643.2.2.35.1", Curve::CryptoProA),
        ("1.2.643.2.2.36.0", Curve::CryptoProA),
        ("1.2.643.7.1.2.1.1.2", Curve::CryptoProA),
        ("1.2.643.2.2.35.2", Curve::CryptoProB),
        ("1.2.643.7.1.2.1.1.3", Curve::CryptoProB),
        ("1.2.643.2.2.35.3", Curve::CryptoProC),
        ("1.2.643.2.2.36.1", Curve::CryptoProC),
        ("1.2.643.7.1.2.1.1.4", Curve::CryptoProC),
        ("1.2.643.7.1.2.1.1.1", Curve::Tc26A),
    ] {
        for rest in [&[][..], &["1.2.643.7.1.1.2.2"], &["1.2.643.7.1.1.2.2", "1.2.643.2.2.31.1"]] {
            let oids = [&[oid], rest].concat();
            let oids: Vec<_> = oids.into_iter().map(ObjectIdentifier::new_unwrap).collect();
            let parameters = oids.to_der().unwrap();
            let algorithm = parameters::algorithm(&parameters).unwrap();
            assert_eq!(parameters::read(algorithm), Ok(curve), "{oid} {rest:?}");
        }
    }
    for curve in Curve::ALL {
        assert_eq!(Curve::from_oid(curve.oid()), Some(curve));
    }
}

#[test]
fn any_changed_byte_of_a_public_point_is_noticed() {
    for curve in Curve::ALL {
        let good = key(curve, 7).public_key().to_spki_der().unwrap();
        assert!(PublicKey::from_spki_der(&good).is_ok(), "{curve:?}");
        for at in good.len() - 64..good.len() {
            let mut changed = good.clone();
            changed[at] ^= 1;
            let read = PublicKey::from_spki_der(&changed);
            assert_eq!(read, Err(KeyError::Point), "{curve:?}, byte {at}");
        }
    }
}

#[test]
fn points_outside_the_group_of_prime_order_are_refused() {
    // On the curve all three: of order two, of order four, of order twice a prime.
    for (x, y) in [
        (
            "0100fe73f595ff158e974b44d478d9588744fe5c192ac47ea63075dce7a14aaa",
            "0000000000000000000000000000000000000000000000000000000000000000",
        ),
        (
            "7f7f80c60535007538b45a5d95c39353bc5d80d1f36a9dc0ace7c5118c2f5977",
            "7e7e82520f9f015faa1d0f18c14ab9fb35188275da3fd94206b74f34a48e0ecd",
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000008",
            "ed3581bec3a800b4e42f823268b76d5802ff206853353b55a2b91452f2adfd07",
        ),
    ] {
        let read = PublicKey::from_spki_der(&spki(Curve::Tc26A, bytes(x), bytes(y)));
        assert_eq!(read, Err(KeyError::Point), "{x}");
    }
    let x = "0000000000000000000000000000000000000000000000000000000000000006";
    let y = "c54232c00c62c5896e70741abb9b8660883859bb5e37025be8d262b92d0d5162";
    assert!(PublicKey::from_spki_der(&spki(Curve::Tc26A, bytes(x), bytes(y))).is_ok());
}

#[test]
fn texts_that_are_no_private_key_are_told_apart() {
    let good = key(Curve::CryptoProA, 7).to_pkcs8_pem().unwrap();
    let labelled = |label: &str| good.replace("PRIVATE KEY", label);
    for (text, expected) in [
        (String::new(), KeyError::Pem),
        ("MEYCAQAwHwYIKoUDBwEB".to_owned(), KeyError::Pem),
        (labelled("PUBLIC KEY"), KeyError::Pem),
        (labelled("RSA PRIVATE KEY"), KeyError::Pem),
        (labelled("ENCRYPTED PRIVATE KEY"), KeyError::Encrypted),
        (good.replace("ME", "MF"), KeyError::Pem),
    ] {
        assert_eq!(PrivateKey::from_pkcs8_pem(&text).unwrap_err(), expected, "{text}");
    }
    for text in [
        good.replace('\n', "\r\n"),
        format!("{}\n\n", *good),
        good.trim_end().to_owned(),
        format!("Bag Attributes\n{}{}", labelled("CERTIFICATE"), *good),
    ] {
        assert!(PrivateKey::from_pkcs8_pem(&text).is_ok(), "{text:?}");
    }
}

#[test]
fn a_log_shows_nothing_of_a_private_key() {
    assert_eq!(format!("{:?}", key(Curve::CryptoProB, 7)), "PrivateKey(CryptoProB, …)");
}

proptest! {
    #[test]
    fn any_bytes_are_taken_for_a_key(bytes in any::<Vec<u8>>(), text in any::<String>()) {
        prop_assert!(PrivateKey::from_pkcs8_der(&bytes).is_err());
        prop_assert!(PublicKey::from_spki_der(&bytes).is_err());
        prop_assert!(PrivateKey::from_pkcs8_pem(&text).is_err());
    }

    #[test]
    fn damaged_keys_are_taken(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        for curve in Curve::ALL {
            let mut private = pkcs8(curve, &[7; 32]);
            *at.get_mut(&mut private) = to;
            let _ = PrivateKey::from_pkcs8_der(&private);
            let mut public = key(curve, 7).public_key().to_spki_der().unwrap();
            *at.get_mut(&mut public) = to;
            let _ = PublicKey::from_spki_der(&public);
        }
    }

    #[test]
    fn keys_survive_their_files(scalar in any::<[u8; 32]>(), which in 0_usize..4) {
        let curve = Curve::ALL[which];
        let mut scalar = scalar;
        scalar[..2].fill(0);
        scalar[31] |= 1;
        let key = PrivateKey::from_scalar(curve, scalar).unwrap();
        let read = PrivateKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
        prop_assert_eq!(read.sign(b""), key.sign(b""));
        let public = key.public_key();
        prop_assert_eq!(PublicKey::from_spki_der(&public.to_spki_der().unwrap()), Ok(public));
    }
}
