//! Starting: a folder becomes an installation.

mod database;
mod error;
mod files;
pub mod policy;

use std::{
    io::Write,
    net::SocketAddr,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    thread::available_parallelism,
    time::Duration,
};

use chrono_tz::Tz;
pub use database::{Database, DatabaseUrl};
pub use error::StartError;
use eschool_core::policy::SignInPolicy;
use eschool_store::{
    Store, StoreError, StoreSettings,
    ambient::Ambient,
    backend::{Access, Backend as _},
    exchange::ImportOptions,
    secret::{Argon2id, Keys, KeysError, Passwords, Vault},
    sqlite::SqliteBackend,
};
use files::DataFolder;
pub(crate) use files::{create_new, new_file, provide, replace};

use crate::{esia::Esia, import, sample_school::SampleSchool};

/// How often what has had its time is forgotten.
const EVERY_HOUR: Duration = Duration::from_secs(60 * 60);

/// How many accounts an hour erases at most, so that it holds up nobody for long.
const ERASED_AT_ONCE: usize = 500;

/// How long closing the database may take.
const CLOSING: Duration = Duration::from_secs(10);

/// How often the audit is sealed: what is not sealed can be changed without a trace.
const EVERY_FEW_MINUTES: Duration = Duration::from_secs(5 * 60);

/// What an installation is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the keys, and of the database where it is on no server.
    pub data: PathBuf,
    /// The database on a server, if it is on one.
    pub database: Option<DatabaseUrl>,
    /// Folders of schools to import first.
    pub imports: Vec<PathBuf>,
    /// The policy people sign in by.
    pub policy: SignInPolicy,
    /// Whether it may begin here.
    pub begins: Begins,
    /// Time and randomness.
    pub ambient: Ambient,
}

/// Whether a folder that no portal has used becomes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// No: whatever is asked for is asked of an installation that is there.
    Never,
    /// Yes, and without any school.
    Empty,
    /// Yes; where nothing is imported, with the sample schools.
    WithSample,
}

/// An opened data folder, ready to be served.
pub struct Installation {
    pub(crate) store: Store<Database>,
    pub(crate) backend: Database,
    pub(crate) folder: DataFolder,
    pub(crate) ambient: Ambient,
    pub(crate) zone: Tz,
    passwords: Passwords,
    policy: SignInPolicy,
    sample: Option<SampleSchool>,
    /// Whether every school of the database is the sample's.
    is_sample_alone: bool,
}

/// Brings the database on a server up to this version's schema, and says so.
///
/// # Errors
/// [`StartError::DatabaseMissing`] where none is named, [`StartError::Store`] if it fails.
pub async fn migrate(
    database: Option<&DatabaseUrl>,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let database = database.ok_or(StartError::DatabaseMissing)?;
    database.check()?;
    database.migrate().await?;
    writeln!(out, "Таблицы базы данных готовы.")?;
    Ok(out.flush()?)
}

/// Spreads the tables of the database on a server over the machines of Citus, and says how many.
///
/// # Errors
/// [`StartError::DatabaseInFolder`] where none is named, [`StartError::Store`] if it fails, as it does
/// where the server has no Citus.
pub async fn distribute(
    database: Option<&DatabaseUrl>,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let database = database.ok_or(StartError::DatabaseInFolder)?;
    database.check()?;
    match database.distribute().await? {
        0 => writeln!(out, "Все таблицы уже распределены.")?,
        tables => writeln!(out, "Распределено таблиц: {tables}.")?,
    }
    Ok(out.flush()?)
}

/// Copies the folder's database into a new file, and says so.
///
/// # Errors
/// [`StartError::BackupOnServer`] where the database is on a server, which has programs of its own
/// for that; [`StartError::NoInstallation`], [`StartError::Backup`].
pub async fn backup(
    data: &Path,
    database: Option<&DatabaseUrl>,
    file: &Path,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    if database.is_some() {
        return Err(StartError::BackupOnServer);
    }
    if !DataFolder::is_used(data, false) {
        return Err(StartError::NoInstallation(data.into()));
    }
    let folder = DataFolder::open(data)?;
    // Not opened: a portal of an earlier version may be at work on it.
    SqliteBackend::backup_file(&folder.database(), file).await?;
    writeln!(out, "Копия базы данных: {}", file.display())?;
    writeln!(out, "Файла ключей в ней нет: храните его копию отдельно.")?;
    Ok(out.flush()?)
}

impl Installation {
    /// Opens the folder, makes what is not there, and imports. Reports go to `out`.
    ///
    /// # Errors
    /// [`StartError`] says what is wrong and how to mend it.
    pub async fn open(
        settings: Settings,
        out: &mut (dyn Write + Send),
    ) -> Result<Self, StartError> {
        let Settings { data, database, imports, policy, begins, ambient } = settings;
        if let Some(database) = &database {
            database.check()?;
        }
        if begins == Begins::Never && !DataFolder::is_used(&data, database.is_some()) {
            return Err(StartError::NoInstallation(data));
        }
        let folder = DataFolder::open(&data)?;
        if database.is_none() {
            folder.provide_keys(folder.has_database(), &ambient)?;
        }
        let backend = database::open(database.as_ref(), &folder).await?;
        let parts = (backend.clone(), folder, database.is_some());
        let opened = Self::over(parts, (imports, begins), (policy, ambient), out).await;
        if opened.is_err() {
            close(&backend).await;
        }
        opened
    }

    /// An installation over an open database: on a server, or that of the folder.
    async fn over(
        (backend, folder, is_on_server): (Database, DataFolder, bool),
        (imports, begins): (Vec<PathBuf>, Begins),
        (policy, ambient): (SignInPolicy, Ambient),
        out: &mut (dyn Write + Send),
    ) -> Result<Self, StartError> {
        if is_on_server {
            // What is sealed on a server was sealed by keys of some folder; of this one, maybe not.
            let is_used = !backend.begin(Access::Read).await?.schools().await?.is_empty();
            folder.provide_keys(is_used, &ambient)?;
        }
        let passwords = Passwords::new(Arc::new(Argon2id::default()), hashing_permits())
            .map_err(StoreError::from)?;
        let zone = StoreSettings::default().time_zone;
        let store = Store::new(
            backend.clone(),
            ambient.clone(),
            Vault::new(folder.keys()?),
            passwords.clone(),
            policy.clone(),
            StoreSettings::default(),
        );
        store.check_keys().await?;
        let mut installation = Self {
            store,
            backend,
            folder,
            ambient,
            zone,
            passwords,
            policy,
            sample: None,
            is_sample_alone: false,
        };
        if let Err(error) = installation.fill(&imports, begins, out).await {
            // Of what was written before it failed nothing is to go unseen.
            if !imports.is_empty() || begins != Begins::Never {
                installation.seal_at_the_end().await;
            }
            return Err(error);
        }
        Ok(installation)
    }

    /// Takes in what is to be imported at the start, and finds or makes the sample school.
    async fn fill(
        &mut self,
        imports: &[PathBuf],
        begins: Begins,
        out: &mut (dyn Write + Send),
    ) -> Result<(), StartError> {
        for files in imports {
            import::folder(&self.store, files, ImportOptions::default(), out).await?;
        }
        self.sample = match begins {
            Begins::Never => SampleSchool::known(self).await?,
            Begins::Empty => SampleSchool::provide(self, false).await?,
            Begins::WithSample => SampleSchool::provide(self, imports.is_empty()).await?,
        };
        self.is_sample_alone = match &self.sample {
            Some(sample) => sample.is_all(&self.store.schools().await?),
            None => false,
        };
        self.settle_in_zone().await
    }

    /// A store over the same database with another clock or another zone.
    pub(crate) fn store_with(
        &self,
        ambient: Ambient,
        zone: Tz,
    ) -> Result<Store<Database>, StartError> {
        Ok(self.store_of(ambient, zone, self.folder.keys()?))
    }

    fn store_of(&self, ambient: Ambient, zone: Tz, keys: Keys) -> Store<Database> {
        let settings = StoreSettings { time_zone: zone, ..StoreSettings::default() };
        let (backend, passwords) = (self.backend.clone(), self.passwords.clone());
        Store::new(backend, ambient, Vault::new(keys), passwords, self.policy.clone(), settings)
    }

    /// Changes the key file.
    pub(crate) fn change_keys<T>(
        &self,
        change: impl FnOnce(&mut Keys) -> Result<T, KeysError>,
    ) -> Result<T, StartError> {
        let mut keys = self.folder.keys()?;
        let done = change(&mut keys).map_err(StartError::KeyChange)?;
        self.folder.replace_keys(&keys)?;
        Ok(done)
    }

    /// Sees that the database would be opened with the key file if it were changed so; it is not.
    pub(crate) async fn would_open(
        &self,
        change: impl FnOnce(&mut Keys) -> Result<(), KeysError>,
    ) -> Result<(), StartError> {
        let mut keys = self.folder.keys()?;
        change(&mut keys).map_err(StartError::KeyChange)?;
        Ok(self.store_of(self.ambient.clone(), self.zone, keys).check_keys().await?)
    }

    /// Whether the key file may be changed so; it is not.
    pub(crate) fn may_change_keys<T>(
        &self,
        change: impl FnOnce(&mut Keys) -> Result<T, KeysError>,
    ) -> Result<T, StartError> {
        change(&mut self.folder.keys()?).map_err(StartError::KeyChange)
    }

    /// Where every school has one time zone, "today" before a sign-in is that zone's too.
    async fn settle_in_zone(&mut self) -> Result<(), StartError> {
        let mut tx = self.backend.begin(Access::Read).await.map_err(StoreError::from)?;
        let schools = tx.schools().await.map_err(StoreError::from)?;
        drop(tx);
        let mut zones = schools.iter().map(|school| school.time_zone.parse::<Tz>());
        if let Some(Ok(first)) = zones.next()
            && zones.all(|zone| zone == Ok(first))
            && first != self.zone
        {
            self.store = self.store_with(self.ambient.clone(), first)?;
            self.zone = first;
        }
        Ok(())
    }

    /// Prints the address, and whom to sign in as where the sample is there.
    ///
    /// # Errors
    /// [`StartError`] if the database fails or `out` is closed.
    pub async fn announce(
        &self,
        address: SocketAddr,
        esia: &Esia,
        out: &mut (dyn Write + Send),
    ) -> Result<(), StartError> {
        writeln!(out, "Электронные дневники и журналы: http://{address}/")?;
        writeln!(out, "Порядок авторизации: {}", self.policy.name())?;
        writeln!(out, "Папка данных: {}", self.folder.path().display())?;
        if let Some(emulator) = esia.emulator() {
            writeln!(out, "Эмулятор ЕСИА (люди вымышлены): {emulator}")?;
        }
        if !address.ip().is_loopback() {
            writeln!(
                out,
                "Внимание: вне этого компьютера войти можно только по https. Поставьте перед \
                 порталом прокси-сервер с сертификатом, который передаёт заголовок Host."
            )?;
        }
        let emulated = esia.emulator().is_some() && self.is_sample_alone;
        if let Some(sample) = self.sample.as_ref().filter(|_| emulated) {
            sample.announce(self, out).await?;
        }
        writeln!(out, "\nОстановить: Ctrl+C")?;
        Ok(out.flush()?)
    }

    /// Forgets what has had its time, now and every hour, for as long as it is awaited: what ЕСИА
    /// said of who was refused, ended sessions and invitations; and, where the policy has it so,
    /// accounts that have been closed for its days.
    pub async fn keep_forgetting(&self) {
        let mut hours = tokio::time::interval(EVERY_HOUR);
        loop {
            hours.tick().await;
            match self.store.forget_expired().await {
                Ok(rows) => tracing::debug!(rows, "forgot what has had its time"),
                Err(error) => tracing::warn!("what has had its time was not forgotten: {error}"),
            }
            match self.store.close_and_erase_due(ERASED_AT_ONCE).await {
                Ok(accounts) => tracing::debug!(accounts, "erased accounts whose days are over"),
                Err(error) => tracing::warn!("accounts were not erased: {error}"),
            }
        }
    }

    /// Looks every few minutes whether the database was written to with a key that this program has
    /// not, and ends when it was: it would take whoever it does not find for somebody new.
    pub async fn until_keys_lack(&self) -> StoreError {
        let mut minutes = tokio::time::interval(EVERY_FEW_MINUTES);
        loop {
            minutes.tick().await;
            match self.store.check_keys().await {
                Err(error @ (StoreError::KeyLacking { .. } | StoreError::KeysForeign)) => {
                    return error;
                }
                Err(error) => tracing::warn!("the keys were not looked at: {error}"),
                Ok(()) => {}
            }
        }
    }

    /// Seals the audit, now and every few minutes, for as long as it is awaited.
    pub async fn keep_sealing(&self) {
        let mut minutes = tokio::time::interval(EVERY_FEW_MINUTES);
        loop {
            minutes.tick().await;
            self.seal().await;
        }
    }

    async fn seal(&self) {
        match self.store.seal_audit().await {
            Ok(entries) => tracing::debug!(entries, "sealed the audit"),
            Err(error) => tracing::warn!("the audit was not sealed whole: {error}"),
        }
    }

    /// Closes the database: a file is whole then, with no log of SQLite's beside it.
    pub async fn close(&self) {
        close(&self.backend).await;
    }

    /// Seals what was written since, before the portal stops or a chore is over.
    pub async fn seal_at_the_end(&self) {
        self.seal().await;
    }

    /// The store under everything that is served.
    #[must_use]
    pub const fn store(&self) -> &Store<Database> {
        &self.store
    }

    /// The people of the built-in sample for an emulator of ЕСИА, as its file `esia_people.csv`;
    /// none where the folder holds any other school: its people may be real.
    #[must_use]
    pub fn esia_people(&self) -> Option<String> {
        let sample = self.sample.as_ref().filter(|_| self.is_sample_alone);
        sample.map(SampleSchool::esia_people)
    }

    /// The policy people sign in by.
    #[must_use]
    pub fn policy(&self) -> &SignInPolicy {
        &self.policy
    }
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation").field("store", &self.store).finish_non_exhaustive()
    }
}

/// Whoever still holds a connection then is not waited for for ever.
async fn close(backend: &Database) {
    if tokio::time::timeout(CLOSING, backend.close()).await.is_err() {
        tracing::warn!("the database was not closed in time");
    }
}

/// One core stays with those who read diaries, however many sign in at once.
fn hashing_permits() -> NonZeroUsize {
    let cores = available_parallelism().map_or(1, NonZeroUsize::get);
    NonZeroUsize::new(cores.saturating_sub(1)).unwrap_or(NonZeroUsize::MIN)
}
