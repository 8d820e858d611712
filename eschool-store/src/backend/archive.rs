//! Archives of school years, as a backend keeps them, and what is moved by them.

use chrono::{DateTime, Utc};
use eschool_core::{
    archive::{DropOrder, YearState},
    id::{AccountId, ClassId, LessonId, SchoolId},
};
use uuid::Uuid;

use super::{ClassJournal, MarkChange};

/// That a school year was archived, and how far it is dropped or restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearArchiveRow {
    /// The school.
    pub school: SchoolId,
    /// The calendar year in which the school year begins.
    pub year: i32,
    /// How far it is.
    pub state: YearState,
    /// The SHA-256 of the archive's lines before its last: by it the file is known.
    pub digest: [u8; 32],
    /// How many lines that is.
    pub lines: u64,
    /// When it was archived.
    pub at: DateTime<Utc>,
    /// The account of who archived it; none for who runs a program beside the database.
    pub actor: Option<AccountId>,
    /// The order of the head by which it was dropped before its term.
    pub order: Option<DropOrder>,
    /// Which drop or restore moves it, or moved it last: whoever begins another takes it over, and
    /// the former one notices.
    pub run: Option<Uuid>,
}

/// Everything that goes with the journal of a class into an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassArchive {
    /// What stands in its lessons, with works of other lessons that marks in them are for.
    pub journal: ClassJournal,
    /// Which state each lesson is in, by lesson.
    pub versions: Vec<(LessonId, u64)>,
    /// What became of marks, by lesson and entry.
    pub mark_changes: Vec<MarkChange>,
}

/// What archives move out of a database and back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveChanges {
    /// Classes that lose all their lessons with everything that stands in them, what became of their
    /// marks too, before any row is written.
    pub emptied_classes: Vec<(SchoolId, ClassId)>,
    /// Excuses to take away, by pupil and identifier, before any row is written.
    pub removed_excuses: Vec<(SchoolId, AccountId, Uuid)>,
    /// Events to take away, by cursor, before any row is written.
    pub removed_events: Vec<(SchoolId, u64)>,
    /// Versions of lessons, as they are to be after all else was written.
    pub versions: Vec<(SchoolId, LessonId, u64)>,
    /// Archives, by school and year.
    pub rows: Vec<YearArchiveRow>,
}
