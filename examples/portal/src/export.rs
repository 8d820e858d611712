//! Giving out a school's files into a folder.

use std::io::Write;

use eschool_store::{ExportOptions, exchange::FileForm};

use crate::{
    cards::choose,
    cli::ExportTask,
    import::write,
    start::{Installation, StartError},
    view::number::counted,
};

/// Writes the files of a school, and says how many there are.
///
/// # Errors
/// [`StartError::SchoolNotFound`] or [`StartError::SchoolAmbiguous`] where it is not clear whose,
/// [`StartError::Export`] where there is nothing to give out, [`StartError::Folder`] where the folder
/// cannot be written.
pub async fn run(
    installation: &Installation,
    task: &ExportTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let school = choose(installation.store.schools().await?, task.school.as_deref())?;
    let form = if task.xlsx { FileForm::Xlsx } else { FileForm::Csv };
    let options = ExportOptions { year: task.year, form };
    let files = installation.store.export_for_operator(school.id, options).await?;
    write(&files, &task.folder)?;
    let number = counted(files.iter().count() as u64, ["файл", "файла", "файлов"]);
    writeln!(out, "{}: {number} в папке {}", school.name, task.folder.display())?;
    writeln!(out, "В файлах персональные данные: храните их так, чтобы их не прочли чужие.")?;
    Ok(out.flush()?)
}
