//! Archives of school years: a year that is over goes to a file, out of the database, and back.
//!
//! * `lines`: the file, line by line.
//! * `load`: a year as lines.
//! * `drop`: a year goes.
//! * `restore`: a year comes back.
//! * `error`: why not.
//!
//! A year is moved in portions, each in a transaction of its own, and a row says how far it is: a
//! killed program goes on where it stopped, and nobody writes to the year meanwhile.

mod drop;
mod error;
mod lines;
mod load;
mod restore;

use std::io::Write;

use eschool_core::{
    access::Deed,
    archive::{YearState, may_archive},
    id::{AccountId, SchoolId},
};
use uuid::Uuid;

pub use self::error::YearArchiveError;
use self::lines::Writing;
use super::{Actor, Store, StoreError, sign_in::commit};
use crate::backend::{AuditEntry, Backend, Changes, Turn, Tx, YearArchiveRow};

/// How far a school year is on its way; told now and then, for a progress bar.
///
/// ```
/// use eschool_store::{YearProgress, YearStep};
///
/// let told = YearProgress { step: YearStep::Writing, done: 20, total: 40 };
/// assert_eq!((told.percent(), told.step.text_ru()), (50, "запись архива"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearProgress {
    /// What is being done.
    pub step: YearStep,
    /// How much of it is done.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
}

/// What is done on the way of a school year.
///
/// ```
/// assert_eq!(eschool_store::YearStep::Dropping.text_ru(), "удаление из базы");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearStep {
    /// The year is written to the file.
    Writing,
    /// The year is compared with its archive.
    Comparing,
    /// The year is taken out of the database.
    Dropping,
    /// The year is brought back.
    Restoring,
}

impl YearProgress {
    /// How much of the step is done, 0 to 100.
    #[must_use]
    pub const fn percent(&self) -> u8 {
        if self.done >= self.total {
            return 100;
        }
        // Less than the total, so less than a hundred.
        (self.done as u128 * 100 / self.total as u128) as u8
    }
}

impl YearStep {
    /// The words a person reads.
    #[must_use]
    pub const fn text_ru(self) -> &'static str {
        match self {
            Self::Writing => "запись архива",
            Self::Comparing => "сверка с архивом",
            Self::Dropping => "удаление из базы",
            Self::Restoring => "восстановление",
        }
    }
}

impl<B: Backend> Store<B> {
    /// Writes a school year that is over to a file, as `docs/year-archive.md` tells it, and keeps the
    /// file's digest. The year stays where it is: [`drop_year`](Self::drop_year) takes it out. The
    /// same year gives the same file, byte by byte.
    ///
    /// The file holds the journals of children, names and the reasons of absences, all readable: who
    /// keeps it answers for that. For the administrator; it is audited.
    ///
    /// ```no_run
    /// use eschool_core::id::SchoolId;
    /// use eschool_store::{Actor, Store, YearArchiveError, backend::Backend};
    ///
    /// async fn put_away<B: Backend>(
    ///     store: &Store<B>, school: SchoolId,
    /// ) -> Result<(), YearArchiveError> {
    ///     let mut file = std::fs::File::create_new("2024.jsonl")?;
    ///     let row = store
    ///         .archive_year(Actor::Console, school, 2024, &mut file, &mut |_| ())
    ///         .await?;
    ///     println!("{} lines", row.lines);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`YearArchiveError::Access`] for who may not, [`YearArchiveError::Retention`] while the year
    /// runs, [`YearArchiveError::Nothing`] for a year without classes,
    /// [`YearArchiveError::NotWhole`] for one that is dropped, [`YearArchiveError::File`] if the file
    /// cannot be written. [`StoreError::Unreadable`] is told of excuses that do not open when all is
    /// done: they are not in the file, which is whole without them, and stay when the year goes.
    pub async fn archive_year(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        year: i32,
        out: &mut (dyn Write + Send),
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<YearArchiveRow, YearArchiveError> {
        let mut tx = self.read().await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let of = self.year_of(&mut *tx, school, year).await?;
        may_archive(year, self.today(&of.school))?;
        is_whole(archive_of(&mut *tx, school, year).await?.as_ref())?;
        if of.classes.is_empty() {
            return Err(YearArchiveError::Nothing);
        }
        let mut out = std::io::BufWriter::new(out);
        let mut to = Writing::new(&mut out);
        let step = YearStep::Writing;
        let unreadable = self.write_year(&mut *tx, &of, &mut to, step, progress).await?;
        let (digest, lines) = to.end()?;
        drop(tx);

        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        is_whole(archive_of(&mut *tx, school, year).await?.as_ref())?;
        let row = YearArchiveRow {
            school,
            year,
            state: YearState::Archived,
            digest,
            lines,
            at: self.inner.ambient.now(),
            actor: actor.map(|(_, account)| account),
            order: None,
            run: None,
        };
        self.commit_year(tx, row.clone(), Some(("year_archived", actor))).await?;
        unreadable.finish()?;
        Ok(row)
    }

    /// The school years of a school that were archived, and how far each is. For the administrator,
    /// whose look is audited.
    ///
    /// # Errors
    /// [`YearArchiveError::Access`] for who may not.
    pub async fn year_archives(
        &self,
        by: Actor<'_>,
        school: SchoolId,
    ) -> Result<Vec<YearArchiveRow>, YearArchiveError> {
        let mut tx = self.read().await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let rows = tx.year_archives(school).await?;
        drop(tx);
        let entry = self.audit_entry("year_archives_read", "done", actor, None);
        self.note(vec![AuditEntry { school: Some(school), ..entry }]).await?;
        Ok(rows)
    }

    /// That the journals of a school year may be written: not while it is compared, dropped or
    /// restored, nor once it is gone.
    pub(super) async fn may_write_year(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        year: i32,
    ) -> Result<(), StoreError> {
        match archive_of(tx, school, year).await? {
            Some(row) if !row.state.may_be_written() => Err(StoreError::YearArchived),
            _ => Ok(()),
        }
    }

    /// That the journals of a school year are all in the database, where they are read as a whole.
    pub(super) async fn may_read_year(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        year: i32,
    ) -> Result<(), StoreError> {
        match archive_of(tx, school, year).await? {
            Some(row) if !row.state.is_whole() => Err(StoreError::YearArchived),
            _ => Ok(()),
        }
    }

    async fn commit_year(
        &self,
        tx: Box<dyn Tx>,
        row: YearArchiveRow,
        done: Option<(&str, Doer)>,
    ) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        if let Some((action, actor)) = done {
            let entry = self.audit_entry(action, &row.year.to_string(), actor, None);
            changes.audit.push(AuditEntry { school: Some(row.school), ..entry });
        }
        changes.archive.rows.push(row);
        commit(tx, changes).await
    }

    /// A transaction in the school's turn, with the row of a year that still is in one of these
    /// states, of the archive with this digest.
    async fn in_state(
        &self,
        run: Run,
        states: &[YearState],
    ) -> Result<(Box<dyn Tx>, YearArchiveRow), YearArchiveError> {
        let mut tx = self.write_in(&[Turn::School(run.school)]).await?;
        let row = archive_of(&mut *tx, run.school, run.year).await?;
        let row = row.filter(|row| row.digest == run.digest && states.contains(&row.state));
        Ok((tx, row.ok_or(YearArchiveError::Overtaken)?))
    }

    /// The same, where nobody took the year over since this run began.
    async fn in_run(
        &self,
        run: Run,
        state: YearState,
    ) -> Result<(Box<dyn Tx>, YearArchiveRow), YearArchiveError> {
        let (tx, row) = self.in_state(run, &[state]).await?;
        if row.run == Some(run.id) { Ok((tx, row)) } else { Err(YearArchiveError::Overtaken) }
    }

    /// Takes a year over that is in one of these states, as it is to be then.
    async fn begin_run(
        &self,
        run: Run,
        states: &[YearState],
        (action, actor): (&str, Doer),
        begun: impl FnOnce(YearArchiveRow) -> YearArchiveRow,
    ) -> Result<(), YearArchiveError> {
        let (tx, row) = self.in_state(run, states).await?;
        let row = YearArchiveRow { run: Some(run.id), ..begun(row) };
        Ok(self.commit_year(tx, row, Some((action, actor))).await?)
    }

    /// Goes a step on with a year that this run has.
    async fn go_on(
        &self,
        run: Run,
        state: YearState,
        (action, actor): (&str, Doer),
        next: impl FnOnce(YearArchiveRow) -> YearArchiveRow,
    ) -> Result<YearArchiveRow, YearArchiveError> {
        let (tx, row) = self.in_run(run, state).await?;
        let row = next(row);
        self.commit_year(tx, row.clone(), Some((action, actor))).await?;
        Ok(row)
    }
}

/// Who does it; none for who runs a program beside the database.
type Doer = Option<(SchoolId, AccountId)>;

/// A school's year on its way, by the archive with this digest. The state and the digest may be the
/// same again after others had the year: so each run is one of its own.
#[derive(Clone, Copy, Debug)]
struct Run {
    school: SchoolId,
    year: i32,
    digest: [u8; 32],
    id: Uuid,
}

async fn archive_of(
    tx: &mut dyn Tx,
    school: SchoolId,
    year: i32,
) -> Result<Option<YearArchiveRow>, StoreError> {
    let mut rows = tx.year_archives(school).await?;
    rows.retain(|row| row.year == year);
    Ok(rows.pop())
}

fn is_whole(row: Option<&YearArchiveRow>) -> Result<(), YearArchiveError> {
    match row {
        Some(row) if !row.state.is_whole() => Err(YearArchiveError::NotWhole(row.state)),
        _ => Ok(()),
    }
}
