//! Why a key is refused.

use eschool_core::error::CodedError;

/// Why a key cannot be read. Holds nothing of the key.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::gost::{Curve, KeyError, PrivateKey};
///
/// let error = PrivateKey::from_scalar(Curve::CryptoProA, [0; 32]).unwrap_err();
/// assert_eq!(error, KeyError::Scalar);
/// assert_eq!(error.code(), "gost_key_scalar");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is no PEM, or PEM of something else than a private key in PKCS#8.
    #[error("the text is not a `PRIVATE KEY` in PEM")]
    Pem,
    /// The key is under a password.
    #[error("the private key is encrypted; decrypt it first")]
    Encrypted,
    /// The bytes are no key in DER.
    #[error("the bytes are not a key in DER")]
    Der,
    /// The key belongs to another algorithm: RSA, ГОСТ Р 34.10-2001, or 512 bits.
    #[error("the key is not one of GOST R 34.10-2012 with 256 bits")]
    Algorithm,
    /// The key lies on a curve that is none of [`Curve`](super::Curve).
    #[error("the key names a parameter set that is not known here")]
    Curve,
    /// The private number is masked or of another length than 32 bytes.
    #[error("the private key is masked or is not 32 bytes long")]
    Masked,
    /// The private number is zero, or not below the order of the curve.
    #[error("the private key is not between zero and the order of the curve")]
    Scalar,
    /// The public point is not on the curve, or not in its group of prime order.
    #[error("the public key is not a point of its curve")]
    Point,
}

impl CodedError for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Pem => "gost_key_pem",
            Self::Encrypted => "gost_key_encrypted",
            Self::Der => "gost_key_der",
            Self::Algorithm => "gost_key_algorithm",
            Self::Curve => "gost_key_curve",
            Self::Masked => "gost_key_masked",
            Self::Scalar => "gost_key_scalar",
            Self::Point => "gost_key_point",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Pem => "Это не закрытый ключ в формате PEM («PRIVATE KEY»).",
            Self::Encrypted => "Закрытый ключ зашифрован: сначала расшифруйте его.",
            Self::Der => "Это не ключ: структура DER не читается.",
            Self::Algorithm => "Нужен ключ ГОСТ Р 34.10-2012 длиной 256 бит, а этот – другой.",
            Self::Curve => "Набор параметров ключа неизвестен.",
            Self::Masked => "Закрытый ключ записан с маской или имеет другую длину.",
            Self::Scalar => "Закрытый ключ повреждён: число вне допустимых границ.",
            Self::Point => "Открытый ключ повреждён: такой точки на кривой нет.",
        }
    }
}
