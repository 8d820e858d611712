//! A key, its certificate and what is signed.

use eschool_esia::{
    certificate::Certificate,
    gost::{Curve, PrivateKey, Signature},
    signer::Outside,
};

pub(crate) const MESSAGE: &[u8] = "PORTAL62openid snils2026.01.15 12:00:00 +0300код".as_bytes();

pub(crate) fn key() -> PrivateKey {
    PrivateKey::from_scalar(Curve::CryptoProA, [7; 32]).unwrap()
}

pub(crate) fn certificate() -> Certificate {
    let [from, until] =
        ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"].map(|text| text.parse().unwrap());
    Certificate::self_signed(&key(), "PORTAL62", [1; 16], from, until).unwrap()
}

pub(crate) fn signature() -> Signature {
    key().sign(MESSAGE)
}

pub(crate) fn outside() -> Outside {
    Outside::new(certificate())
}
