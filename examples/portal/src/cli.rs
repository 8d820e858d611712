//! The command line.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use eschool_core::{
    id::{AccountId, MergeId, SchoolId},
    journal::ClassName,
    signin::CaseCode,
};

use crate::{apps::AppAddress, start::DatabaseUrl};

/// What the operator typed.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "portal",
    version,
    about = "The web portal of eschool: electronic diaries (электронные дневники) for a region's schools",
    long_about = "The web portal of eschool: electronic diaries (электронные дневники) for a region's schools.\n\n\
        It keeps everything in one folder: an SQLite database and a key file; --database names a \
        PostgreSQL server instead. In an empty folder \
        it starts with a sample school (учебная школа) of invented people and tells whom to sign \
        in as; with --import it starts with the files of your school.",
    after_help = AFTER_HELP
)]
pub struct Args {
    /// What to do instead of serving
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Folder of the database and the keys; made if there is none
    ///
    /// The key file keys.txt opens what is sealed in the database (СНИЛС, телефоны, почта). Keep a
    /// copy of it apart from the copies of the database: without it they are lost.
    #[arg(long, value_name = "DIR", default_value = "eschool-data", global = true)]
    pub data: PathBuf,

    /// PostgreSQL database to keep everything in, instead of the folder's own
    ///
    /// As in postgres://eschool@db.example.org/eschool. A password is better told by the
    /// environment than on the command line, which others on the machine can read. The keys stay in
    /// the data folder. `portal migrate` makes the tables, once for each version.
    #[arg(
        long,
        value_name = "URL",
        env = "ESCHOOL_DATABASE",
        hide_env_values = true,
        global = true
    )]
    pub database: Option<DatabaseUrl>,

    /// Address to listen on; port 0 takes a free one, which is printed
    ///
    /// Beyond loopback (127.0.0.1) browsers keep the portal's cookies over https alone, so put a
    /// TLS proxy before it that passes the Host header on. Failed sign-ins are counted by the
    /// address of whoever connects: behind a proxy that is the proxy's own.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Folder with the files of one school (файлы обмена) to import before starting; repeatable
    ///
    /// school.csv, periods.csv, pupils.csv, parents.csv, lessons.csv, marks.csv and so on, UTF-8 or
    /// windows-1251. What becomes of every row is printed. The same files again change nothing
    /// while nothing else does, and open no stay in a class again that was ended since; but
    /// journals say what the files say, so leave it out once teachers write here.
    #[arg(long = "import", value_name = "DIR")]
    pub imports: Vec<PathBuf>,

    /// Sign-in policy (порядок авторизации): ryazan_2022, udmurtia_2023 or a JSON file
    #[arg(long, value_name = "NAME|FILE", default_value = "ryazan_2022", global = true)]
    pub policy: String,

    /// Settings of the sign-in through ЕСИА (вход через ЕСИА), a JSON file
    ///
    /// The client's mnemonic, its redirect address (this portal's /esia/callback), the files of
    /// its key and certificate, the keys ЕСИА signs tokens with: see esia.example.json beside the
    /// portal's source. Without it the portal brings an emulator of ЕСИА along, and only for
    /// invented people on this very machine.
    #[arg(long, value_name = "FILE")]
    pub esia: Option<PathBuf>,

    /// Invented people for the emulator of ЕСИА (файл esia_people.csv), where the school is not the
    /// sample one
    #[arg(long, value_name = "FILE", conflicts_with = "esia")]
    pub esia_people: Option<PathBuf>,

    /// App (приложение) that may ask people to let it read their diary, and where the browser leads
    /// back to; repeatable
    ///
    /// As in `diary=https://app.example.org/signed-in`, a link that the app claims,
    /// diary=org.example.diary:/signed-in, a scheme of its own, or diary=http://127.0.0.1/callback for
    /// a program on the person's own machine, which comes with any port. An app may have several
    /// addresses. Beside the emulator of ЕСИА the example programs kotlin-diary and swift-diary are
    /// registered with http://127.0.0.1/callback. docs/native-sign-in.md tells the rest.
    #[arg(long = "app", value_name = "ID=URI")]
    pub apps: Vec<AppAddress>,

    /// Folder of the npm package @eschool/core, with which forms check while people type (проверка
    /// полей при вводе)
    ///
    /// As `cargo xtask npm` makes it. Without this option target/npm/core is taken, if the portal is
    /// started where that is. Where there is no package, the pages work without JavaScript.
    #[arg(long, value_name = "DIR", env = "ESCHOOL_PACKAGE")]
    pub package: Option<PathBuf>,

    /// Make registration cards (карточки регистрации доступа) for a class, as in 5А, print them and
    /// exit
    ///
    /// Every pupil of the class who may sign in with a password gets a new one; a login once given
    /// stays. The passwords stand on the printed cards and nowhere else.
    #[arg(long, value_name = "CLASS")]
    pub print_cards: Option<ClassName>,

    /// Part of the school's name, where --print-cards has several schools to choose from
    #[arg(long, value_name = "PART_OF_NAME", requires = "print_cards")]
    pub school: Option<String>,
}

/// A chore of the operator.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Take in the files of schools (файлы обмена) and exit
    Import(ImportTask),
    /// Write the files of a school (файлы обмена) into a folder
    Export(ExportTask),
    /// Copy the folder's database (резервная копия) into a new file, while the portal may serve
    ///
    /// The copy is checked, and nothing is overwritten. The key file is not in it: keep a copy of
    /// that elsewhere.
    Backup {
        /// The new file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Make the tables of the PostgreSQL database, or bring them up to this version
    ///
    /// Over a direct connection, not through a pooler. The portal may serve meanwhile.
    Migrate,
    /// Spread the tables of the PostgreSQL database over the machines of Citus (распределить по серверам)
    ///
    /// Once, after `portal migrate`, and again after a version that adds tables: those that are spread
    /// already stay as they are. Over a direct connection, not through a pooler, and while the portal
    /// does not serve. The database has to have the extension: CREATE EXTENSION citus.
    Distribute,
    /// Write the journals of a school year that is over into a file (архив учебного года)
    ///
    /// They stay in the database; `portal drop` takes them out of it by this file. The file is
    /// readable without any key: docs/year-archive.md describes it.
    Archive(ArchiveTask),
    /// Take the journals of an archived school year out of the database (убрать в архив)
    ///
    /// When the policy's years have passed, or by an order of the head. The year has to be what the
    /// file says. Stopped in the middle, the same command goes on; `portal restore` brings it back.
    Drop(DropTask),
    /// Bring a school year back into the database from its archive (восстановить из архива)
    Restore {
        /// The archive by which it was taken out
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Chores of the portal's operator (оператор портала)
    Admin {
        /// Which
        #[command(subcommand)]
        task: AdminTask,
    },
    /// Change the keys of the key file (ключи), step by step, while the portal serves
    #[command(after_help = KEYS_HELP)]
    Keys {
        /// Which step
        #[command(subcommand)]
        task: KeysTask,
    },
    /// Prove that the log of what was done (журнал действий) is whole
    Audit {
        /// How
        #[command(subcommand)]
        task: AuditTask,
    },
}

/// A step by which keys are changed.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum KeysTask {
    /// Tell which keys there are, and what each is for
    List,
    /// Add a lookup key (ключ поиска): people are looked up by it, and nothing is written with it yet
    RotateLookup,
    /// Write with the added lookup key from now on
    ///
    /// When every program runs with the file in which it was added: one that lacks the key would find
    /// nobody whom another one wrote, and does not open the database any more.
    BeginLookup,
    /// Take the added lookup key out of the file again, while nothing is written with it
    DropLookup,
    /// Hash anew, with the lookup key that is written with, what an older one hashed
    ///
    /// When every program runs with the file in which that key is begun. Stopped in the middle, the
    /// same command goes on.
    Rehash,
    /// Look up by an old lookup key no more
    RetireLookup {
        /// The number of the old key
        #[arg(value_name = "NUMBER")]
        number: u32,
        /// Forget what cannot be hashed anew: whose number in ЕСИА it was is noted again when they
        /// sign in
        #[arg(long)]
        forget: bool,
    },
    /// Add a seal key (ключ шифрования); what is sealed from now on is sealed with it
    ///
    /// Every program gets the new file at once: one with the old file opens nothing that is sealed
    /// with the new key.
    RotateSeal,
    /// Seal anew, with the newest key, what an older one sealed
    Reseal,
    /// Take an old seal key out of the file
    RetireSeal {
        /// The number of the old key
        #[arg(value_name = "NUMBER")]
        number: u32,
    },
}

/// What the operator does so that the log of what was done is proved whole.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditTask {
    /// Seal what was appended and tell where the log ends now (контрольная точка), for keeping
    /// where nobody who may write to the database can reach it
    Checkpoint {
        /// Write it to this new file and not to stdout
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Compare every entry with the seals, and with a checkpoint if there is one
    ///
    /// What is not sealed yet can be changed without a trace: a serving portal seals every five
    /// minutes and when it stops, a command that writes when it is done. This one seals nothing and
    /// tells how many entries wait, and since when.
    Verify {
        /// A checkpoint that was made before: what was cut off since is found by it alone
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
}

/// How files are taken in.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportTask {
    /// Folders with the files of one school each
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<PathBuf>,
    /// Write nothing and tell what would be done (пробная загрузка)
    #[arg(long)]
    pub dry_run: bool,
    /// Remove what the files no longer hold, of the days and classes they are about, and take back
    /// moves and a new school year that they do not know of
    #[arg(long)]
    pub replace: bool,
    /// Write the rows that were not taken into this folder, each with the reason, to be corrected
    /// and fed back; of several folders, those of each into a folder of their own in it
    #[arg(long, value_name = "DIR")]
    pub refused: Option<PathBuf>,
    /// The folder holds corrected rows of a school that is there, not a school's files
    #[arg(long, conflicts_with = "replace")]
    pub corrections: bool,
    /// Part of the school's name, where --corrections has several schools to choose from
    #[arg(long, value_name = "PART_OF_NAME", requires = "corrections")]
    pub school: Option<String>,
}

/// What is given out.
#[derive(Clone, Debug, clap::Args)]
pub struct ExportTask {
    /// Folder to write to; made if there is none, files of the same names are replaced
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Part of the school's name, where there are several
    #[arg(long, value_name = "PART_OF_NAME")]
    pub school: Option<String>,
    /// Calendar year in which the school year begins; the last one if it is not told
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// Write spreadsheets instead of text
    #[arg(long)]
    pub xlsx: bool,
}

/// Which school year is archived.
#[derive(Clone, Debug, clap::Args)]
pub struct ArchiveTask {
    /// Calendar year in which the school year begins
    #[arg(value_name = "YEAR")]
    pub year: i32,
    /// The new file; nothing is overwritten
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Part of the school's name, where there are several
    #[arg(long, value_name = "PART_OF_NAME")]
    pub school: Option<String>,
}

/// Which school year is taken out.
#[derive(Clone, Debug, clap::Args)]
pub struct DropTask {
    /// Calendar year in which the school year begins
    #[arg(value_name = "YEAR")]
    pub year: i32,
    /// Its archive
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Part of the school's name, where there are several
    #[arg(long, value_name = "PART_OF_NAME")]
    pub school: Option<String>,
    /// Number of the head's order (приказ директора), where it goes before its term
    #[arg(long, value_name = "NUMBER", requires = "order_date")]
    pub order: Option<String>,
    /// Date of the order, as in 2026-01-15
    #[arg(long, value_name = "DATE", requires = "order")]
    pub order_date: Option<NaiveDate>,
}

/// What the operator can do from the command line; each is written down in the audit.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminTask {
    /// Print a one-time link by which a person becomes a school's administrator (администратор
    /// школы), signing in through ЕСИА
    Invite {
        /// Part of the school's name, where there are several
        #[arg(long, value_name = "PART_OF_NAME")]
        school: Option<String>,
        /// Address at which people open the portal
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    /// Show a sign-in through ЕСИА that was refused, by its case code (код обращения)
    Case {
        /// The code, as in 7Q4-K2M
        code: CaseCode,
    },
    /// Accounts (учётные записи) that several schools keep of one person: join them, part them
    Merges {
        /// Which
        #[command(subcommand)]
        task: MergesTask,
    },
}

/// What is done about accounts of one person.
#[derive(Clone, Debug, Subcommand)]
pub enum MergesTask {
    /// Tell what would be joined, and what somebody has to settle
    Plan,
    /// Join the accounts of all schools into persons
    Join,
    /// List what was joined or parted last
    List {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20)]
        last: u32,
    },
    /// Undo what was joined or parted at once
    Undo {
        /// Its identifier, as the list tells it
        merge: MergeId,
        /// Never join these accounts again: they are two people's
        #[arg(long)]
        keep_apart: bool,
    },
    /// Settle whether two accounts are one person's, by somebody's word who saw the documents
    Settle {
        /// The two accounts, as the plan tells them
        #[arg(value_name = "ACCOUNT", num_args = 2)]
        accounts: Vec<AccountAddress>,
        /// They are one person's
        #[arg(long, required_unless_present = "two_people", conflicts_with = "two_people")]
        one_person: bool,
        /// They are two people's
        #[arg(long)]
        two_people: bool,
    },
}

/// An account of a school, as `SCHOOL/ACCOUNT`.
///
/// ```
/// use portal::cli::AccountAddress;
///
/// let text = "019379ab-0000-7000-8000-000000000001/019379ab-0000-7000-8000-000000000002";
/// let address: AccountAddress = text.parse()?;
/// assert_eq!(address.to_string(), text);
/// assert!("019379ab-0000-7000-8000-000000000001".parse::<AccountAddress>().is_err());
/// # Ok::<(), portal::cli::AddressError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountAddress(pub SchoolId, pub AccountId);

/// A text is no address of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an account is told as SCHOOL/ACCOUNT, as the plan tells it")]
pub struct AddressError;

impl FromStr for AccountAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (school, account) = text.split_once('/').ok_or(AddressError)?;
        let school = school.parse().map_err(|_| AddressError)?;
        Ok(Self(school, account.parse().map_err(|_| AddressError)?))
    }
}

impl fmt::Display for AccountAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, self.1)
    }
}

const KEYS_HELP: &str = "\
The order in which a lookup key is changed. Each step changes the file keys.txt in the data folder or the
database; before the next one the file is copied to every program that works on this database, and all of
them are started again:
  1. portal keys rotate-lookup       the new key is looked up by
  2. portal keys begin-lookup        it is written with
  3. portal keys rehash              everything is written with it
  4. portal keys retire-lookup 1     the old key is looked up by no more
A seal key: portal keys rotate-seal, reseal, retire-seal 1.
Keep a copy of the file from before until the last step is done.";

const AFTER_HELP: &str = "\
Exit codes: 0 stopped or done, 1 something failed, 2 the command line or the policy is wrong,
3 files were taken in, but not all of their rows.
Addresses and reports go to stdout, the log to stderr; RUST_LOG=debug tells more.

Examples:
  portal                                  the sample school on http://127.0.0.1:8080/
  portal import --data d school-27        takes in a school of your own
  portal --data d --esia esia.json        and serves it
  portal --data d --app diary=org.example.diary:/signed-in
                                          serves it to an app, too
  portal --data d --print-cards 5А        its cards for class 5А
  portal import --data d --dry-run school-27
                                          what taking in its files again would do
  portal admin merges plan --data d       who is one person in several schools
  portal admin invite --data d            a link for the first administrator
  portal archive --data d 2019 --out 2019.jsonl
                                          the journals of 2019/20 as a file; then portal drop
  portal keys rotate-lookup --data d      the first step to another lookup key; keys --help tells all
  portal audit verify --data d --checkpoint monday.json
                                          whether the log is whole; if not, exit code 1";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::parse_from(["portal", "--import", "a", "--import", "b"]);
        assert_eq!((args.imports.len(), args.listen.port()), (2, 8080));
        for wrong in [
            &["portal", "--listen", "8080"][..],
            &["portal", "--print-cards", "Ъ"],
            &["portal", "--school", "27"],
            &["portal", "--imports", "a"],
            &["portal", "--esia", "a", "--esia-people", "b"],
            &["portal", "--app", "diary"],
            &["portal", "--app", "diary=http://example.org/"],
            &["portal", "admin"],
            &["portal", "admin", "case", "7Q4"],
            &["portal", "import"],
            &["portal", "backup"],
            &["portal", "archive", "2019"],
            &["portal", "drop", "2019"],
            &["portal", "drop", "2019", "a", "--order", "12"],
            &["portal", "import", "a", "--corrections", "--replace"],
            &["portal", "import", "a", "--school", "27"],
            &["portal", "admin", "merges", "undo", "1"],
            &["portal", "admin", "merges", "settle", "--one-person", "a/b", "c/d"],
            &["portal", "keys"],
            &["portal", "keys", "retire-lookup"],
            &["portal", "keys", "retire-seal", "first"],
            &["portal", "audit"],
            &["portal", "audit", "verify", "monday.json"],
        ] {
            assert_eq!(Args::try_parse_from(wrong).unwrap_err().exit_code(), 2);
        }
    }
}
