//! The process that is killed.

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use eschool_store::{
    exchange::{FileForm, ImportProgress, ImportStage, SchoolFolder},
    secret::Keys,
};
use serde::{Deserialize, Serialize};

use super::{DAY, POLICY};
use crate::check_school::{Clock, Place, store};

/// What the process is to do; told it over its standard input, since an address holds a password.
#[derive(Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) place: Place,
    /// The folder of the school's files.
    pub(super) dir: PathBuf,
    pub(super) keys: String,
}

/// Imports a school and says a line when the first transaction begins and after each commit.
pub(crate) fn run() -> ExitCode {
    match import() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn import() -> Result<(), Box<dyn Error>> {
    let task: Task = serde_json::from_reader(io::stdin().lock())?;
    let files = SchoolFolder::at_with(&task.dir, FileForm::Csv)?;
    let clock = Clock::at(DAY.ok_or("no such day")?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let backend = task.place.open().await?;
        let store = store(Arc::clone(&backend), &clock, Keys::parse(&task.keys)?, POLICY)?;
        store.import_school(&files, &mut tell).await?;
        Ok(())
    })
}

fn tell(progress: ImportProgress) {
    if progress.stage >= ImportStage::People {
        // Whoever does not listen any more has killed this process, or is about to.
        drop(writeln!(io::stdout().lock(), "{}", progress.stage.text_ru()));
    }
}
