//! Giving out the files of a school.
//!
//! The files are canonical: rows are known by names and days, never by identifiers, and stand in
//! the order of those, so that two stores which hold the same give the same bytes, whatever way
//! they came to it. Marks and homework of one pupil in one lesson keep the order in which they were
//! given, which is what a diary shows.

mod error;
mod frame;
mod journal;
mod people;
mod rows;

use std::collections::HashMap;

use eschool_core::{
    access::{AccessError, Sight, Standing, Viewer, may, viewers},
    calendar::school_year,
    id::{AccountId, ClassId, SchoolId},
    identity::FullName,
    journal::ClassName,
    people::School,
};

pub use self::error::ExportError;
use self::people::People;
use super::{Session, Store, StoreError, facts::staff_facts};
use crate::{
    backend::{Backend, Changes, Registry, SchoolFrame, Tx},
    exchange::{FileForm, FileKind, FileName, SchoolFiles, Table},
};

/// What is given out of a school.
///
/// ```
/// use eschool_store::ExportOptions;
///
/// let last_year = ExportOptions { year: Some(2023), ..ExportOptions::default() };
/// assert_eq!(ExportOptions::default().year, None);
/// # let _ = last_year;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// The calendar year in which the school year begins; none for the last one that the school
    /// has terms of.
    pub year: Option<i32>,
    /// How the files are written.
    pub form: FileForm,
}

/// How much of a school somebody is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    People,
    Everything,
}

impl<B: Backend> Store<B> {
    /// The files of a school, for somebody who may have them: an administrator all of them, a
    /// registrar those of people and days, not journals. What is given out is audited.
    ///
    /// The files are those that [`import_school`](Self::import_school) takes, with every column,
    /// rows by day, class and name. A school that was imported, given out, taken into an empty
    /// store and given out again gives the same bytes.
    ///
    /// Not in them is what the files have no column for: days and materials of homework, parts of a
    /// class for single subjects, duties, remarks, works without marks, history. Of a mark that was
    /// given late they do not say of which lesson the work is: it comes out under the lesson in
    /// which it was given, and where it is taken in anew it is for a work of that lesson. Bonds and
    /// posts that have ended stand in no file, and neither do bonds that bar an adult from a child:
    /// a store that took such a row in would open what is closed here.
    ///
    /// # Errors
    /// [`ExportError::Access`] if the session opens none of it, [`ExportError::YearUnknown`] where
    /// the school has no term yet and no year was named, [`StoreError::YearArchived`] where journals
    /// of a year are asked for that is not in the database, or not whole.
    pub async fn export_school(
        &self,
        session: &Session,
        school: SchoolId,
        options: ExportOptions,
    ) -> Result<SchoolFiles, ExportError> {
        let mut tx = self.read().await?;
        let school = tx.school(school).await?.ok_or(AccessError::NotAllowed)?;
        let (scope, actor) = self.export_scope(&mut *tx, session, &school).await?;
        self.exported(tx, school, scope, Some(actor), options).await
    }

    /// Every file of a school, for who runs the installation and has its database and keys at hand
    /// anyway. It is audited, without anybody who did it.
    ///
    /// # Errors
    /// As [`export_school`](Self::export_school), but for access.
    pub async fn export_for_operator(
        &self,
        school: SchoolId,
        options: ExportOptions,
    ) -> Result<SchoolFiles, ExportError> {
        let mut tx = self.read().await?;
        let school = tx.school(school).await?.ok_or(StoreError::SchoolNotFound)?;
        self.exported(tx, school, Scope::Everything, None, options).await
    }

    /// What the roles of a session open, and by which account.
    async fn export_scope(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        school: &School,
    ) -> Result<(Scope, AccountId), ExportError> {
        let today = self.today(school);
        let rules = self.inner.policy.rules_on(today);
        let (mut found, mut refused) = (None, AccessError::NotAllowed);
        for grant in session.open().filter(|grant| grant.school == school.id) {
            let members = tx.members(&[(school.id, grant.account)]).await?;
            let staff = members.first().and_then(|member| staff_facts(member, today));
            let now = Standing { staff: staff.as_ref(), ..Standing::default() };
            let posts: Vec<Viewer<'_>> = viewers(grant, now, rules);
            if may(&posts, &Sight::AllJournals(school.id), today).is_ok() {
                return Ok((Scope::Everything, grant.account));
            }
            match may(&posts, &Sight::AllPeople(school.id), today) {
                Ok(_) => found = found.or(Some((Scope::People, grant.account))),
                Err(error) => refused = refused.min(error),
            }
        }
        found.ok_or(ExportError::Access(refused))
    }

    /// Loads in one snapshot, writes the files, and the audit before anybody has them.
    async fn exported(
        &self,
        mut tx: Box<dyn Tx>,
        school: School,
        scope: Scope,
        actor: Option<AccountId>,
        options: ExportOptions,
    ) -> Result<SchoolFiles, ExportError> {
        let frame = tx.frame(school.id).await?;
        let registry = tx.registry(school.id).await?;
        let year = options.year.or_else(|| last_year(&frame)).ok_or(ExportError::YearUnknown)?;
        if scope == Scope::Everything {
            self.may_read_year(&mut *tx, school.id, year).await?;
        }
        let export = Export::new(&school, year, &registry);
        let (mut journals, mut finals) = (Vec::new(), Vec::new());
        if scope == Scope::Everything {
            for (class, name) in export.classes_in_order() {
                journals.push((name, tx.class_journal(school.id, class).await?));
            }
            finals = tx.school_finals(school.id).await?;
        }
        // What is made of it takes its time; the database is not held up for that.
        drop(tx);
        let today = self.today(&school);
        let people = People::open(self, &registry, &export, today)?;

        let mut files = Files { form: options.form, files: SchoolFiles::default() };
        files.put(FileKind::School, [export.school_row()])?;
        export.frame(&frame, &mut files)?;
        people.write(&mut files)?;
        if scope == Scope::Everything {
            files.put(FileKind::Timetable, export.timetable(&frame))?;
            export.journals(&journals, &mut files)?;
            files.put(FileKind::Finals, export.finals(&finals, &frame))?;
        }
        let outcome = match scope {
            Scope::People => "people",
            Scope::Everything => "everything",
        };
        let actor = actor.map(|account| (school.id, account));
        let mut audit = self.audit_entry("export", outcome, actor, None);
        audit.school = Some(school.id);
        let mut tx = self.write_in(&[]).await?;
        tx.apply(&Changes { audit: vec![audit], ..Changes::default() }).await?;
        tx.commit().await?;
        Ok(files.files)
    }
}

/// The last school year that has terms.
pub(in crate::store) fn last_year(frame: &SchoolFrame) -> Option<i32> {
    frame.terms.iter().map(|term| school_year(term.days.from())).max()
}

/// One school in one year, as its rows are called by name.
struct Export<'a> {
    school: &'a School,
    year: i32,
    /// The classes of the year.
    classes: HashMap<ClassId, &'a ClassName>,
    names: HashMap<AccountId, &'a FullName>,
    /// The same as files write them.
    written: HashMap<AccountId, String>,
    registry: &'a Registry,
}

impl<'a> Export<'a> {
    fn new(school: &'a School, year: i32, registry: &'a Registry) -> Self {
        let classes = registry.classes.iter().filter(|class| class.year == year);
        let written = registry.accounts.iter();
        Self {
            school,
            year,
            classes: classes.map(|class| (class.id, &class.name)).collect(),
            names: registry.accounts.iter().map(|account| (account.id, &account.name)).collect(),
            written: written.map(|account| (account.id, account.name.to_string())).collect(),
            registry,
        }
    }

    fn classes_in_order(&self) -> Vec<(ClassId, &'a ClassName)> {
        let mut classes: Vec<_> = self.classes.iter().map(|(id, name)| (*id, *name)).collect();
        classes.sort_by_key(|(_, name)| *name);
        classes
    }

    fn school_row(&self) -> [&'a str; 4] {
        let School { name, founder, municipality, time_zone, .. } = self.school;
        [name, founder, municipality, time_zone]
    }
}

/// The files that were written so far.
struct Files {
    form: FileForm,
    files: SchoolFiles,
}

impl Files {
    /// Writes a file row by row; of journals no two rows are cells at a time.
    fn put(
        &mut self,
        kind: FileKind,
        rows: impl IntoIterator<Item: IntoIterator<Item: AsRef<str>>>,
    ) -> Result<(), ExportError> {
        let file = FileName { kind, form: self.form };
        let full = |_| ExportError::SpreadsheetFull { file };
        let mut table = Table::of(kind, self.form).map_err(full)?;
        for row in rows {
            table.push(row).map_err(full)?;
        }
        self.files.put(file, table.finish().map_err(full)?);
        Ok(())
    }
}
