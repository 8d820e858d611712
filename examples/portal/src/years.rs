//! School years that go to a file, out of the database, and back.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use eschool_core::archive::DropOrder;
use eschool_store::{Actor, StoreError, YearArchiveError, YearProgress, backend::YearArchiveRow};

use crate::{
    cards::choose,
    cli::{ArchiveTask, DropTask},
    progress::Shown,
    start::{Installation, StartError, new_file},
    view::number::counted,
};

const LINES: [&str; 3] = ["строка", "строки", "строк"];

/// Writes a school year to a file that is not there yet.
///
/// # Errors
/// [`StartError::Archive`] says why not; no part of a file is left then.
pub async fn archive(
    installation: &Installation,
    task: &ArchiveTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let (store, path) = (&installation.store, &task.out);
    let school = choose(store.schools().await?, task.school.as_deref())?;
    let mut file = new_file(path).map_err(|error| of_file(path, error))?;
    let mut shown = Shown::new("Архив");
    let mut show = shown_by(&mut shown);
    let archived =
        store.archive_year(Actor::Console, school.id, task.year, &mut file, &mut show).await;
    drop(show);
    shown.end();
    let archived = file.sync_all().map_err(YearArchiveError::File).and(archived);
    let row = archived.map_err(|error| {
        // what there is of it is no archive, unless nothing is told but what could not be opened
        if !matches!(error, YearArchiveError::Store(StoreError::Unreadable { .. })) {
            let _ = fs::remove_file(path);
        }
        StartError::Archive { path: path.clone(), error }
    })?;
    let year = told(&row);
    let lines = counted(row.lines, LINES);
    writeln!(out, "{}, {year}: {lines} в файле {}", school.name, path.display())?;
    writeln!(
        out,
        "В файле персональные данные детей, и он не зашифрован: храните его в двух местах, где \
         его не прочтут чужие. Журналы остались в базе."
    )?;
    Ok(out.flush()?)
}

/// Takes a school year out of the database, by its archive.
///
/// # Errors
/// [`StartError::Archive`] says why not.
pub async fn take_out(
    installation: &Installation,
    task: &DropTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let (store, path) = (&installation.store, &task.file);
    let school = choose(store.schools().await?, task.school.as_deref())?;
    let order = task.order.clone().zip(task.order_date);
    let order = order.map(|(number, date)| DropOrder { number, date });
    let mut file = File::open(path).map_err(|error| of_file(path, error))?;
    let mut shown = Shown::new("Архив");
    let mut show = shown_by(&mut shown);
    let by = Actor::Console;
    let dropped = store.drop_year(by, school.id, task.year, &mut file, order, &mut show).await;
    drop(show);
    shown.end();
    let row = dropped.map_err(|error| StartError::Archive { path: path.clone(), error })?;
    writeln!(out, "{}, {}: журналы убраны из базы.", school.name, told(&row))?;
    writeln!(out, "Они есть теперь только в архиве: {}", path.display())?;
    Ok(out.flush()?)
}

/// Brings a school year back from its archive.
///
/// # Errors
/// [`StartError::Archive`] says why not.
pub async fn restore(
    installation: &Installation,
    path: &Path,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let mut file = File::open(path).map_err(|error| of_file(path, error))?;
    let mut shown = Shown::new("Архив");
    let mut show = shown_by(&mut shown);
    let restored = installation.store.restore_year(Actor::Console, &mut file, &mut show).await;
    drop(show);
    shown.end();
    let row = restored.map_err(|error| StartError::Archive { path: path.into(), error })?;
    let schools = installation.store.schools().await?;
    let school = schools.into_iter().find(|school| school.id == row.school);
    let name = school.map(|school| school.name).unwrap_or_default();
    writeln!(out, "{name}, {}: журналы снова в базе.", told(&row))?;
    Ok(out.flush()?)
}

fn shown_by(shown: &mut Shown) -> impl FnMut(YearProgress) + Send {
    |now: YearProgress| shown.show(now.step.text_ru(), now.percent())
}

/// As in `2024/25 учебный год`.
fn told(row: &YearArchiveRow) -> String {
    let next = row.year.saturating_add(1).rem_euclid(100);
    format!("{}/{next:02} учебный год", row.year)
}

fn of_file(path: &Path, error: io::Error) -> StartError {
    StartError::Archive { path: path.into(), error: YearArchiveError::File(error) }
}
