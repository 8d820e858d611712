//! Why a signature in CMS is refused, or not made.

use eschool_core::error::CodedError;

/// Why a signature in CMS is refused, or not made. Holds nothing of the message or the certificate.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::cms::CmsError;
///
/// assert_eq!(CmsError::Signers.code(), "cms_signers");
/// assert!(CmsError::Digest.to_string().contains("another message"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Longer than [`LONGEST`](super::LONGEST).
    #[error("the cms is too long")]
    TooLong,
    /// Not DER, cut off, or of another structure.
    #[error("the bytes are not a `ContentInfo` of cms in der")]
    Malformed,
    /// Something stands after the end.
    #[error("something follows the cms")]
    TrailingBytes,
    /// CMS of another kind: encrypted, a bare digest.
    #[error("the cms is not `SignedData`")]
    NotSigned,
    /// What is signed is said to be something else than plain data.
    #[error("the cms does not sign plain data")]
    ContentType,
    /// There is a message inside, and it is another one. Detached CMS has none.
    #[error("the cms carries another message than the one it should sign")]
    Content,
    /// Nobody signed, or several did.
    #[error("the cms has not exactly one signer")]
    Signers,
    /// No certificate is inside.
    #[error("the cms carries no certificate")]
    CertificateMissing,
    /// Somebody else signed.
    #[error("the signer has another certificate")]
    CertificateForeign,
    /// Neither Streebog with ГОСТ Р 34.10-2012 (256 bits) nor SHA-256 with RSA.
    #[error("the algorithms are neither those of gost 2012 with 256 bits nor rsa with sha-256")]
    Algorithm,
    /// The signed attributes are absent, or content type or digest stands in them not exactly once.
    #[error("the signed attributes are incomplete or repeated")]
    Attributes,
    /// The digest among the signed attributes is that of another message.
    #[error("the cms signs another message")]
    Digest,
    /// The signature does not fit the signed attributes and the certificate's key.
    #[error("the signature in the cms is wrong")]
    Signature,
    /// The instant of signing cannot be written, or the library that signs failed.
    #[error("the cms cannot be made")]
    Unmade,
}

impl CodedError for CmsError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "cms_too_long",
            Self::Malformed => "cms_malformed",
            Self::TrailingBytes => "cms_trailing_bytes",
            Self::NotSigned => "cms_not_signed",
            Self::ContentType => "cms_content_type",
            Self::Content => "cms_content",
            Self::Signers => "cms_signers",
            Self::CertificateMissing => "cms_certificate_missing",
            Self::CertificateForeign => "cms_certificate_foreign",
            Self::Algorithm => "cms_algorithm",
            Self::Attributes => "cms_attributes",
            Self::Digest => "cms_digest",
            Self::Signature => "cms_signature",
            Self::Unmade => "cms_unmade",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::TooLong => "Подпись CMS слишком длинная.",
            Self::Malformed => "Это не подпись CMS: структура DER не читается.",
            Self::TrailingBytes => "После подписи CMS стоят лишние байты.",
            Self::NotSigned => "Это CMS другого вида: нужны подписанные данные (SignedData).",
            Self::ContentType => {
                "В подписи CMS указан другой вид содержимого: нужны данные (data)."
            }
            Self::Content => "В подпись CMS вложен другой текст.",
            Self::Signers => "В подписи CMS должен быть ровно один подписавший.",
            Self::CertificateMissing => "В подпись CMS не вложен сертификат.",
            Self::CertificateForeign => "Подпись CMS сделана с другим сертификатом.",
            Self::Algorithm => {
                "Алгоритмы подписи CMS не подходят: нужен ГОСТ Р 34.10-2012 (256 бит) со «Стрибогом» \
                 или RSA с SHA-256."
            }
            Self::Attributes => {
                "Подписанные атрибуты CMS неполны или повторяются: нужны вид содержимого и хэш."
            }
            Self::Digest => "Подпись CMS сделана для другого текста.",
            Self::Signature => "Подпись CMS не подходит к сертификату.",
            Self::Unmade => "Подпись CMS создать не удалось.",
        }
    }
}
