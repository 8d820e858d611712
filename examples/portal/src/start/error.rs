//! Why the portal does not start.

use std::{io, path::PathBuf};

use eschool_core::{error::CodedError, signin::CaseCode};
use eschool_store::{
    AuditError, CardUseError, ExportError, ImportError, IssueError, MergeError, StoreError,
    YearArchiveError,
    backend::BackendError,
    exchange::ExchangeError,
    secret::{KeyId, KeysError},
    sqlite::BackupError,
};
use thiserror::Error;

/// Why the portal does not start, or a command was not done.
#[derive(Debug, Error)]
pub enum StartError {
    /// The policy is refused.
    #[error("the policy `{name}` is refused: {why}")]
    Policy {
        /// The preset or file that was asked for.
        name: String,
        /// What is wrong, naming the rule.
        why: String,
    },
    /// There is no such preset and no such file.
    #[error(
        "there is no policy `{name}`: it is neither one of {presets} nor a file that can be read"
    )]
    PolicyNotFound {
        /// What was asked for.
        name: String,
        /// The presets there are.
        presets: String,
    },
    /// The data folder, or another that is to be written to, cannot be used.
    #[error("`{}` cannot be used: {error}", .path.display())]
    Folder {
        /// The folder or a file in it.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Files are in the folder already among which others are not to stand.
    #[error("`{}` is not empty; pass another folder, or a new one", .0.display())]
    FolderNotEmpty(PathBuf),
    /// The database is there and its keys are not: new ones would open nothing of it.
    #[error("`{}` is missing, but the database it belongs to is there; put the key file back", .path.display())]
    KeysMissing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The key file is no key file.
    #[error("`{}` is refused: {error}", .path.display())]
    Keys {
        /// The file.
        path: PathBuf,
        /// Why.
        error: KeysError,
    },
    /// The keys are not changed.
    #[error("the keys are not changed: {0}")]
    KeyChange(KeysError),
    /// A key is still needed: rows would be lost with it.
    #[error("key {id} is still needed by {left} rows")]
    KeyNeeded {
        /// The key.
        id: KeyId,
        /// How many rows at least.
        left: u64,
    },
    /// The notes about the sample school are broken.
    #[error("`{}` does not read as notes about the sample school; put it back or begin with an empty folder", .path.display())]
    SampleNotes {
        /// The file.
        path: PathBuf,
    },
    /// The files of a school cannot be read.
    #[error("the files in `{}` cannot be imported: {error}", .folder.display())]
    Files {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: ExchangeError,
    },
    /// The files were taken in, and the rows that were refused cannot be looked up in them any more.
    #[error("the files in `{}` were taken in, but not the rows that were refused: {error}", .folder.display())]
    RefusedRows {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: ExchangeError,
    },
    /// An import failed.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// No school has a name like that.
    #[error("no school is called like that; there are: {0}")]
    SchoolNotFound(String),
    /// Several schools have a name like that.
    #[error("there are several schools; choose one with --school: {0}")]
    SchoolAmbiguous(String),
    /// No cards were made.
    #[error(transparent)]
    Cards(#[from] IssueError),
    /// The card journal does not take it that cards were printed.
    #[error(transparent)]
    CardJournal(#[from] CardUseError),
    /// Data of real people, and no ЕСИА to sign them in.
    #[error(
        "the folder holds a school that is not the sample one and no ЕСИА is set up; pass --esia \
         FILE, or --esia-people FILE if its people are invented"
    )]
    EsiaMissing,
    /// The emulator of ЕСИА would be open to others.
    #[error(
        "the emulator of ЕСИА runs for this machine alone, but `{0}` is open to others; pass \
         --esia FILE or listen on 127.0.0.1"
    )]
    EmulatorExposed(std::net::SocketAddr),
    /// The settings of ЕСИА are refused.
    #[error("the settings of ЕСИА in `{}` are refused: {why}", .path.display())]
    EsiaSettings {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The emulator's people do not read.
    #[error("the people of the emulator in `{}` do not read: {why}", .path.display())]
    EsiaPeople {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        why: String,
    },
    /// The emulator does not start.
    #[error("the emulator of ЕСИА does not start: {0}")]
    Emulator(String),
    /// The folder that was named holds no npm package, or not the whole of it.
    #[error(
        "`{}` cannot be read: {error}; make the package by `cargo xtask npm` and name its folder, as \
         target/npm/core, or leave out --package and ESCHOOL_PACKAGE", .path.display()
    )]
    Package {
        /// The file of it.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The address for links is none.
    #[error("`{0}` is no address of a portal; write it as https://dnevnik.example.org")]
    Url(String),
    /// The database was not copied.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A server has programs of its own to copy a database.
    #[error("the database is on a server; copy it with the server's own programs, as pg_dump")]
    BackupOnServer,
    /// A chore of a database on a server was asked for, and none is named.
    #[error("no database is named; pass --database or set ESCHOOL_DATABASE")]
    DatabaseMissing,
    /// Tables of a file were to be spread over machines.
    #[error("the database is a file of the folder; name one of PostgreSQL with --database")]
    DatabaseInFolder,
    /// What was named is no address of a database. It may hold a password, so it is not repeated.
    #[error("this is no address of a database; write it as postgres://user@host/database")]
    DatabaseMalformed,
    /// Somebody's rows were not taken: an import went through, but not whole.
    #[error("{0} of the rows were not taken; see the report")]
    RowsRefused(usize),
    /// Somebody's rows would not be taken.
    #[error("{0} of the rows would not be taken; see the report")]
    RowsWouldBeRefused(usize),
    /// Joining or parting accounts failed.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// Nothing was given out.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A school year was not archived, dropped or restored.
    #[error("the archive `{}`: {error}", .path.display())]
    Archive {
        /// The file.
        path: PathBuf,
        /// Why.
        error: YearArchiveError,
    },
    /// A chore was asked for in a folder that no portal has used.
    #[error("`{}` holds no portal's data; pass the folder with --data", .0.display())]
    NoInstallation(PathBuf),
    /// There is no such case.
    #[error("there is no case `{0}`, or its time is over")]
    CaseNotFound(CaseCode),
    /// The file of a checkpoint cannot be written or read.
    #[error("the checkpoint `{}` cannot be used: {why}", .path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The audit cannot be verified.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The audit is not whole.
    #[error("the audit was tampered with: {0} faults")]
    AuditFaults(u64),
    /// The address cannot be listened on.
    #[error("`{address}` cannot be listened on: {error}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was to be printed could not be.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl From<BackendError> for StartError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl StartError {
    /// 2 where what was typed is wrong, 3 where an import went through but for some rows, 1 where
    /// something failed.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Policy { .. }
            | Self::PolicyNotFound { .. }
            | Self::SchoolNotFound(_)
            | Self::SchoolAmbiguous(_)
            | Self::EsiaMissing
            | Self::EmulatorExposed(_)
            | Self::EsiaSettings { .. }
            | Self::EsiaPeople { .. }
            | Self::Package { .. }
            | Self::Url(_)
            | Self::NoInstallation(_)
            | Self::FolderNotEmpty(_)
            | Self::DatabaseMissing
            | Self::DatabaseInFolder
            | Self::BackupOnServer
            | Self::Backup(BackupError::Exists)
            | Self::KeyChange(_)
            | Self::DatabaseMalformed
            | Self::Export(
                ExportError::YearUnknown | ExportError::Store(StoreError::YearArchived),
            )
            | Self::Merge(MergeError::NotFound | MergeError::NoSuchAccounts)
            | Self::Checkpoint { .. }
            | Self::Archive {
                error:
                    YearArchiveError::File(_)
                    | YearArchiveError::Nothing
                    | YearArchiveError::Foreign
                    | YearArchiveError::NotArchived
                    | YearArchiveError::Archive(_)
                    | YearArchiveError::Retention(_),
                ..
            }
            | Self::Cards(IssueError::ClassNotFound | IssueError::SchoolNotFound) => 2,
            Self::RowsRefused(_) | Self::RowsWouldBeRefused(_) => 3,
            _ => 1,
        }
    }

    /// What the operator reads: a line in Russian, a line with the code and the details.
    #[must_use]
    pub fn report(&self) -> String {
        let russian = match self {
            Self::Files { error, .. } => error.message_ru(),
            Self::RefusedRows { error, .. } => {
                format!("{}. {}", self.text_ru(), error.message_ru())
            }
            other => other.text_ru().into(),
        };
        format!("{}.\n{}: {self}", russian.trim_end_matches('.'), self.code())
    }
}

impl CodedError for StartError {
    fn code(&self) -> &'static str {
        match self {
            Self::Policy { .. } => "policy_refused",
            Self::PolicyNotFound { .. } => "policy_not_found",
            Self::Folder { .. } => "folder_unusable",
            Self::FolderNotEmpty(_) => "folder_not_empty",
            Self::KeysMissing { .. } => "keys_missing",
            Self::Keys { error, .. } | Self::KeyChange(error) => error.code(),
            Self::KeyNeeded { .. } => "key_needed",
            Self::SampleNotes { .. } => "sample_notes",
            Self::Files { error, .. } => error.code(),
            Self::RefusedRows { .. } => "refused_rows_lost",
            Self::Import(error) => error.code(),
            Self::SchoolNotFound(_) => "school_not_found",
            Self::SchoolAmbiguous(_) => "school_ambiguous",
            Self::Cards(error) => error.code(),
            Self::CardJournal(error) => error.code(),
            Self::EsiaMissing => "esia_missing",
            Self::EmulatorExposed(_) => "emulator_exposed",
            Self::EsiaSettings { .. } => "esia_settings",
            Self::EsiaPeople { .. } => "esia_people",
            Self::Emulator(_) => "emulator",
            Self::Package { .. } => "package_unusable",
            Self::Url(_) => "url_malformed",
            Self::Backup(error) => error.code(),
            Self::BackupOnServer => "backup_on_server",
            Self::DatabaseMissing => "database_missing",
            Self::DatabaseInFolder => "database_in_folder",
            Self::DatabaseMalformed => "database_malformed",
            Self::RowsRefused(_) | Self::RowsWouldBeRefused(_) => "rows_refused",
            Self::Merge(error) => error.code(),
            Self::Export(error) => error.code(),
            Self::Archive { error, .. } => error.code(),
            Self::NoInstallation(_) => "no_installation",
            Self::CaseNotFound(_) => "case_not_found",
            Self::Checkpoint { .. } => "checkpoint_unusable",
            Self::Audit(error) => error.code(),
            Self::AuditFaults(_) => "audit_faults",
            Self::Listen { .. } => "listen",
            Self::Store(error) => error.code(),
            Self::Output(_) => "output",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Policy { .. } => "Порядок авторизации не принят: портал не запущен",
            Self::PolicyNotFound { .. } => "Такого порядка авторизации нет: портал не запущен",
            Self::Folder { .. } => "Папкой нельзя пользоваться: проверьте путь и права на неё",
            Self::FolderNotEmpty(_) => "Папка для непринятых строк не пуста: укажите другую",
            Self::KeysMissing { .. } => {
                "База данных есть, а файла ключей к ней нет. Верните его на место"
            }
            Self::Keys { error, .. } | Self::KeyChange(error) => error.text_ru(),
            Self::KeyNeeded { .. } => {
                "Этот ключ ещё нужен: сначала перепишите всё новым (portal keys rehash или reseal)"
            }
            Self::SampleNotes { .. } => "Файл sample.json не читается",
            Self::Files { error, .. } => error.text_ru(),
            Self::RefusedRows { .. } => "Файлы загружены, а непринятые строки выписать не удалось",
            Self::Import(error) => error.text_ru(),
            Self::SchoolNotFound(_) => "Школы с таким названием нет",
            Self::SchoolAmbiguous(_) => "Школ несколько: уточните, какая, параметром --school",
            Self::Cards(error) => error.text_ru(),
            Self::CardJournal(error) => error.text_ru(),
            Self::EsiaMissing => {
                "В папке школа с настоящими людьми, а вход через ЕСИА не настроен: портал не \
                 запущен. Укажите настройки параметром --esia, а если люди вымышлены – их файл \
                 параметром --esia-people"
            }
            Self::EmulatorExposed(_) => {
                "Эмулятор ЕСИА работает только на этом компьютере: портал не запущен. Укажите \
                 настоящую ЕСИА параметром --esia или адрес 127.0.0.1"
            }
            Self::EsiaSettings { .. } => "Настройки ЕСИА не приняты: портал не запущен",
            Self::EsiaPeople { .. } => "Файл с людьми для эмулятора ЕСИА не читается",
            Self::Emulator(_) => "Эмулятор ЕСИА не запускается",
            Self::Package { .. } => {
                "В указанной папке нет пакета @eschool/core или он собран не целиком: портал не \
                 запущен. Соберите пакет командой cargo xtask npm или не указывайте папку: тогда \
                 поля форм проверит только сервер"
            }
            Self::Url(_) => "Это не адрес портала",
            Self::DatabaseMalformed => "Это не адрес базы данных: он начинается с postgres://",
            Self::Backup(error) => error.text_ru(),
            Self::BackupOnServer => {
                "База данных на сервере: скопируйте её средствами самого сервера, например pg_dump"
            }
            Self::DatabaseInFolder => {
                "База данных – файл в папке данных, а распределяют по серверам только базу данных \
                 PostgreSQL: её адрес – параметр --database"
            }
            Self::DatabaseMissing => "Не указана база данных: её адрес – параметр --database",
            Self::RowsRefused(_) => "Файлы загружены, но часть строк не принята",
            Self::RowsWouldBeRefused(_) => {
                "Файлы проверены, но не загружены: часть строк принята не будет"
            }
            Self::Merge(error) => error.text_ru(),
            Self::Export(error) => error.text_ru(),
            Self::Archive { error, .. } => error.text_ru(),
            Self::NoInstallation(_) => {
                "В этой папке нет данных портала: укажите её параметром --data"
            }
            Self::CaseNotFound(_) => {
                "Такого кода обращения нет или его срок вышел: сведения хранятся 30 дней"
            }
            Self::Checkpoint { .. } => "Не удалось записать или прочитать файл контрольной точки",
            Self::Audit(error) => error.text_ru(),
            Self::AuditFaults(_) => "В журнале действий найдены нарушения",
            Self::Listen { .. } => "Этот адрес занять нельзя: возможно, он уже занят",
            Self::Store(error) => error.text_ru(),
            Self::Output(_) => "Вывести не получилось",
        }
    }
}
