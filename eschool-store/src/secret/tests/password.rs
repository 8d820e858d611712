use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use zeroize::Zeroizing;

use crate::secret::{Argon2id, PasswordError, PasswordHasher, Passwords};

/// Knows a password by `plain:` before it, counts, and waits at the gate if there is one.
#[derive(Default)]
struct Counting {
    hashed: AtomicUsize,
    verified: AtomicUsize,
    running: AtomicUsize,
    most: AtomicUsize,
    gate: Option<Mutex<Receiver<()>>>,
    against: Mutex<Vec<String>>,
}

impl Counting {
    fn gated() -> (Arc<Self>, Sender<()>) {
        let (open, gate) = channel();
        (Arc::new(Self { gate: Some(Mutex::new(gate)), ..Self::default() }), open)
    }
}

impl PasswordHasher for Counting {
    fn hash(&self, password: &str, _: [u8; 16]) -> Result<String, PasswordError> {
        self.hashed.fetch_add(1, SeqCst);
        Ok(format!("plain:{password}"))
    }

    fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError> {
        self.verified.fetch_add(1, SeqCst);
        self.most.fetch_max(self.running.fetch_add(1, SeqCst) + 1, SeqCst);
        self.against.lock().unwrap().push(phc.to_owned());
        if let Some(gate) = &self.gate {
            gate.lock().unwrap().recv_timeout(Duration::from_secs(10)).unwrap();
        }
        assert_ne!(password, "panic");
        std::thread::sleep(Duration::from_millis(2));
        self.running.fetch_sub(1, SeqCst);
        phc.strip_prefix("plain:").map(|right| right == password).ok_or(PasswordError::Malformed)
    }
}

fn typed(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.to_owned())
}

fn stored(password: &str) -> Option<String> {
    Some(format!("plain:{password}"))
}

fn passwords(hasher: &Arc<Counting>, permits: usize) -> Passwords {
    let hasher: Arc<dyn PasswordHasher> = Arc::<Counting>::clone(hasher);
    Passwords::new(hasher, NonZeroUsize::new(permits).unwrap()).unwrap()
}

/// Lets spawned tasks get as far as they can.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

/// Waits, in real time, until a blocking thread has begun its `n`-th check.
async fn begun(hasher: &Counting, n: usize) {
    for _ in 0..10_000 {
        if hasher.verified.load(SeqCst) >= n {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
        tokio::task::yield_now().await;
    }
    panic!("no check began within ten seconds");
}

/// The string is what Python's `cryptography` makes of the same password, salt and costs.
#[test]
fn argon2id_is_the_standard_one() {
    let phc = "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$\
               aIeccOljAfq79ttkpuaHUApXB8Ux54losv7VsNf5/78";
    assert_eq!(Argon2id::default().hash("k7hT-mW4x", [7; 16]).unwrap(), phc);
}

#[test]
fn a_hash_is_checked_at_its_own_costs() {
    let cheap = Argon2id::with_costs(64, 1, 1).unwrap();
    let phc = cheap.hash("k7hT-mW4x", [7; 16]).unwrap();
    assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    assert_eq!(Argon2id::default().verify("k7hT-mW4x", &phc), Ok(true));
    assert_eq!(Argon2id::default().verify("k7hT-mW4", &phc), Ok(false));
    assert_eq!(Argon2id::default().verify("", &phc), Ok(false));
    assert_ne!(cheap.hash("k7hT-mW4x", [8; 16]).unwrap(), phc);
}

#[test]
fn a_stored_hash_that_is_none_is_told() {
    let salt = "BwcHBwcHBwcHBwcHBwcHBw";
    let hash = "aIeccOljAfq79ttkpuaHUApXB8Ux54losv7VsNf5/78";
    for phc in [
        String::new(),
        "k7hT-mW4x".into(),
        "$argon2id$v=19$m=64,t=1,p=1".into(),
        format!("$argon2id$v=19$m=64,t=1,p=1${salt}"),
        format!("$argon2i$v=19$m=64,t=1,p=1${salt}${hash}"),
        format!("$argon2d$v=19$m=64,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=0,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=262145,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=17,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=640,t=1,p=17${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=1,p=1${salt}${hash}$"),
        format!("$argon2id$m=64,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=16$m=64,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=20$m=64,t=1,p=1${salt}${hash}"),
    ] {
        let verified = Argon2id::default().verify("k7hT-mW4x", &phc);
        assert_eq!(verified, Err(PasswordError::Malformed), "{phc}");
    }
}

#[test]
fn costs_out_of_range_are_refused() {
    assert!(Argon2id::with_costs(262_144, 16, 16).is_ok());
    for (memory, passes, lanes) in
        [(7, 1, 1), (64, 0, 1), (64, 1, 0), (64, 17, 1), (262_145, 1, 1), (640, 1, 17)]
    {
        let error = Argon2id::with_costs(memory, passes, lanes).unwrap_err();
        assert_eq!(error, PasswordError::Failed, "{memory} {passes} {lanes}");
    }
}

#[tokio::test]
async fn an_unknown_login_costs_one_check_as_a_known_one_does() {
    let hasher = Arc::new(Counting::default());
    let passwords = passwords(&hasher, 2);
    assert_eq!(hasher.hashed.load(SeqCst), 1, "the dummy, once");

    assert_eq!(passwords.verify_or_dummy(typed("a"), stored("a")).await, Ok(true));
    assert_eq!(passwords.verify_or_dummy(typed("a"), stored("b")).await, Ok(false));
    assert_eq!(hasher.verified.load(SeqCst), 2);
    assert_eq!(passwords.verify_or_dummy(typed("a"), None).await, Ok(false));
    assert_eq!(hasher.verified.load(SeqCst), 3);
    assert_eq!(hasher.hashed.load(SeqCst), 1);
}

#[tokio::test]
async fn the_dummys_own_password_opens_nothing() {
    let hasher = Arc::new(Counting::default());
    let passwords = passwords(&hasher, 1);
    assert_eq!(passwords.verify_or_dummy(typed(""), None).await, Ok(false));
    let dummy = hasher.against.lock().unwrap().concat();
    let right = dummy.strip_prefix("plain:").unwrap();
    assert_eq!(passwords.verify_or_dummy(typed(right), None).await, Ok(false));
    assert_eq!(passwords.verify_or_dummy(typed(right), Some(dummy.clone())).await, Ok(true));
}

#[tokio::test]
async fn the_dummy_has_the_costs_of_the_others() {
    struct Seen(Argon2id, Mutex<Vec<String>>);
    impl PasswordHasher for Seen {
        fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, PasswordError> {
            self.0.hash(password, salt)
        }
        fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError> {
            self.1.lock().unwrap().push(phc.to_owned());
            self.0.verify(password, phc)
        }
    }
    let cheap = Argon2id::with_costs(96, 3, 2).unwrap();
    let seen = Arc::new(Seen(cheap, Mutex::default()));
    let hasher: Arc<dyn PasswordHasher> = Arc::<Seen>::clone(&seen);
    let passwords = Passwords::new(hasher, NonZeroUsize::MIN).unwrap();
    assert_eq!(passwords.verify_or_dummy(typed("a"), None).await, Ok(false));
    let phc = passwords.hash(typed("a"), [7; 16]).await.unwrap();
    assert_eq!(passwords.verify_or_dummy(typed("a"), Some(phc)).await, Ok(true));
    for phc in seen.1.lock().unwrap().iter() {
        assert!(phc.starts_with("$argon2id$v=19$m=96,t=3,p=2$"), "{phc}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_run_at_once_than_there_are_permits() {
    let hasher = Arc::new(Counting::default());
    let passwords = passwords(&hasher, 3);
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.verify_or_dummy(typed("a"), stored("a")).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(true));
    }
    assert_eq!(hasher.verified.load(SeqCst), 40);
    assert!(hasher.most.load(SeqCst) <= 3);
}

#[tokio::test(start_paused = true)]
async fn who_gets_no_turn_within_a_second_is_told_busy() {
    let (hasher, open) = Counting::gated();
    let passwords = passwords(&hasher, 1);
    let check = |password| {
        let passwords = passwords.clone();
        tokio::spawn(async move { passwords.verify_or_dummy(typed(password), stored("a")).await })
    };
    let first = check("a");
    settle().await;
    begun(&hasher, 1).await;

    let second = check("a");
    settle().await;
    tokio::time::advance(Duration::from_millis(990)).await;
    settle().await;
    assert!(!second.is_finished());
    tokio::time::advance(Duration::from_millis(20)).await;
    assert_eq!(second.await.unwrap(), Err(PasswordError::Busy));
    assert_eq!(hasher.verified.load(SeqCst), 1, "nothing was checked");

    let third = check("b");
    settle().await;
    open.send(()).unwrap();
    open.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(true), "a slow check is not cut short");
    assert_eq!(third.await.unwrap(), Ok(false));
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_leaves_frees_no_permit() {
    let (hasher, open) = Counting::gated();
    let passwords = passwords(&hasher, 1);
    let leaving = {
        let passwords = passwords.clone();
        tokio::spawn(async move { passwords.verify_or_dummy(typed("a"), stored("a")).await })
    };
    settle().await;
    begun(&hasher, 1).await;
    leaving.abort();
    assert!(leaving.await.unwrap_err().is_cancelled());

    let busy = tokio::spawn({
        let passwords = passwords.clone();
        async move { passwords.verify_or_dummy(typed("a"), None).await }
    });
    settle().await;
    tokio::time::advance(Duration::from_millis(1010)).await;
    assert_eq!(busy.await.unwrap(), Err(PasswordError::Busy));
    assert_eq!(hasher.verified.load(SeqCst), 1);

    open.send(()).unwrap();
    open.send(()).unwrap();
    assert_eq!(passwords.verify_or_dummy(typed("a"), stored("a")).await, Ok(true));
    assert_eq!(hasher.verified.load(SeqCst), 2);
}

#[tokio::test]
async fn a_hasher_that_fails_or_panics_gives_its_permit_back() {
    let hasher = Arc::new(Counting::default());
    let passwords = passwords(&hasher, 1);
    let malformed = passwords.verify_or_dummy(typed("a"), Some("?".into())).await;
    assert_eq!(malformed, Err(PasswordError::Malformed));
    let panicked = passwords.verify_or_dummy(typed("panic"), stored("a")).await;
    assert_eq!(panicked, Err(PasswordError::Failed));
    assert_eq!(passwords.verify_or_dummy(typed("a"), stored("a")).await, Ok(true));
}

#[tokio::test]
async fn nothing_shows_a_password() {
    let passwords = passwords(&Arc::new(Counting::default()), 3);
    assert_eq!(format!("{passwords:?}"), "Passwords { free_permits: 3, .. }");
}
