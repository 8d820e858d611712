//! What a cookie or an app carries.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use eschool_core::id::PersonId;
use uuid::Uuid;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Token, TokenError, TokenHash, bytes::LENGTH};

/// How many bytes of the text are the person's identifier.
const PERSON: usize = 16;

/// What opens a session: whose it is, and the token that nobody else has.
///
/// Sessions lie by person, where all of a person end together when a card is made anew; the text
/// tells the person, so that a session is read from one place and by one statement. The identifier
/// is no secret, and its holder may know it: without the token it opens nothing.
///
/// ```
/// use eschool_core::id::PersonId;
/// use eschool_store::secret::{SessionToken, Token};
/// use uuid::Uuid;
///
/// let person = PersonId(Uuid::from_u128(7));
/// // In earnest: the system's randomness.
/// let token = SessionToken::new(person, Token::new([7; 32]));
/// let text = token.to_text();
/// assert_eq!(text.len(), 64);
/// let read = SessionToken::parse(&text)?;
/// assert_eq!((read.person(), read.hash()), (person, token.hash()));
/// # Ok::<(), eschool_store::secret::TokenError>(())
/// ```
pub struct SessionToken {
    person: PersonId,
    token: Token,
}

impl SessionToken {
    /// A token of this person.
    #[must_use]
    pub const fn new(person: PersonId, token: Token) -> Self {
        Self { person, token }
    }

    /// Reads what [`SessionToken::to_text`] printed. It has one spelling only.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let mut bytes = Zeroizing::new([0; PERSON + LENGTH]);
        let length = URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice());
        let (person, token) = match length {
            Ok(length) if length == PERSON + LENGTH => bytes.split_at(PERSON),
            _ => return Err(TokenError::Malformed),
        };
        let person = Uuid::from_slice(person).map_err(|_| TokenError::Malformed)?;
        let token = token.try_into().map_err(|_| TokenError::Malformed)?;
        Ok(Self { person: PersonId(person), token: Token::new(token) })
    }

    /// 64 characters of base64url; wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; PERSON + LENGTH]);
        let (person, token) = bytes.split_at_mut(PERSON);
        person.copy_from_slice(self.person.0.as_bytes());
        token.copy_from_slice(self.token.expose());
        let mut text = Zeroizing::new(String::with_capacity(64));
        URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut text);
        text
    }

    /// Whose session it opens.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// What the database holds and is asked for, with the person.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        self.token.hash()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

// Its secret field is.
impl ZeroizeOnDrop for SessionToken {}
