//! Taking in schools' files from folders, with what shows its progress and a report.

mod report;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use eschool_core::id::SchoolId;
use eschool_store::{
    ImportError, Store,
    backend::Backend,
    exchange::{
        ExchangeError, ImportOptions, ImportProgress, ImportReport, SchoolFiles, SchoolFolder,
    },
};

use crate::{
    cards::choose,
    cli::ImportTask,
    progress::Shown,
    start::{Installation, StartError, provide},
};

/// Takes in the files of some folders and prints what became of them.
///
/// # Errors
/// [`StartError::Files`] where a folder holds no school, [`StartError::Import`] where its files
/// cannot be taken in, [`StartError::FolderNotEmpty`] where refused rows would stand among other
/// files; [`StartError::RefusedRows`] or [`StartError::Folder`] where all went through and refused rows
/// could not be written out; [`StartError::RowsRefused`] where all went through but for some rows, and
/// [`StartError::RowsWouldBeRefused`] where it would.
pub async fn run(
    installation: &Installation,
    task: &ImportTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let options = ImportOptions { dry_run: task.dry_run, replace: task.replace };
    if let Some(to) = &task.refused {
        is_free(to)?;
    }
    let (mut refused, mut lost) = (0, None);
    for (place, folder) in task.folders.iter().enumerate() {
        let store = &installation.store;
        let (files, report) = if task.corrections {
            let school = choose(store.schools().await?, task.school.as_deref())?;
            corrections(store, school.id, folder, options, out).await?
        } else {
            self::folder(store, folder, options, out).await?
        };
        refused += report.refused.len() + report.conflicts.len();
        if let Some(to) = &task.refused {
            let to = match task.folders.len() {
                1 => to.clone(),
                _ => to.join(own_place(place, folder)),
            };
            if let Err(error) = give_out(&report, (&files, folder), &to, out) {
                // It is told at once, for the other folders are taken in all the same.
                writeln!(out, "{}", error.report())?;
                lost.get_or_insert(error);
            }
        }
    }
    out.flush()?;
    match refused {
        _ if let Some(lost) = lost => Err(lost),
        0 => Ok(()),
        _ if task.dry_run => Err(StartError::RowsWouldBeRefused(refused)),
        _ => Err(StartError::RowsRefused(refused)),
    }
}

/// Writes the rows that were refused into a folder, as they can be corrected and fed back.
fn give_out(
    report: &ImportReport,
    (files, folder): (&SchoolFolder, &Path),
    to: &Path,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let unreadable = |error| StartError::RefusedRows { folder: folder.into(), error };
    let rows = report.refused_rows(files).map_err(unreadable)?;
    if !rows.is_empty() {
        write(&rows, to)?;
        writeln!(out, "Непринятые строки – в папке {}", to.display())?;
    }
    Ok(())
}

/// Where the rows of one of several folders stand, for those of two folders have the same names:
/// `2-school-27`.
fn own_place(place: usize, folder: &Path) -> PathBuf {
    let number = place.saturating_add(1);
    match folder.file_name() {
        Some(name) => format!("{number}-{}", name.display()).into(),
        None => number.to_string().into(),
    }
}

/// That nothing is in a folder yet: refused rows have the names of the files they came from, and
/// would replace those, or stand beside what was refused another time.
fn is_free(folder: &Path) -> Result<(), StartError> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(StartError::FolderNotEmpty(folder.into())),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StartError::Folder { path: folder.into(), error })
        }
        _ => Ok(()),
    }
}

/// Takes in the files of one school, and prints what became of them.
///
/// # Errors
/// [`StartError::Files`] where the folder holds no school, [`StartError::Import`] where its files
/// cannot be taken in.
pub(crate) async fn folder<B: Backend>(
    store: &Store<B>,
    folder: &Path,
    options: ImportOptions,
    out: &mut (dyn Write + Send),
) -> Result<(SchoolFolder, ImportReport), StartError> {
    let files = SchoolFolder::at(folder).map_err(|error| unreadable(folder, error))?;
    let mut shown = Shown::new("Загрузка");
    let mut show = |now: ImportProgress| shown.show(now.stage.text_ru(), now.percent());
    let outcome = store.import_school_with(&files, options, &mut show).await;
    shown.end();
    told(files, outcome, folder, options, out)
}

/// Takes in corrected rows of a school that is there.
async fn corrections<B: Backend>(
    store: &Store<B>,
    school: SchoolId,
    folder: &Path,
    options: ImportOptions,
    out: &mut (dyn Write + Send),
) -> Result<(SchoolFolder, ImportReport), StartError> {
    let files = SchoolFolder::corrections_at(folder).map_err(|error| unreadable(folder, error))?;
    let mut shown = Shown::new("Загрузка");
    let mut show = |now: ImportProgress| shown.show(now.stage.text_ru(), now.percent());
    let outcome = store.import_corrections(school, &files, options, &mut show).await;
    shown.end();
    told(files, outcome, folder, options, out)
}

fn told(
    files: SchoolFolder,
    outcome: Result<ImportReport, ImportError>,
    folder: &Path,
    options: ImportOptions,
    out: &mut (dyn Write + Send),
) -> Result<(SchoolFolder, ImportReport), StartError> {
    let report = outcome.map_err(|error| match error {
        ImportError::Exchange(error) => unreadable(folder, error),
        error => error.into(),
    })?;
    let folder = folder.display();
    if options.dry_run {
        writeln!(out, "Пробная загрузка папки {folder}: в базу ничего не записано")?;
    } else {
        writeln!(out, "Загружена папка {folder}")?;
    }
    report::print(&report, options.dry_run, out)?;
    Ok((files, report))
}

fn unreadable(folder: &Path, error: ExchangeError) -> StartError {
    StartError::Files { folder: folder.into(), error }
}

/// Writes files into a folder, which is made for this user alone if it is not there.
pub(crate) fn write(files: &SchoolFiles, folder: &Path) -> Result<(), StartError> {
    let written = provide(folder).and_then(|()| files.write_folder(folder));
    written.map_err(|error| StartError::Folder { path: folder.into(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rows_of_several_folders_stand_apart() {
        let places = ["2023/school-27", "2024/school-27/", ".."].iter().enumerate();
        let places: Vec<_> = places.map(|(at, folder)| own_place(at, folder.as_ref())).collect();
        assert_eq!(places, ["1-school-27", "2-school-27", "3"].map(PathBuf::from));
    }
}
