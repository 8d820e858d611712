//! Importing a school's files from a folder, with a progress bar and a report.

mod report;

use std::{io::Write, path::Path, time::Duration};

use eschool_store::{
    ImportError, Store,
    backend::Backend,
    exchange::{ImportProgress, SchoolFiles},
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::start::StartError;

/// Imports the files of a folder and prints what became of them.
///
/// # Errors
/// [`StartError::Files`] where the folder holds no school, [`StartError::Import`] where its files
/// cannot be taken in.
pub(crate) async fn folder<B: Backend>(
    store: &Store<B>,
    folder: &Path,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let unreadable = |error| StartError::Files { folder: folder.into(), error };
    let files = SchoolFiles::read_folder(folder).map_err(unreadable)?;
    let bar = bar();
    let outcome = store.import_school(&files, &mut |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    let report = outcome.map_err(|error| match error {
        ImportError::Exchange(error) => unreadable(error),
        error => error.into(),
    })?;
    writeln!(out, "Загружена папка {}", folder.display())?;
    report::print(&report, out)?;
    Ok(())
}

/// A bar on stderr; where that is no terminal, none.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(100);
    if let Ok(style) = ProgressStyle::with_template("{msg:20} {bar:40} {percent:>3} %") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show(bar: &ProgressBar, progress: ImportProgress) {
    bar.set_message(progress.stage.text_ru());
    bar.set_position(progress.percent().into());
}
