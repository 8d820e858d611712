//! A certificate that a key makes for itself.

use chrono::{DateTime, Utc};
use const_oid::{AssociatedOid as _, ObjectIdentifier, db::rfc4519::CN};
use der::{
    Any, AnyRef, Decode as _, Encode as _, Sequence,
    asn1::{BitStringRef, OctetString, UintRef, Utf8StringRef},
};
use spki::AlgorithmIdentifier;
use x509_cert::{
    Version,
    attr::AttributeTypeAndValue,
    ext::{
        Extension, Extensions,
        pkix::{KeyUsage, KeyUsages},
    },
    name::{RdnSequence, RelativeDistinguishedName},
    time::Validity,
};

use super::CertificateError;
use crate::{gost::PrivateKey, x509::time};

/// `id-tc26-signwithdigest-gost3410-12-256`, which takes no parameters (RFC 9215).
const SIGNATURE: AlgorithmIdentifier<AnyRef<'static>> = AlgorithmIdentifier {
    oid: ObjectIdentifier::new_unwrap("1.2.643.7.1.1.3.2"),
    parameters: None,
};
/// The most characters of a common name (RFC 5280, `ub-common-name`).
const LONGEST_NAME: usize = 64;

/// `TBSCertificate`: what is signed.
#[derive(Sequence)]
struct Content<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: Version,
    serial: UintRef<'a>,
    signature: AlgorithmIdentifier<AnyRef<'a>>,
    issuer: RdnSequence,
    validity: Validity,
    subject: RdnSequence,
    public_key: AnyRef<'a>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Extensions,
}

#[derive(Sequence)]
struct Signed<'a> {
    content: AnyRef<'a>,
    algorithm: AlgorithmIdentifier<AnyRef<'a>>,
    signature: BitStringRef<'a>,
}

/// The certificate in DER.
pub(super) fn make(
    key: &PrivateKey,
    common_name: &str,
    serial: [u8; 16],
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
) -> Result<Vec<u8>, CertificateError> {
    if !(1..=LONGEST_NAME).contains(&common_name.chars().count()) {
        return Err(CertificateError::CommonName);
    }
    if serial == [0; 16] {
        return Err(CertificateError::Serial);
    }
    if not_before > not_after {
        return Err(CertificateError::Validity);
    }
    let out_of_range = |_| CertificateError::Validity;
    let validity = Validity::new(
        time(not_before).map_err(out_of_range)?,
        time(not_after).map_err(out_of_range)?,
    );
    let public_key = key.public_key().to_spki_der().map_err(|_| CertificateError::Der)?;
    let write = || -> der::Result<Vec<u8>> {
        let name = name(common_name)?;
        let content = Content {
            version: Version::V3,
            serial: UintRef::new(&serial)?,
            signature: SIGNATURE,
            issuer: name.clone(),
            validity,
            subject: name,
            public_key: AnyRef::from_der(&public_key)?,
            extensions: vec![key_usage()?],
        };
        let content = content.to_der()?;
        let signature = key.sign(&content);
        let signed = Signed {
            content: AnyRef::from_der(&content)?,
            algorithm: SIGNATURE,
            signature: BitStringRef::from_bytes(signature.as_bytes())?,
        };
        signed.to_der()
    };
    write().map_err(|_| CertificateError::Der)
}

fn name(common_name: &str) -> der::Result<RdnSequence> {
    let value = Any::from(Utf8StringRef::new(common_name)?);
    let mut part = RelativeDistinguishedName::default();
    part.insert(AttributeTypeAndValue { oid: CN, value })?;
    let mut name = RdnSequence::default();
    name.push(part);
    Ok(name)
}

/// The key signs and does nothing else.
fn key_usage() -> der::Result<Extension> {
    let usage = KeyUsage(KeyUsages::DigitalSignature.into()).to_der()?;
    Ok(Extension { extn_id: KeyUsage::OID, critical: true, extn_value: OctetString::new(usage)? })
}
