//! Making a detached signature.

use ::cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{
        CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo,
        SignerInfos,
    },
};
use chrono::{DateTime, Utc};
use const_oid::{
    ObjectIdentifier,
    db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA, ID_SIGNING_TIME},
};
use der::{
    Any, Decode as _, Encode, EncodeValue, Tagged,
    asn1::{OctetString, SetOfVec},
};
use x509_cert::attr::{Attribute, Attributes};

use super::{CmsError, SigningKey};
use crate::{certificate::Certificate, x509};

/// Signs a message: `SignedData` in DER, without the message, with the signer's certificate.
///
/// The certificate has to be the key's own; the [signers](crate::signer) see to that. `at` stands
/// among the signed attributes, to the second.
///
/// # Errors
/// [`CmsError::Unmade`] for an instant beyond 1970 to 9999, and where the library that signs fails.
///
/// # Example
/// See the [module](super).
pub fn sign(
    key: SigningKey<'_>,
    certificate: &Certificate,
    message: &[u8],
    at: DateTime<Utc>,
) -> Result<Vec<u8>, CmsError> {
    make(key, certificate, message, at).ok_or(CmsError::Unmade)
}

fn make(
    key: SigningKey<'_>,
    certificate: &Certificate,
    message: &[u8],
    at: DateTime<Utc>,
) -> Option<Vec<u8>> {
    let algorithm = key.algorithm();
    let attributes = attributes(algorithm.digest(message), at).ok()?;
    let signature = key.sign(&attributes.to_der().ok()?)?;
    let write = || -> der::Result<Vec<u8>> {
        let own = x509_cert::Certificate::from_der(certificate.as_der())?;
        let tbs = own.tbs_certificate();
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tbs.issuer().clone(),
                serial_number: tbs.serial_number().clone(),
            }),
            digest_alg: algorithm.digest_name(),
            signed_attrs: Some(attributes),
            signature_algorithm: algorithm.signature_name(),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![algorithm.digest_name()])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
            certificates: Some(CertificateSet::try_from(vec![CertificateChoices::Certificate(
                own,
            )])?),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
    };
    write().ok()
}

/// What is signed in the message's place.
fn attributes(digest: Vec<u8>, at: DateTime<Utc>) -> der::Result<Attributes> {
    Attributes::try_from(vec![
        attribute(ID_CONTENT_TYPE, &ID_DATA)?,
        attribute(ID_MESSAGE_DIGEST, &OctetString::new(digest)?)?,
        attribute(ID_SIGNING_TIME, &x509::time(at)?)?,
    ])
}

fn attribute(oid: ObjectIdentifier, value: &(impl Tagged + EncodeValue)) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::encode_from(value)?])? })
}
