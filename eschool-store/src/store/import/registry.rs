//! The registry of one school under an import: who is there, and what the files of people add.

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId},
    journal::{Stay, SubgroupMembership},
    people::{Guardianship, School, StaffPost},
};

use super::{
    ImportError,
    classes::{ClassCells, Classes},
    people::People,
    pupil_index::PupilIndex,
    refused::RefusedRows,
    table::Table,
};
use crate::{
    backend::{Backend, Changes, RefusedRow, Registry},
    exchange::{Decoded, ImportReport, PeopleSheets, Refused, Row},
    store::{Store, StoreError},
};

/// What the files of people are taken into, in the order pupils, parents, staff.
pub(super) struct Registrar<'s, B> {
    pub(super) store: &'s Store<B>,
    pub(super) school: &'s School,
    pub(super) report: &'s mut ImportReport,
    pub(super) classes: Classes,
    pub(super) people: People<'s, B>,
    pub(super) stays: Table<(AccountId, ClassId, NaiveDate), Stay>,
    pub(super) parts: Table<PartKey, SubgroupMembership>,
    pub(super) bonds: Table<(AccountId, AccountId), Guardianship>,
    pub(super) posts: Table<(AccountId, String), StaffPost>,
    pub(super) refused: RefusedRows,
    stored_refused: Vec<RefusedRow>,
}

/// Pupil, class, subject and first day.
pub(super) type PartKey = (AccountId, ClassId, Option<String>, NaiveDate);

/// Why a row of people goes no further.
pub(super) enum Stop {
    /// It is refused, alone.
    Refused(Refused),
    /// It is set aside for a person to settle.
    Conflict(Refused),
    /// The import ends.
    Failed(ImportError),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl<'s, B: Backend> Registrar<'s, B> {
    pub(super) fn new(
        store: &'s Store<B>,
        school: &'s School,
        report: &'s mut ImportReport,
        year: i32,
        stored: Registry,
    ) -> Self {
        let part = |part: SubgroupMembership| {
            ((part.pupil, part.class, part.subject.clone(), part.from), part)
        };
        Self {
            store,
            school,
            report,
            classes: Classes::new(school.id, year, stored.classes),
            people: People::new(store, school.id, stored.accounts, stored.claims),
            stays: Table::new(stored.stays.into_iter().map(|s| ((s.pupil, s.class, s.from), s))),
            parts: Table::new(stored.subgroups.into_iter().map(part)),
            bonds: Table::new(
                stored.guardianships.into_iter().map(|bond| ((bond.parent, bond.child), bond)),
            ),
            posts: Table::new(
                stored.staff.into_iter().map(|post| ((post.account, post.subject.clone()), post)),
            ),
            refused: RefusedRows::default(),
            stored_refused: stored.refused_rows,
        }
    }

    /// Takes in the files of people. Gives the pupils as the files leave them.
    ///
    /// Where rows without a СНИЛС or a birth date have namesakes, a later row may tell who an
    /// earlier one is about. Then the files are gone through again until nothing changes, which is
    /// what the next import of them does.
    pub(super) fn take_people(&mut self, files: &Decoded<'_>) -> Result<PupilIndex, ImportError> {
        const MOST_PASSES: u32 = 8;
        let blank = self.report.clone();
        let mut pupils = self.pass(files.people()?)?;
        for _ in 1..MOST_PASSES {
            if !self.people.take_doubt() {
                break;
            }
            let before = self.state();
            self.report.clone_from(&blank);
            self.refused = RefusedRows::default();
            self.stays.forget_seen();
            self.parts.forget_seen();
            self.bonds.forget_seen();
            self.posts.forget_seen();
            pupils = self.pass(files.people()?)?;
            if self.state() == before {
                break;
            }
        }
        Ok(pupils)
    }

    fn pass(&mut self, sheets: PeopleSheets<'_>) -> Result<PupilIndex, ImportError> {
        self.take_pupils(sheets.pupils)?;
        let pupils = self.pupil_index();
        let families = sheets.parents.map(|parents| self.take_parents(parents, &pupils));
        let families = families.transpose()?;
        if let Some(staff) = sheets.staff {
            self.take_staff(staff)?;
        }
        if let Some(families) = families {
            self.report_families(families);
        }
        Ok(pupils)
    }

    /// All that rows of people change.
    fn state(&self) -> impl PartialEq + use<'s, B> {
        (
            self.people.changes(),
            self.stays.snapshot(),
            self.parts.snapshot(),
            self.bonds.snapshot(),
            self.posts.snapshot(),
        )
    }

    /// Notes what became of a row: a refused one is reported and kept as it was typed.
    pub(super) fn note(
        &mut self,
        row: Row<'_>,
        outcome: Result<(), Stop>,
    ) -> Result<bool, ImportError> {
        let refused = match outcome {
            Ok(()) => return Ok(true),
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Refused(refused)) => {
                self.report.refused.push(refused.clone());
                refused
            }
            Err(Stop::Conflict(refused)) => {
                self.report.conflicts.push(refused.clone());
                refused
            }
        };
        self.refused.keep(refused, row);
        Ok(false)
    }

    /// Pupils by name, with their stays and parts as the import leaves them.
    fn pupil_index(&self) -> PupilIndex {
        let stays = self.stays.rows().copied();
        let parts = self.parts.rows().cloned();
        PupilIndex::new(stays, parts, |pupil| self.people.name_of(pupil))
    }

    /// Puts what differs from the database into the changes.
    pub(super) fn finish(self, changes: &mut Changes) -> Result<ClassCells, ImportError> {
        let school = self.school.id;
        let (cells, made) = self.classes.into_parts();
        changes.classes.extend(made);
        self.people.finish(changes)?;
        changes.stays.extend(self.stays.into_changes().map(|row| (school, row)));
        changes.subgroups.extend(self.parts.into_changes().map(|row| (school, row)));
        changes.guardianships.extend(self.bonds.into_changes().map(|row| (school, row)));
        changes.staff.extend(self.posts.into_changes().map(|row| (school, row)));
        self.refused.finish(self.store, school, self.stored_refused, changes)?;
        Ok(cells)
    }
}
