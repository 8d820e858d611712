//! A store whose clock is set by hand and whose hashes are counted.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::{
    id::SchoolId, journal::ClassName, people::RegistrationCard, policy::SignInPolicy,
    signin::RefusalCode,
};

use super::{families::families, small_school::small_school};
use crate::{
    Actor, PasswordSignIn, SignInError, SignedIn, Store, StoreSettings,
    ambient::{Ambient, Clock, Entropy, OsEntropy},
    backend::{Access, Backend, BackendError, Changes, Tx},
    secret::{Argon2id, PasswordError, PasswordHasher, Passwords},
    testing::{
        fixtures::{school_id, vault},
        save,
    },
};

/// A clock that is set by hand.
#[derive(Clone, Debug)]
pub struct SetClock(Arc<Mutex<DateTime<Utc>>>);

impl SetClock {
    /// Sets it.
    pub fn set(&self, now: &str) {
        *self.0.lock().unwrap() = now.parse().unwrap();
    }

    /// Puts it forward.
    pub fn forward(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// The system's randomness, of which some may be known before.
#[derive(Debug, Default)]
pub struct KnownEntropy(Mutex<Vec<Vec<u8>>>);

impl KnownEntropy {
    /// Has the next randomness of as many bytes be these.
    pub fn next(&self, bytes: &[u8]) {
        self.0.lock().unwrap().push(bytes.to_vec());
    }
}

impl Entropy for KnownEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut known = self.0.lock().unwrap();
        match known.iter().position(|next| next.len() == bytes.len()) {
            Some(place) => bytes.copy_from_slice(&known.remove(place)),
            None => OsEntropy.fill(bytes),
        }
    }
}

/// Argon2id at its least costs, counting how often it is asked.
pub struct CountingHasher {
    inner: Argon2id,
    count: AtomicUsize,
    meanwhile: Mutex<Option<Meanwhile>>,
    is_busy: AtomicBool,
}

/// What happens while a password is checked.
type Meanwhile = Box<dyn FnOnce() + Send>;

impl std::fmt::Debug for CountingHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CountingHasher").field("count", &self.count).finish_non_exhaustive()
    }
}

impl CountingHasher {
    /// How many hashes were made since this was last asked.
    pub fn take(&self) -> usize {
        self.count.swap(0, Ordering::SeqCst)
    }

    /// Has this happen, once, while the next password is checked or hashed, on the thread that does.
    pub fn meanwhile(&self, happens: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(happens));
    }

    /// Has nobody get a turn from now on, or everybody again.
    pub fn set_busy(&self, is_busy: bool) {
        self.is_busy.store(is_busy, Ordering::SeqCst);
    }

    fn happen(&self) -> Result<(), PasswordError> {
        let happens = self.meanwhile.lock().unwrap().take();
        if let Some(happens) = happens {
            happens();
        }
        if self.is_busy.load(Ordering::SeqCst) { Err(PasswordError::Busy) } else { Ok(()) }
    }
}

impl PasswordHasher for CountingHasher {
    fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, PasswordError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.happen()?;
        self.inner.hash(password, salt)
    }

    fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.happen()?;
        self.inner.verify(password, phc)
    }
}

/// A store over a small school: class 8А with three pupils.
///
/// | account | born | reaches 14 years 6 months | in the class |
/// |---|---|---|---|
/// | 1, Ёлкина Анна | 31.08.2010 | 28.02.2025 | from 01.09.2024 |
/// | 2, Ёлкина Алла | 05.03.2011 | 05.09.2025 | from 01.09.2024 to 10.10.2024 |
/// | 3, Пихта Олег | 01.01.2010 | 01.07.2024 | from 01.09.2024 |
#[derive(Debug)]
pub struct Harness<B> {
    /// The store.
    pub store: Store<B>,
    /// Its clock.
    pub clock: SetClock,
    /// Its hasher.
    pub hasher: Arc<CountingHasher>,
    /// Its randomness.
    pub entropy: Arc<KnownEntropy>,
}

impl<B: Backend> Harness<B> {
    /// The school.
    pub const SCHOOL: SchoolId = school_id(1);

    /// The store over an empty backend, at noon of 2 September 2024 in Moscow.
    pub async fn new(backend: B) -> Self {
        Self::with(backend, small_school(), SignInPolicy::ryazan_2022()).await
    }

    /// The same with families, staff and a second school, under a policy.
    pub async fn with_families(backend: B, policy: SignInPolicy) -> Self {
        Self::with(backend, families(), policy).await
    }

    /// The same over these rows, under a policy.
    pub async fn with(backend: B, changes: Changes, policy: SignInPolicy) -> Self {
        save(&backend, &changes).await;
        let clock = SetClock(Arc::new(Mutex::new("2024-09-02T09:00:00Z".parse().unwrap())));
        let hasher = Arc::new(CountingHasher {
            inner: Argon2id::with_costs(64, 1, 1).unwrap(),
            count: AtomicUsize::new(0),
            meanwhile: Mutex::new(None),
            is_busy: AtomicBool::new(false),
        });
        let entropy = Arc::new(KnownEntropy::default());
        let store = Store::new(
            backend,
            Ambient::new(Arc::new(clock.clone()), entropy.clone()),
            vault(),
            Passwords::new(hasher.clone(), NonZeroUsize::MIN).unwrap(),
            policy,
            StoreSettings::default(),
        );
        hasher.take();
        Self { store, clock, hasher, entropy }
    }

    /// Cards of the class, by name, made at the console.
    pub async fn cards(&self) -> Vec<RegistrationCard> {
        let class = "8А".parse::<ClassName>().unwrap();
        let issued = self.store.issue_cards(Actor::Console, Self::SCHOOL, &class).await.unwrap();
        self.hasher.take();
        issued.cards.into_iter().map(|made| made.card).collect()
    }

    /// Signs in from an unknown device at an address.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        from: &str,
    ) -> Result<SignedIn, SignInError> {
        self.sign_in_on(None, login, password, from).await
    }

    /// Signs in on a device.
    pub async fn sign_in_on(
        &self,
        device: Option<&SignedIn>,
        login: &str,
        password: &str,
        from: &str,
    ) -> Result<SignedIn, SignInError> {
        let request = PasswordSignIn {
            login: login.into(),
            password: String::from(password).into(),
            source: from.parse().ok(),
            device: device
                .and_then(|signed_in| Some(signed_in.device.as_ref()?.to_text().to_string())),
        };
        self.store.sign_in_with_password(request).await
    }
}

/// The code of a refusal.
///
/// # Panics
/// If somebody is in, or the store failed.
pub fn refused(result: Result<SignedIn, SignInError>) -> RefusalCode {
    match result.expect_err("nobody is in") {
        SignInError::Refused(refusal) => refusal.code,
        SignInError::Store(error) => panic!("the store failed: {error}"),
    }
}

/// Drives futures together on one task.
pub(super) async fn join<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |context| {
        let mut pending = false;
        for (future, result) in &mut waiting {
            if result.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *result = Some(value),
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending {
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(waiting.drain(..).filter_map(|(_, result)| result).collect())
        }
    })
    .await
}

/// A backend whose transactions let others go first once they have begun, so that what is driven
/// together meets there.
#[derive(Debug)]
pub(super) struct Yielding<B>(pub(super) B);

#[async_trait]
impl<B: Backend> Backend for Yielding<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let tx = self.0.begin(access).await;
        let mut is_last = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut is_last, true) {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        tx
    }
}
