//! What an app carries: the code of an authorization, and what its access is refreshed with.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use eschool_core::id::{AppGrantId, PersonId};
use uuid::Uuid;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Token, TokenError, TokenHash, bytes::LENGTH};

/// How many bytes an identifier has.
const ID: usize = 16;

/// The code that leads from a consent in the browser to an app's tokens: whose access it begins, and
/// the token that nobody else has.
///
/// The access lies by person; the text tells both identifiers, so that it is found by its key. They
/// are no secret: without the token they open nothing.
///
/// ```
/// use eschool_core::id::{AppGrantId, PersonId};
/// use eschool_store::secret::{AppCode, Token};
/// use uuid::Uuid;
///
/// let (person, grant) = (PersonId(Uuid::from_u128(7)), AppGrantId(Uuid::from_u128(8)));
/// // In earnest: the system's randomness.
/// let code = AppCode::new(person, grant, Token::new([7; 32]));
/// let text = code.to_text();
/// assert_eq!(text.len(), 86);
/// let read = AppCode::parse(&text)?;
/// assert_eq!((read.person(), read.grant(), read.hash()), (person, grant, code.hash()));
/// assert_eq!(format!("{code:?}"), "AppCode(…)");
/// # Ok::<(), eschool_store::secret::TokenError>(())
/// ```
pub struct AppCode {
    person: PersonId,
    grant: AppGrantId,
    token: Token,
}

/// What an app's access is refreshed with, once: whose access it is, a token of the access that stays
/// as long as it lasts, and one that is new each time.
///
/// The first tells a token that was used before from one that was made up: only who once held a right
/// one can have the first right and the second wrong, and then two hold what one was given
/// (RFC 9700, 4.14.2).
///
/// ```
/// use eschool_core::id::{AppGrantId, PersonId};
/// use eschool_store::secret::{RefreshToken, Token};
/// use uuid::Uuid;
///
/// let (person, grant) = (PersonId(Uuid::from_u128(7)), AppGrantId(Uuid::from_u128(8)));
/// // In earnest: the system's randomness.
/// let token = RefreshToken::new(person, grant, Token::new([7; 32]), Token::new([8; 32]));
/// let text = token.to_text();
/// assert_eq!(text.len(), 128);
/// let next = RefreshToken::parse(&text)?.next(Token::new([9; 32]));
/// assert_eq!((next.person(), next.grant(), next.family()), (person, grant, token.family()));
/// assert_ne!(next.turn(), token.turn());
/// assert_eq!(format!("{token:?}"), "RefreshToken(…)");
/// # Ok::<(), eschool_store::secret::TokenError>(())
/// ```
pub struct RefreshToken {
    person: PersonId,
    grant: AppGrantId,
    family: Token,
    turn: Token,
}

impl AppCode {
    /// A code of this access.
    #[must_use]
    pub const fn new(person: PersonId, grant: AppGrantId, token: Token) -> Self {
        Self { person, grant, token }
    }

    /// Reads what [`AppCode::to_text`] printed. It has one spelling only.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let bytes = read::<{ 2 * ID + LENGTH }>(text)?;
        let (person, grant, rest) = whose(bytes.as_slice())?;
        Ok(Self { person, grant, token: token(rest)? })
    }

    /// 86 characters of base64url; wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        print(self.person, self.grant, &[&self.token])
    }

    /// Whose access it begins.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The access.
    #[must_use]
    pub const fn grant(&self) -> AppGrantId {
        self.grant
    }

    /// What the database holds.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        self.token.hash()
    }
}

impl RefreshToken {
    /// A token of this access.
    #[must_use]
    pub const fn new(person: PersonId, grant: AppGrantId, family: Token, turn: Token) -> Self {
        Self { person, grant, family, turn }
    }

    /// The token that follows this one.
    #[must_use]
    pub fn next(self, turn: Token) -> Self {
        Self { turn, ..self }
    }

    /// Reads what [`RefreshToken::to_text`] printed. It has one spelling only.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let bytes = read::<{ 2 * ID + 2 * LENGTH }>(text)?;
        let (person, grant, rest) = whose(bytes.as_slice())?;
        let (family, turn) = rest.split_at_checked(LENGTH).ok_or(TokenError::Malformed)?;
        Ok(Self { person, grant, family: token(family)?, turn: token(turn)? })
    }

    /// 128 characters of base64url; wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        print(self.person, self.grant, &[&self.family, &self.turn])
    }

    /// Whose access it is of.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The access.
    #[must_use]
    pub const fn grant(&self) -> AppGrantId {
        self.grant
    }

    /// What the database holds of all tokens of this access.
    #[must_use]
    pub fn family(&self) -> TokenHash {
        self.family.hash()
    }

    /// What the database holds of this one.
    #[must_use]
    pub fn turn(&self) -> TokenHash {
        self.turn.hash()
    }
}

fn read<const N: usize>(text: &str) -> Result<Zeroizing<[u8; N]>, TokenError> {
    let mut bytes = Zeroizing::new([0; N]);
    match URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
        Ok(length) if length == N => Ok(bytes),
        _ => Err(TokenError::Malformed),
    }
}

/// Takes the two identifiers off.
fn whose(bytes: &[u8]) -> Result<(PersonId, AppGrantId, &[u8]), TokenError> {
    let (person, rest) = bytes.split_at_checked(ID).ok_or(TokenError::Malformed)?;
    let (grant, rest) = rest.split_at_checked(ID).ok_or(TokenError::Malformed)?;
    let id = |bytes| Uuid::from_slice(bytes).map_err(|_| TokenError::Malformed);
    Ok((PersonId(id(person)?), AppGrantId(id(grant)?), rest))
}

fn token(bytes: &[u8]) -> Result<Token, TokenError> {
    bytes.try_into().map(Token::new).map_err(|_| TokenError::Malformed)
}

fn print(person: PersonId, grant: AppGrantId, tokens: &[&Token]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * ID + 2 * LENGTH));
    bytes.extend_from_slice(person.0.as_bytes());
    bytes.extend_from_slice(grant.0.as_bytes());
    for token in tokens {
        bytes.extend_from_slice(token.expose());
    }
    let mut text = Zeroizing::new(String::with_capacity(128));
    URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut text);
    text
}

impl fmt::Debug for AppCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppCode(…)")
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

// Their secret fields are.
impl ZeroizeOnDrop for AppCode {}
impl ZeroizeOnDrop for RefreshToken {}
