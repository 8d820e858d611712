//! `cargo xtask check-leaks [DIR]…`: fills a database with schools, lets people sign in, be refused
//! and invited, forget passwords, tell excuses and ask for help, and then searches everything the
//! database holds for every secret of theirs in every spelling: its tables, its files, and the log
//! that is written ahead of them.
//!
//! A search that finds nothing proves something only if it would find what is there. So the same is
//! done once more over a store whose vault neither seals nor hashes and whose passwords stand as they
//! are: there every kind must be found.

mod dump;
mod fill;
mod later;
mod sample;
mod search;
mod spelling;
mod wal;

use std::{
    collections::BTreeSet, error::Error, num::NonZeroUsize, path::PathBuf, process::ExitCode,
    sync::Arc,
};

use chrono::NaiveDate;
use eschool_core::policy::SignInPolicy;
use eschool_store::{
    Store, StoreSettings,
    ambient::{Ambient, Entropy as _, OsEntropy},
    backend::Backend,
    secret::{Argon2id, Keys, PasswordError, PasswordHasher, Passwords, Vault},
};

use self::{
    dump::Dump,
    search::{Finding, Search},
    spelling::{Kind, Secret},
    wal::Log,
};
use crate::check_school::{Clock, Database, Databases, Place};

/// A day on which the schools of the sample teach.
const DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 9, 2);

/// The columns in which a store without secrets would show them.
const GUARDED: [(Kind, &str); 26] = [
    (Kind::Snils, "account.snils_sealed"),
    (Kind::Phone, "account.phone_sealed"),
    (Kind::Email, "account.email_sealed"),
    (Kind::Snils, "claim.key_hash"),
    (Kind::Phone, "claim.key_hash"),
    (Kind::Email, "claim.key_hash"),
    (Kind::EsiaId, "claim.key_hash"),
    (Kind::EsiaId, "claim.value_sealed"),
    (Kind::EsiaId, "refused_sign_in.person_key"),
    (Kind::EsiaId, "refused_sign_in.said_sealed"),
    (Kind::EsiaId, "support_case.person_key"),
    (Kind::EsiaId, "support_case.person_sealed"),
    (Kind::Snils, "refused_sign_in.said_sealed"),
    (Kind::Phone, "shared_phone.key_hash"),
    (Kind::Phone, "shared_phone.phone_sealed"),
    (Kind::Snils, "counter.key_hash"),
    (Kind::Snils, "refused_row.typed_sealed"),
    (Kind::Phone, "refused_row.typed_sealed"),
    (Kind::Email, "refused_row.typed_sealed"),
    (Kind::Email, "recovery_letter.asked_sealed"),
    (Kind::Snils, "support_case.case_sealed"),
    (Kind::Phone, "support_case.case_sealed"),
    (Kind::Words, "data_basis.basis_sealed"),
    (Kind::Words, "excuse.excuse_sealed"),
    (Kind::Password, LOG),
    (Kind::Password, "credential.phc"),
];

/// The place of what a database writes ahead of its tables.
const LOG: &str = "the log";

/// Whether anything is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hiding {
    Everything,
    Nothing,
}

/// Checks each database, or the one that is asked for.
pub(crate) fn run(schools: &[PathBuf], database: Option<Database>) -> ExitCode {
    let databases =
        database.map_or_else(|| vec![Database::Sqlite, Database::Postgres], |one| vec![one]);
    let mut is_good = true;
    for database in databases {
        match check(schools, database) {
            Ok(faults) => {
                faults.iter().for_each(|fault| println!("{database:?}: {fault}"));
                is_good &= faults.is_empty();
            }
            Err(error) => {
                eprintln!("error: {database:?}: {error}");
                is_good = false;
            }
        }
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is wrong, of both runs.
fn check(schools: &[PathBuf], database: Database) -> Result<Vec<String>, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut databases = Databases::of(database)?;
        let faults = async {
            let examined = examine(&mut databases, schools, Hiding::Everything, "hidden").await?;
            let mut faults = unseeing(&examined);
            let mut leaks = examined.leaks();
            if !leaks.is_empty() {
                // Of millions of bytes that tell nothing, six may be those of some number by chance. In
                // a database with other keys they are others, and what leaks is there again.
                leaks.iter().for_each(|leak| println!("found once: {leak}"));
                let again = examine(&mut databases, schools, Hiding::Everything, "again").await?;
                faults.extend(unseeing(&again));
                let again = again.leaks();
                leaks.retain(|leak| again.iter().any(|other| other.is_like(leak)));
            }
            faults.extend(leaks.iter().map(|leak| format!("a leak: {leak}")));
            let examined = examine(&mut databases, schools, Hiding::Nothing, "shown").await?;
            faults.extend(shown(&examined));
            Ok(faults)
        };
        let faults = faults.await;
        databases.drop_all().await?;
        faults
    })
}

/// What a search came to.
struct Examined {
    searched: Search,
    findings: BTreeSet<Finding>,
    /// The columns that are to hold what is sealed.
    sealed: Vec<String>,
}

impl Examined {
    /// What was found of anybody.
    fn leaks(&self) -> Vec<Finding> {
        self.findings.iter().filter(|found| found.kind != Kind::Control).cloned().collect()
    }
}

async fn examine(
    databases: &mut Databases,
    schools: &[PathBuf],
    hiding: Hiding,
    name: &str,
) -> Result<Examined, Box<dyn Error>> {
    let at = databases.place(name).await?;
    let backend = at.open().await?;
    let log = match &at {
        Place::File(file) => Log::beside(file),
        Place::Url(url) => Log::of_server(url).await?,
    };
    let clock = Clock::at(DAY.ok_or("no such day")?);
    let store = store(Arc::clone(&backend), &clock, hiding)?;
    let secrets = fill::fill(&store, schools).await?;
    let searched = Search::for_all(&secrets);
    let mut findings = BTreeSet::new();
    let dump = Dump::of(&at).await?;
    dump.each(&mut |piece, bytes| searched.look(piece, bytes, &mut findings)).await?;
    let logged = log.end().await?;
    searched.look(LOG, &logged, &mut findings);
    println!(
        "{name}: {} secrets in {} spellings, searched in {} and {} bytes of the log",
        secrets.len(),
        searched.spellings(),
        dump.told(),
        logged.len()
    );
    Ok(Examined { searched, findings, sealed: dump.sealed() })
}

/// What is known to be there must be found: else the search looked at nothing, or not at the log.
fn unseeing(examined: &Examined) -> Vec<String> {
    let mut faults = Vec::new();
    for control in examined.searched.controls() {
        let is_found = examined.findings.iter().any(|found| found.spelling == control);
        if !is_found {
            faults.push(format!("{control} is not found: the search sees nothing"));
        }
    }
    if !examined.findings.iter().any(|found| found.kind == Kind::Control && found.place == LOG) {
        faults.push("nothing that is known to be there is found in the log".into());
    }
    faults
}

/// Everything that is guarded must be found.
fn shown(examined: &Examined) -> Vec<String> {
    let mut faults = Vec::new();
    for (kind, place) in GUARDED {
        let is_found =
            examined.findings.iter().any(|found| found.kind == kind && found.place == place);
        if !is_found {
            faults.push(format!("nothing is hidden, and {kind} is not found in {place}"));
        }
    }
    for column in &examined.sealed {
        if !GUARDED.iter().any(|(_, place)| place == column) {
            faults.push(format!("{column} is sealed, and nothing is looked for in it"));
        }
    }
    let places: BTreeSet<_> = examined
        .findings
        .iter()
        .filter(|found| found.kind != Kind::Control)
        .map(|found| format!("{} in {}", found.kind, found.place))
        .collect();
    println!("with nothing hidden: {}", places.into_iter().collect::<Vec<_>>().join(", "));
    faults
}

fn store(
    backend: Arc<dyn Backend>,
    clock: &Clock,
    hiding: Hiding,
) -> Result<Store<Arc<dyn Backend>>, Box<dyn Error>> {
    let keys = Keys::generate(&mut |bytes| OsEntropy.fill(bytes));
    let (vault, hasher): (_, Arc<dyn PasswordHasher>) = match hiding {
        Hiding::Everything => (Vault::new(keys), Arc::new(Argon2id::with_costs(64, 1, 1)?)),
        Hiding::Nothing => (Vault::transparent(keys), Arc::new(Plain)),
    };
    let clock = clock.clone();
    Ok(Store::new(
        backend,
        Ambient::new(Arc::new(move || clock.now()), Arc::new(OsEntropy)),
        vault,
        Passwords::new(hasher, NonZeroUsize::MIN)?,
        SignInPolicy::ryazan_2022(),
        StoreSettings::default(),
    ))
}

/// A hasher that hides nothing either.
struct Plain;

impl PasswordHasher for Plain {
    fn hash(&self, password: &str, _: [u8; 16]) -> Result<String, PasswordError> {
        Ok(format!("$plain${password}"))
    }

    fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordError> {
        Ok(phc.strip_prefix("$plain$") == Some(password))
    }
}
