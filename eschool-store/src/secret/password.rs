//! One password: hashed, and checked against a hash.

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use eschool_core::error::CodedError;

/// Why a password was neither hashed nor checked.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::secret::PasswordError;
///
/// assert_eq!(PasswordError::Busy.code(), "busy");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// No turn within a second: too many people sign in at once, or somebody floods.
    #[error("too many passwords are being checked")]
    Busy,
    /// What is stored is not an argon2id PHC string, or asks for more than the limits.
    #[error("the stored password hash is malformed")]
    Malformed,
    /// Hashing failed: costs out of range, no memory, or a hasher that panicked.
    #[error("the password could not be hashed")]
    Failed,
}

impl CodedError for PasswordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Malformed => "password_hash_malformed",
            Self::Failed => "password_failed",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Busy => "Сейчас входит слишком много людей. Повторите попытку через минуту.",
            Self::Malformed => "Сохранённый пароль повреждён. Нужна новая карточка.",
            Self::Failed => "Не удалось проверить пароль. Повторите попытку позже.",
        }
    }
}

/// Turns a password into a PHC string and checks one against it, on the calling thread.
///
/// [`Argon2id`] is the real one; a test may count calls instead:
///
/// ```
/// use eschool_store::secret::{PasswordError, PasswordHasher};
///
/// struct Plain;
///
/// impl PasswordHasher for Plain {
///     fn hash(&self, password: &str, _: [u8; 16]) -> Result<String, PasswordError> {
///         Ok(format!("$plain${password}"))
///     }
///     fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError> {
///         Ok(phc.strip_prefix("$plain$").ok_or(PasswordError::Malformed)? == password)
///     }
/// }
///
/// let phc = Plain.hash("правильный", [0; 16])?;
/// assert!(Plain.verify("правильный", &phc)?);
/// # Ok::<(), PasswordError>(())
/// ```
pub trait PasswordHasher: Send + Sync {
    /// The PHC string of a password. The salt is random and new for every password.
    ///
    /// # Errors
    /// [`PasswordError::Failed`].
    fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, PasswordError>;

    /// Whether the password is the one that was hashed; compares in constant time.
    ///
    /// # Errors
    /// [`PasswordError::Malformed`] if `phc` is no hash of this kind, [`PasswordError::Failed`].
    fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError>;
}

/// Argon2id (RFC 9106), by default with 19 MiB, two passes, one lane: OWASP's second choice, some
/// 16 ms.
///
/// A stored hash is checked at the costs written in it, so that cards printed before a change of
/// costs still work; but never beyond 256 MiB, 16 passes or 16 lanes, else one changed row could
/// take the server's memory.
///
/// ```
/// use eschool_store::secret::{Argon2id, PasswordHasher};
///
/// let argon2id = Argon2id::default();
/// let phc = argon2id.hash("k7hT-mW4x", [7; 16])?;
/// assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
/// assert!(argon2id.verify("k7hT-mW4x", &phc)?);
/// assert!(!argon2id.verify("k7hT-mW4X", &phc)?);
/// # Ok::<(), eschool_store::secret::PasswordError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Argon2id {
    params: Params,
}

impl Argon2id {
    /// Other costs: memory in KiB, passes, lanes. Small ones are for tests only.
    ///
    /// # Errors
    /// [`PasswordError::Failed`] for costs argon2 does not know (memory under 8 KiB a lane, no
    /// pass, no lane) or beyond the limits that [`Argon2id`] names.
    pub fn with_costs(memory: u32, passes: u32, lanes: u32) -> Result<Self, PasswordError> {
        let params = Params::new(memory, passes, lanes, None).map_err(|_| PasswordError::Failed)?;
        bearable(&params).then_some(Self { params }).ok_or(PasswordError::Failed)
    }

    fn engine(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }
}

impl PasswordHasher for Argon2id {
    fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, PasswordError> {
        self.engine()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| PasswordError::Failed)
    }

    fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError> {
        let stored = PasswordHash::new(phc).map_err(|_| PasswordError::Malformed)?;
        let params = Params::try_from(&stored).map_err(|_| PasswordError::Malformed)?;
        // A hash never stands without its salt.
        let ours = stored.algorithm == ARGON2ID_IDENT
            && stored.version == Some(Version::V0x13.into())
            && stored.hash.is_some()
            && bearable(&params);
        if !ours {
            return Err(PasswordError::Malformed);
        }
        match self.engine().verify_password(password.as_bytes(), &stored) {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(_) => Err(PasswordError::Failed),
        }
    }
}

fn bearable(params: &Params) -> bool {
    params.m_cost() <= 256 << 10 && params.t_cost() <= 16 && params.p_cost() <= 16
}
