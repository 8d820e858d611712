//! Whether the log of what was done is whole, on the command line.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use eschool_store::{AuditFault, AuditReport, Checkpoint, backend::AuditChain};

use crate::{
    cli::AuditTask,
    start::{Installation, StartError, create_new},
    view::date,
};

/// Makes a checkpoint, or verifies.
///
/// # Errors
/// [`StartError::AuditFaults`] where the log is not whole, [`StartError::Checkpoint`] where the file
/// cannot be written or read, [`StartError::Audit`] where it was changed.
pub async fn run(
    installation: &Installation,
    task: AuditTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    match task {
        AuditTask::Checkpoint { out: file } => checkpoint(installation, file.as_deref(), out).await,
        AuditTask::Verify { checkpoint } => verify(installation, checkpoint.as_deref(), out).await,
    }
}

async fn checkpoint(
    installation: &Installation,
    file: Option<&Path>,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    // What cannot be read is no reason to have no checkpoint of all the rest: that is told after.
    let sealed = installation.store.seal_audit().await;
    let checkpoint = installation.store.checkpoint().await?;
    let text = serde_json::to_string_pretty(&checkpoint).map_err(io::Error::from)?;
    let Some(path) = file else {
        writeln!(out, "{text}")?;
        out.flush()?;
        return Ok(sealed.map(drop)?);
    };
    // A checkpoint that is there stays: it may be the only one that tells of what is gone.
    let written = create_new(path, format!("{text}\n").as_bytes());
    if !written.map_err(|error| unusable(path, &error))? {
        return Err(unusable(path, &io::Error::from(io::ErrorKind::AlreadyExists)));
    }
    let entries: u64 = checkpoint.chains.iter().map(|end| end.entries).sum();
    writeln!(out, "Контрольная точка записана: {}", path.display())?;
    writeln!(out, "Записей под печатью: {entries}. Храните файл отдельно от базы данных.")?;
    out.flush()?;
    Ok(sealed.map(drop)?)
}

async fn verify(
    installation: &Installation,
    file: Option<&Path>,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let checkpoint = file.map(read).transpose()?;
    let report = installation.store.verify_audit(checkpoint.as_ref()).await?;
    let AuditReport { seals, entries, unsealed, oldest_unsealed, faults, more, .. } = &report;
    writeln!(out, "Журнал действий: печатей {seals}, записей под ними {entries}.")?;
    match oldest_unsealed {
        Some(oldest) => {
            let oldest = date::moment_year(*oldest, installation.zone);
            writeln!(out, "Ещё не запечатано записей: {unsealed}, самая старая – от {oldest}.")?;
        }
        None => writeln!(out, "Ещё не запечатано записей: {unsealed}.")?,
    }
    match &checkpoint {
        Some(checkpoint) => {
            let at = date::moment_year(checkpoint.at, installation.zone);
            writeln!(out, "Контрольная точка: {at}.")?;
        }
        None => writeln!(
            out,
            "Без контрольной точки не проверить, не удалён ли конец журнала. Укажите её параметром \
             --checkpoint."
        )?,
    }
    if report.is_sound() {
        writeln!(out, "Нарушений нет.")?;
        return Ok(out.flush()?);
    }
    let schools = installation.store.schools().await?;
    let names: BTreeMap<_, _> =
        schools.iter().map(|school| (AuditChain(Some(school.id)), school.name.as_str())).collect();
    writeln!(out, "Нарушения:")?;
    for fault in faults {
        let name = names.get(&fault.chain).copied();
        writeln!(out, "  {}", line(fault, name))?;
    }
    if *more > 0 {
        writeln!(out, "  и ещё {more}")?;
    }
    out.flush()?;
    Err(StartError::AuditFaults(faults.len() as u64 + more))
}

/// A fault in a chain of this name.
fn line(fault: &AuditFault, name: Option<&str>) -> String {
    let chain = match (fault.chain.0, name) {
        (None, _) => "вне школ".into(),
        (Some(_), Some(name)) => name.to_owned(),
        (Some(school), None) => format!("школа {school}"),
    };
    let seal = fault.seal.map(|seal| format!(", печать {seal}")).unwrap_or_default();
    let place = fault.place.map(|place| format!(", запись {place}")).unwrap_or_default();
    format!("{chain}{seal}{place}: {}", fault.kind.text_ru())
}

fn read(path: &Path) -> Result<Checkpoint, StartError> {
    let text = std::fs::read(path).map_err(|error| unusable(path, &error))?;
    serde_json::from_slice(&text).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dyn std::error::Error) -> StartError {
    StartError::Checkpoint { path: path.into(), why: error.to_string() }
}
