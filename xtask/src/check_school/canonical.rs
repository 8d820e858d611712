//! A school's canonical files: given out, taken into an empty store, given out again.

use std::{error::Error, sync::Arc};

use eschool_core::id::SchoolId;
use eschool_store::{
    ExportOptions, Store,
    backend::Backend,
    exchange::{FileForm, SchoolFiles},
};

use super::school::School;

/// The files of a school.
pub(crate) async fn export(
    store: &Store<Arc<dyn Backend>>,
    school: SchoolId,
    form: FileForm,
) -> Result<SchoolFiles, Box<dyn Error>> {
    let options = ExportOptions { form, year: None };
    Ok(store.export_for_operator(school, options).await?)
}

/// That a school which is given out and taken in elsewhere, twice, is the same.
pub(super) async fn goes_through(
    school: &School,
    there: &Store<Arc<dyn Backend>>,
    form: FileForm,
    canonical: &SchoolFiles,
) -> Result<(), Box<dyn Error>> {
    let through = format!("through {}", form.extension());
    let files = export(&school.store, school.report.school, form).await?;
    let first = there.import_school(&files, &mut |_| {}).await?;
    if let Some(row) = first.refused.first().or(first.conflicts.first()) {
        return Err(format!("{through}: {}:{} {}", row.file, row.line, row.code).into());
    }
    compare(&through, canonical, &export(there, first.school, FileForm::Csv).await?)?;
    let second = there.import_school(&files, &mut |_| {}).await?;
    if second.changed != 0 {
        return Err(format!("{through}: a second import changed {} rows", second.changed).into());
    }
    compare(&through, canonical, &export(there, first.school, FileForm::Csv).await?)
}

/// That two stores give out the same bytes.
pub(super) fn compare(
    when: &str,
    one: &SchoolFiles,
    other: &SchoolFiles,
) -> Result<(), Box<dyn Error>> {
    match one.iter().find(|(name, bytes)| other.get(name.kind) != Some(*bytes)) {
        Some((name, _)) => Err(format!("{when}: `{name}` is given out otherwise").into()),
        None => Ok(()),
    }
}
