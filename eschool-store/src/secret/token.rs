//! Tokens: what sessions and one-time links carry.

use std::fmt;

use eschool_core::error::CodedError;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::bytes::{LENGTH, Secret32};

/// The text is not a token.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::secret::Token;
///
/// assert_eq!(Token::parse("letmein").unwrap_err().code(), "token_malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not 43 characters of base64url.
    #[error("the token is malformed")]
    Malformed,
}

impl CodedError for TokenError {
    fn code(&self) -> &'static str {
        "token_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Ссылка или сессия недействительна."
    }
}

/// 32 random bytes that open a session or a link to whoever holds them.
///
/// Printed once, as 43 characters of base64url without padding, into a cookie or a letter. The
/// database holds [`Token::hash`]: who reads the database cannot sign in with what is there.
///
/// ```
/// use eschool_store::secret::Token;
///
/// // In earnest: the system's randomness.
/// let token = Token::new([7; 32]);
/// assert_eq!(*token.to_text(), "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc");
/// assert_eq!(Token::parse(&token.to_text())?.hash(), token.hash());
/// assert_eq!(format!("{token:?}"), "Token(…)");
/// # Ok::<(), eschool_store::secret::TokenError>(())
/// ```
pub struct Token(Secret32);

impl Token {
    /// A token of 32 bytes of the caller's randomness.
    #[must_use]
    pub fn new(mut random: [u8; 32]) -> Self {
        let token = Self(Secret32::filled(&mut |bytes| bytes.copy_from_slice(&random)));
        random.zeroize();
        token
    }

    /// Reads what [`Token::to_text`] printed. A token has one spelling only.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        Secret32::read(text).map(Self).ok_or(TokenError::Malformed)
    }

    /// 43 characters of base64url without padding; wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(43));
        self.0.write(&mut text);
        text
    }

    pub(super) fn expose(&self) -> &[u8; LENGTH] {
        self.0.expose()
    }

    /// What the database holds and is asked for.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.expose()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

// Its field is.
impl ZeroizeOnDrop for Token {}

/// SHA-256 of a token's 32 bytes.
///
/// Without salt or stretching: nobody guesses 256 random bits. Rows are found by it, so no
/// comparison here tells by its duration how near a guess was.
///
/// ```
/// use eschool_store::secret::{Token, TokenHash};
///
/// let hash = Token::new([7; 32]).hash();
/// let column = hash.0.to_vec();
/// assert_eq!(TokenHash(column.try_into().unwrap()), hash);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}
