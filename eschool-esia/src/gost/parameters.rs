//! How a key says what it is: the algorithm with its parameters (RFC 9215).

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _, Sequence, asn1::AnyRef};
use spki::AlgorithmIdentifier;

use super::{Curve, KeyError};

/// `id-tc26-gost3410-12-256`: a key of ГОСТ Р 34.10-2012 with 256 bits.
const KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1");
/// `id-tc26-gost3411-12-256`: Streebog with 256 bits.
const DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");

/// `GostR3410-2012-PublicKeyParameters`, with the cipher that some older programs append.
#[derive(Sequence)]
struct Parameters {
    curve: ObjectIdentifier,
    digest: Option<ObjectIdentifier>,
    cipher: Option<ObjectIdentifier>,
}

/// The parameters a key on this curve is written with, in DER.
pub(super) fn write(curve: Curve) -> der::Result<Vec<u8>> {
    let digest = curve.names_digest().then_some(DIGEST);
    Parameters { curve: curve.oid(), digest, cipher: None }.to_der()
}

/// The algorithm of a key whose parameters were [written](write).
pub(super) fn algorithm(parameters: &[u8]) -> der::Result<AlgorithmIdentifier<AnyRef<'_>>> {
    Ok(AlgorithmIdentifier { oid: KEY, parameters: Some(AnyRef::from_der(parameters)?) })
}

/// The curve of a key with this algorithm.
pub(super) fn read(algorithm: AlgorithmIdentifier<AnyRef<'_>>) -> Result<Curve, KeyError> {
    if algorithm.oid != KEY {
        return Err(KeyError::Algorithm);
    }
    let parameters = algorithm.parameters.ok_or(KeyError::Curve)?;
    let parameters: Parameters = parameters.decode_as().map_err(|_| KeyError::Der)?;
    if parameters.digest.is_some_and(|digest| digest != DIGEST) {
        return Err(KeyError::Algorithm);
    }
    Curve::from_oid(parameters.curve).ok_or(KeyError::Curve)
}
