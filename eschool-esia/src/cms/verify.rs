//! Judging a detached signature.

use ::cms::{
    cert::CertificateChoices,
    content_info::ContentInfo,
    signed_data::{SignedData, SignerIdentifier},
};
use const_oid::{
    ObjectIdentifier,
    db::rfc5911::{ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA},
};
use der::{
    Any, Decode as _, Encode as _, ErrorKind,
    asn1::{OctetString, OctetStringRef},
};
use x509_cert::{attr::Attributes, ext::pkix::SubjectKeyIdentifier};

use super::{CmsError, algorithm::Algorithm};
use crate::certificate::Certificate;

/// The longest CMS that is read, in bytes. One with a chain of certificates has some thousands.
pub const LONGEST: usize = 64 * 1024;

/// Judges whether this certificate's key, and nobody else's, signed the message.
///
/// The signer's certificate must lie inside and be exactly this one; others may lie beside it and
/// are not looked at. Signed attributes must stand, the signing time among them is not judged, and
/// neither are the certificate's dates. A message that is carried inside must be the same.
///
/// # Errors
/// [`CmsError`] names what is wrong.
///
/// # Example
/// See the [module](super).
pub fn verify(der: &[u8], message: &[u8], certificate: &Certificate) -> Result<(), CmsError> {
    let data = read(der)?;
    let content = &data.encap_content_info;
    if content.econtent_type != ID_DATA {
        return Err(CmsError::ContentType);
    }
    if let Some(attached) = &content.econtent {
        let attached: &OctetStringRef = attached.decode_as().map_err(|_| CmsError::Malformed)?;
        if attached.as_bytes() != message {
            return Err(CmsError::Content);
        }
    }
    let [signer] = data.signer_infos.0.as_slice() else {
        return Err(CmsError::Signers);
    };
    let inside = data.certificates.as_ref().map_or(&[][..], |set| set.0.as_slice());
    check_certificate(&signer.sid, inside, certificate)?;

    let algorithm = Algorithm::read(&signer.digest_alg, &signer.signature_algorithm)
        .ok_or(CmsError::Algorithm)?;
    let attributes = signer.signed_attrs.as_ref().ok_or(CmsError::Attributes)?;
    let kind: ObjectIdentifier =
        the_one(attributes, ID_CONTENT_TYPE)?.decode_as().map_err(|_| CmsError::Malformed)?;
    if kind != ID_DATA {
        return Err(CmsError::ContentType);
    }
    let digest: OctetString =
        the_one(attributes, ID_MESSAGE_DIGEST)?.decode_as().map_err(|_| CmsError::Malformed)?;
    if digest.as_bytes() != algorithm.digest(message) {
        return Err(CmsError::Digest);
    }
    // Signed is the SET with its own tag and in the order of DER (RFC 5652, 5.4).
    let signed = attributes.to_der().map_err(|_| CmsError::Malformed)?;
    if algorithm.verify(certificate, &signed, signer.signature.as_bytes()) {
        Ok(())
    } else {
        Err(CmsError::Signature)
    }
}

fn read(der: &[u8]) -> Result<SignedData, CmsError> {
    if der.len() > LONGEST {
        return Err(CmsError::TooLong);
    }
    let info = ContentInfo::from_der(der).map_err(|error| match error.kind() {
        ErrorKind::TrailingData { .. } => CmsError::TrailingBytes,
        _ => CmsError::Malformed,
    })?;
    if info.content_type != ID_SIGNED_DATA {
        return Err(CmsError::NotSigned);
    }
    info.content.decode_as().map_err(|_| CmsError::Malformed)
}

/// Whether the signer is who has this certificate, and it lies inside.
fn check_certificate(
    signer: &SignerIdentifier,
    inside: &[CertificateChoices],
    certificate: &Certificate,
) -> Result<(), CmsError> {
    let own = x509_cert::Certificate::from_der(certificate.as_der())
        .map_err(|_| CmsError::CertificateForeign)?;
    let tbs = own.tbs_certificate();
    let named = match signer {
        SignerIdentifier::IssuerAndSerialNumber(name) => {
            name.issuer == *tbs.issuer() && name.serial_number == *tbs.serial_number()
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            let own = tbs.get_extension::<SubjectKeyIdentifier>();
            own.is_ok_and(|own| own.is_some_and(|(_, own)| own == *id))
        }
    };
    if !named {
        return Err(CmsError::CertificateForeign);
    }
    // Somebody else's may bear the same name and number.
    let same = |choice: &CertificateChoices| matches!(choice, CertificateChoices::Certificate(inside) if *inside == own);
    match inside {
        [] => Err(CmsError::CertificateMissing),
        inside if inside.iter().any(same) => Ok(()),
        _ => Err(CmsError::CertificateForeign),
    }
}

/// The value of an attribute that must stand once, with one value.
fn the_one(attributes: &Attributes, oid: ObjectIdentifier) -> Result<&Any, CmsError> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (Some(one), None) => match one.values.as_slice() {
            [value] => Ok(value),
            _ => Err(CmsError::Attributes),
        },
        _ => Err(CmsError::Attributes),
    }
}
