//! What a one-time link carries.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use eschool_core::id::{AccountId, SchoolId};
use uuid::Uuid;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{Token, TokenError, TokenHash, bytes::LENGTH};

/// How many bytes of the text are the identifiers of school and account.
const IDS: usize = 32;

/// What a one-time link to set a password carries: whose it is, and the token that nobody else has.
///
/// An account has one link at most, which lies beside it; the text tells the account, so that a link
/// is found where the account is. The identifiers are no secret: without the token they open
/// nothing.
///
/// ```
/// use eschool_core::id::{AccountId, SchoolId};
/// use eschool_store::secret::{LinkToken, Token};
/// use uuid::Uuid;
///
/// let (school, account) = (SchoolId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
/// // In earnest: the system's randomness.
/// let token = LinkToken::new(school, account, Token::new([7; 32]));
/// let text = token.to_text();
/// assert_eq!(text.len(), 86);
/// let read = LinkToken::parse(&text)?;
/// assert_eq!((read.school(), read.account(), read.hash()), (school, account, token.hash()));
/// assert_eq!(format!("{token:?}"), "LinkToken(…)");
/// # Ok::<(), eschool_store::secret::TokenError>(())
/// ```
pub struct LinkToken {
    school: SchoolId,
    account: AccountId,
    token: Token,
}

impl LinkToken {
    /// A link of this account.
    #[must_use]
    pub const fn new(school: SchoolId, account: AccountId, token: Token) -> Self {
        Self { school, account, token }
    }

    /// Reads what [`LinkToken::to_text`] printed. It has one spelling only.
    ///
    /// # Errors
    /// [`TokenError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let mut bytes = Zeroizing::new([0; IDS + LENGTH]);
        let length = URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice());
        let (ids, token) = match length {
            Ok(length) if length == IDS + LENGTH => bytes.split_at(IDS),
            _ => return Err(TokenError::Malformed),
        };
        let (school, account) = ids.split_at(IDS / 2);
        let id = |bytes| Uuid::from_slice(bytes).map_err(|_| TokenError::Malformed);
        let (school, account) = (SchoolId(id(school)?), AccountId(id(account)?));
        let token = token.try_into().map_err(|_| TokenError::Malformed)?;
        Ok(Self { school, account, token: Token::new(token) })
    }

    /// 86 characters of base64url; wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; IDS + LENGTH]);
        let (ids, token) = bytes.split_at_mut(IDS);
        let (school, account) = ids.split_at_mut(IDS / 2);
        school.copy_from_slice(self.school.0.as_bytes());
        account.copy_from_slice(self.account.0.as_bytes());
        token.copy_from_slice(self.token.expose());
        let mut text = Zeroizing::new(String::with_capacity(86));
        URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut text);
        text
    }

    /// The account's school.
    #[must_use]
    pub const fn school(&self) -> SchoolId {
        self.school
    }

    /// Whose password it sets.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What the database holds and is asked for, with the account.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        self.token.hash()
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

// Its secret field is.
impl ZeroizeOnDrop for LinkToken {}
