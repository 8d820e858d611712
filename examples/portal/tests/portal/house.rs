//! Servers and data folders.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::policy::SignInPolicy;
use eschool_store::ambient::{Ambient, OsEntropy};
use portal::{
    apps::Apps,
    cards,
    esia::{Esia, EsiaChoice},
    serve::Server,
    start::{Begins, Installation, Settings},
    web::{self, Package},
};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::client::Browser;

/// Noon in Moscow, on a Wednesday in term.
pub(crate) const NOON: &str = "2026-11-18T09:00:00Z";

/// A folder that is gone with the value.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("portal-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A clock that stands until it is moved.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn at(instant: &str) -> Self {
        let instant: DateTime<Utc> = instant.parse().unwrap();
        Self(Arc::new(AtomicI64::new(instant.timestamp_millis())))
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    fn ambient(&self) -> Ambient {
        let clock = self.clone();
        let now = move || {
            DateTime::from_timestamp_millis(clock.0.load(Ordering::SeqCst)).unwrap_or_default()
        };
        Ambient::new(Arc::new(now), Arc::new(OsEntropy))
    }
}

/// A portal that answers.
pub(crate) struct House {
    pub(crate) clock: Clock,
    pub(crate) installation: Installation,
    /// What it printed while it started.
    pub(crate) printed: String,
    address: std::net::SocketAddr,
    /// The emulator's port, if ЕСИА is one.
    emulator: Option<u16>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

/// A card that was printed.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) login: String,
    pub(crate) password: String,
}

impl House {
    /// The portal over a folder, with these schools imported and an emulator of ЕСИА.
    pub(crate) async fn open(folder: &Path, imports: Vec<PathBuf>, instant: &str) -> Self {
        Self::under(SignInPolicy::ryazan_2022(), folder, imports, instant).await
    }

    /// The portal with the school of `tests/portal/school` and another ЕСИА.
    pub(crate) async fn with_school_and_esia(folder: &Folder, choice: EsiaChoice) -> Self {
        let policy = SignInPolicy::ryazan_2022();
        Self::build(policy, folder.path(), vec![school()], NOON, (Some(choice), None)).await
    }

    /// The portal with the school of `tests/portal/school` and a package for its forms.
    pub(crate) async fn with_school_and_package(folder: &Folder, package: &Path) -> Self {
        let policy = SignInPolicy::ryazan_2022();
        let package = Package::open(Some(package)).unwrap();
        Self::build(policy, folder.path(), vec![school()], NOON, (None, package)).await
    }

    /// The same under a policy.
    pub(crate) async fn under(
        policy: SignInPolicy,
        folder: &Path,
        imports: Vec<PathBuf>,
        instant: &str,
    ) -> Self {
        Self::build(policy, folder, imports, instant, (None, None)).await
    }

    async fn build(
        policy: SignInPolicy,
        folder: &Path,
        imports: Vec<PathBuf>,
        instant: &str,
        (choice, package): (Option<EsiaChoice>, Option<Package>),
    ) -> Self {
        let clock = Clock::at(instant);
        let mut out = Vec::new();
        let settings = Settings {
            data: folder.into(),
            database: None,
            imports,
            policy,
            begins: Begins::WithSample,
            ambient: clock.ambient(),
        };
        let installation = Installation::open(settings, &mut out).await.unwrap();
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = server.address();
        let is_sample = installation.esia_people().is_some();
        let people = (!is_sample).then(|| school().join("esia_people.csv"));
        let choice = choice.unwrap_or(EsiaChoice { settings: None, people });
        let esia = Esia::open(&installation, &choice, address).await.unwrap();
        let emulator = esia.emulator().and_then(|url| url.port());
        installation.announce(address, &esia, &mut out).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = web::router(&installation, esia, apps(), package);
        let task = tokio::spawn(server.run(router, async move {
            let _ = stopped.await;
        }));
        let printed = String::from_utf8(out).unwrap();
        Self { clock, installation, printed, address, emulator, stop: Some(stop), task }
    }

    /// The portal with the school of `tests/portal/school`.
    pub(crate) async fn with_school(folder: &Folder) -> Self {
        Self::open(folder.path(), vec![school()], NOON).await
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser that looks at the emulator of ЕСИА, which is another site.
    pub(crate) fn browser_at_esia(&self) -> Browser {
        let port = self.emulator.unwrap();
        let mut browser = Browser::new(([127, 0, 0, 1], port).into());
        browser.host = format!("localhost:{port}");
        browser
    }

    pub(crate) const fn address(&self) -> std::net::SocketAddr {
        self.address
    }

    /// The cards of a class, newly made, with what was printed.
    pub(crate) async fn cards(&self, class: &str) -> (Vec<Card>, String) {
        let mut out = Vec::new();
        let class = class.parse().unwrap();
        cards::print(&self.installation, &class, None, &mut out).await.unwrap();
        let printed = String::from_utf8(out).unwrap();
        (read_cards(&printed), printed)
    }

    /// A browser in which the holder of a card is signed in.
    pub(crate) async fn signed_in(&self, card: &Card) -> Browser {
        let mut browser = self.browser();
        let fields = [("login", card.login.as_str()), ("password", card.password.as_str())];
        let reply = browser.post_form("/sign-in", &fields).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some("/week")));
        browser
    }

    /// Stops as the operator would have it stop.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        self.task.await.unwrap();
    }
}

/// Apps with a link and with a scheme of their own.
fn apps() -> Apps {
    let texts =
        ["link-diary=https://app.example.org/back?from=diary", "own-diary=org.example.diary:/back"];
    Apps::new(texts.iter().map(|text| text.parse().unwrap()))
}

pub(crate) fn school() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/portal/school")
}

/// Logins and passwords of printed cards.
pub(crate) fn read_cards(printed: &str) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut lines = printed.lines();
    while let Some(line) = lines.next() {
        let Some((_, login)) = line.split_once("Логин:") else { continue };
        let login = login.trim_matches([' ', '│']).to_owned();
        // the line below the one that opens the boxes
        let boxes = lines.find(|line| line.contains("┌───┬")).and_then(|_| lines.next()).unwrap();
        let password = boxes.split('│').filter_map(|cell| {
            let mut letters = cell.trim().chars();
            letters.next().filter(|_| letters.next().is_none())
        });
        cards.push(Card { login, password: password.collect() });
    }
    cards
}
