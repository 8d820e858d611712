//! Importing a school's files from a folder, with what shows its progress and a report.

mod report;

use std::{
    io::{self, IsTerminal as _, Write},
    path::Path,
    time::Duration,
};

use eschool_store::{
    ImportError, Store,
    backend::Backend,
    exchange::{ImportProgress, ImportStage, SchoolFiles},
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
    let mut shown = Shown::new(io::stderr().is_terminal());
    let outcome = store.import_school(&files, &mut |progress| shown.show(progress)).await;
    shown.end();
    let report = outcome.map_err(|error| match error {
        ImportError::Exchange(error) => unreadable(error),
        error => error.into(),
    })?;
    writeln!(out, "Загружена папка {}", folder.display())?;
    report::print(&report, out)?;
    Ok(())
}

/// How far an import is, on stderr: a bar in a terminal, elsewhere a line each stage, so that a log
/// tells what was being done.
enum Shown {
    Bar(ProgressBar),
    Lines(Option<ImportStage>),
}

impl Shown {
    fn new(is_terminal: bool) -> Self {
        if !is_terminal {
            return Self::Lines(None);
        }
        let bar = ProgressBar::new(100);
        if let Ok(style) = ProgressStyle::with_template("{msg:20} {bar:40} {percent:>3} %") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self::Bar(bar)
    }

    fn show(&mut self, progress: ImportProgress) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(progress.stage.text_ru());
                bar.set_position(progress.percent().into());
            }
            Self::Lines(_) => {
                if let Some(line) = self.line(progress) {
                    // nothing is left to do where stderr is closed
                    let _ = writeln!(io::stderr(), "{line}");
                }
            }
        }
    }

    /// The line that begins a stage; none within one, and none in a terminal.
    fn line(&mut self, progress: ImportProgress) -> Option<String> {
        let Self::Lines(last) = self else { return None };
        let is_new = last.replace(progress.stage) != Some(progress.stage);
        is_new.then(|| format!("Загрузка: {}", progress.stage.text_ru()))
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_each_stage_is_a_line() {
        use ImportStage::{Journal, People, Reading};

        let mut shown = Shown::new(false);
        let stages = [Reading, Reading, People, Journal, Journal];
        let lines = stages.map(|stage| shown.line(ImportProgress { stage, done: 1, total: 2 }));
        let told: Vec<_> = lines.into_iter().flatten().collect();
        let words = ["чтение файлов", "школа и люди", "журналы"];
        assert_eq!(told, words.map(|word| format!("Загрузка: {word}")));
    }
}
