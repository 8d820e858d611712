use crypto_bigint::U256;
use proptest::prelude::*;

use super::{bytes, key};
use crate::gost::{
    Curve, PrivateKey, Signature, SignatureError, nonce::Nonces, signature::digest_number,
};

const MESSAGE: &[u8] = b"TESTopenid2026.01.01 00:00:00 +0300uuidhttps://example.org";
const SCALAR: &str = "12463C5EC642FBAA96DC20A83C2B4627A0CC0144FFD4A15685C051A8734F9ACB";

/// The numbers of RFC 6979, worked out by a program that shares nothing with this one: plain
/// integers, the known digest, and another HMAC over another SHA-256.
const WORKED_OUT: [(Curve, [&str; 2], &str); 2] = [
    (
        Curve::CryptoProA,
        [
            "1a5934965bbcafe86c5002dfe254bb6a5c3cf08e1b79624833fda07a854cff88",
            "ccd8ba641d2244aa344f337155d4db30b29d583f4fd77ab69c2f50013e78e32c",
        ],
        "edc0bbd825fec718e5920c04024153e70d0b3a727a6bb3c44d201002b8bcb5f0\
         d62c9fc2dd7fd9342caa7337c7c5538c9e30bf711141bdf1804f4cc89282cecc",
    ),
    (
        Curve::Tc26A,
        [
            "167d3f0101fdc4466900c76a96475f1cdd467cfc292809288bedf416dabdd28b",
            "0f139cbd96a8fce49fe6cc9969254e61b1b92f82a76d2e9598a37e1dde6d7b6c",
        ],
        "0ad2effe2897f3be08fc610a0a2b1cc05a7acfdc7e978338645daef0b4ad52cb\
         20528b0738fafee7b8a2e8aa3a425692f6e3a382cbfd3352d2ae51bcd24436f7",
    ),
];

#[test]
fn nonces_and_signatures_are_those_of_an_independent_calculation() {
    for (curve, nonces, signature) in WORKED_OUT {
        let domain = curve.domain();
        let digest = digest_number(domain, &crate::gost::streebog256(MESSAGE));
        let scalar = U256::from_be_hex(SCALAR);
        let mut drawn = Nonces::new(domain.order(), &scalar, &digest.retrieve());
        for nonce in nonces {
            assert_eq!(drawn.draw().to_be_bytes().as_ref(), bytes::<32>(nonce), "{curve:?}");
        }
        let key = PrivateKey::from_scalar(curve, bytes(SCALAR)).unwrap();
        assert_eq!(*key.sign(MESSAGE).as_bytes(), bytes::<64>(signature), "{curve:?}");
    }
}

#[test]
fn a_digest_that_is_zero_modulo_the_order_counts_as_one() {
    for curve in Curve::ALL {
        let domain = curve.domain();
        for zero in [U256::ZERO, *domain.order()] {
            let number = digest_number(domain, &zero.to_le_bytes().into());
            assert_eq!(number.retrieve(), U256::ONE, "{curve:?}");
        }
        let other = digest_number(domain, &U256::from(2_u8).to_le_bytes().into());
        assert_eq!(other.retrieve(), U256::from(2_u8), "{curve:?}");
    }
}

#[test]
fn halves_out_of_range_are_refused() {
    for curve in Curve::ALL {
        let public = key(curve, 7).public_key();
        let (s, r) = (U256::from(3_u8), U256::from(5_u8));
        let order = *curve.domain().order();
        let of = |s: U256, r: U256| {
            Signature::from_halves(s.to_be_bytes().into(), r.to_be_bytes().into())
        };
        for wrong in [U256::ZERO, order, order.wrapping_add(&U256::ONE), U256::MAX] {
            for signature in [of(wrong, r), of(s, wrong), of(wrong, wrong)] {
                let judged = public.verify(MESSAGE, &signature);
                assert_eq!(judged, Err(SignatureError::Range), "{curve:?} {wrong}");
            }
        }
        let largest = order.wrapping_sub(&U256::ONE);
        for signature in [of(s, r), of(largest, largest)] {
            let judged = public.verify(MESSAGE, &signature);
            assert_eq!(judged, Err(SignatureError::Mismatch), "{curve:?}");
        }
    }
}

#[test]
fn any_changed_byte_of_the_message_is_noticed() {
    let key = key(Curve::CryptoProA, 7);
    let signature = key.sign(MESSAGE);
    for at in 0..MESSAGE.len() {
        let mut changed = MESSAGE.to_vec();
        changed[at] ^= 1;
        let judged = key.public_key().verify(&changed, &signature);
        assert_eq!(judged, Err(SignatureError::Mismatch), "byte {at}");
    }
}

#[test]
fn a_signature_fits_one_key_on_one_curve() {
    let keys: Vec<_> =
        Curve::ALL.into_iter().flat_map(|curve| [7, 8].map(|byte| key(curve, byte))).collect();
    for (signs, signer) in keys.iter().enumerate() {
        let signature = signer.sign(MESSAGE);
        for (verifies, verifier) in keys.iter().enumerate() {
            let good = verifier.public_key().verify(MESSAGE, &signature).is_ok();
            assert_eq!(good, signs == verifies, "{signer:?} {verifier:?}");
        }
    }
}

#[test]
fn a_signature_is_the_same_every_time_and_shares_no_nonce() {
    for curve in Curve::ALL {
        let key = key(curve, 7);
        let (first, again, other) = (key.sign(b"openid"), key.sign(b"openid"), key.sign(b"snils"));
        assert_eq!(first, again, "{curve:?}");
        assert_ne!(first.halves().1, other.halves().1, "{curve:?}: r tells the nonce apart");
    }
}

#[test]
fn base64url_is_read_padded_or_not_and_written_without() {
    let signature = Signature::from_slice(&[0xfb; 64]).unwrap();
    let text = signature.to_base64url();
    assert!(text.ends_with('w') && !text.contains(['=', '+', '/']), "{text}");
    for spelling in [text.clone(), format!("{text}==")] {
        assert_eq!(Signature::from_base64url(&spelling), Ok(signature), "{spelling}");
    }
    let standard = text.replace('-', "+").replace('_', "/");
    let short = text.replacen("-_v7", "", 1);
    for wrong in ["", "=", &standard, &short, &format!("{text}=w"), &format!(" {text}")] {
        assert_eq!(Signature::from_base64url(wrong), Err(SignatureError::Malformed), "{wrong}");
    }
}

#[test]
fn a_log_shows_nothing_of_a_signature() {
    assert_eq!(format!("{:?}", key(Curve::Tc26A, 7).sign(MESSAGE)), "Signature(…)");
}

proptest! {
    #[test]
    fn what_is_signed_verifies(
        which in 0_usize..4,
        scalar in any::<[u8; 32]>(),
        message in any::<Vec<u8>>(),
        other in any::<Vec<u8>>(),
    ) {
        // On every curve a key of 30 bytes is below the order.
        let curve = Curve::ALL[which];
        let mut scalar = scalar;
        scalar[..2].fill(0);
        scalar[31] |= 1;
        let key = PrivateKey::from_scalar(curve, scalar).unwrap();
        let public = key.public_key();
        let signature = key.sign(&message);
        prop_assert_eq!(public.verify(&message, &signature), Ok(()));
        prop_assert_eq!(Signature::from_base64url(&signature.to_base64url()), Ok(signature));
        if other != message {
            prop_assert_eq!(public.verify(&other, &signature), Err(SignatureError::Mismatch));
        }
    }

    #[test]
    fn any_signature_is_judged(halves in any::<[[u8; 32]; 2]>(), message in any::<Vec<u8>>()) {
        for curve in Curve::ALL {
            let signature = Signature::from_halves(halves[0], halves[1]);
            prop_assert!(key(curve, 7).public_key().verify(&message, &signature).is_err());
        }
    }

    #[test]
    fn any_text_is_taken_for_base64url(text in any::<String>()) {
        let _ = Signature::from_base64url(&text);
    }
}
