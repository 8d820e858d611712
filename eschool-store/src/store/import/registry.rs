//! The registry of one school under an import: who is there, and what the files of people add.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId},
    identity::MobilePhone,
    journal::{Stay, SubgroupMembership},
    people::{Guardianship, School, StaffPost},
};

use super::{
    ImportError,
    classes::{ClassCells, Classes},
    cover::KeptBack,
    people::People,
    pupil_index::PupilIndex,
    pupils::FirstDays,
    refused::RefusedRows,
    table::Table,
};
use crate::{
    backend::{Backend, Changes, RefusedRow, Registry, Removed},
    exchange::{Contents, FileKind, ImportReport, PeopleSheets, Refused, Row},
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
    pub(super) first_days: FirstDays,
    pub(super) parts: Table<PartKey, SubgroupMembership>,
    pub(super) bonds: Table<(AccountId, AccountId), Guardianship>,
    pub(super) posts: Table<(AccountId, String), StaffPost>,
    pub(super) refused: RefusedRows,
    pub(super) kept_back: KeptBack,
    /// Whether the files replace what is there.
    pub(super) replace: bool,
    /// The classes that files of people speak of.
    pub(super) spoken_of: HashSet<(FileKind, ClassId)>,
    /// Whether the pupils' file says who is in which part of a class.
    pub(super) says_parts: bool,
    /// Whether there is a file of the staff.
    pub(super) says_staff: bool,
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
        refused: RefusedRows,
        replace: bool,
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
            first_days: FirstDays::new(&stored.stays),
            stays: Table::new(stored.stays.into_iter().map(|s| ((s.pupil, s.class, s.from), s))),
            parts: Table::new(stored.subgroups.into_iter().map(part)),
            bonds: Table::new(
                stored.guardianships.into_iter().map(|bond| ((bond.parent, bond.child), bond)),
            ),
            posts: Table::new(
                stored.staff.into_iter().map(|post| ((post.account, post.subject.clone()), post)),
            ),
            refused,
            kept_back: KeptBack::default(),
            replace,
            spoken_of: HashSet::new(),
            says_parts: false,
            says_staff: false,
            stored_refused: stored.refused_rows,
        }
    }

    /// Takes in the files of people. Gives the pupils as the files leave them.
    ///
    /// Where rows without a СНИЛС or a birth date have namesakes, a later row may tell who an
    /// earlier one is about. Then the files are gone through again until nothing changes, which is
    /// what the next import of them does.
    pub(super) fn take_people(&mut self, files: &Contents<'_>) -> Result<PupilIndex, ImportError> {
        const MOST_PASSES: u32 = 8;
        let blank = self.report.clone();
        let mut pupils = self.pass(files.people()?)?;
        for _ in 1..MOST_PASSES {
            if !self.people.take_doubt() {
                break;
            }
            let before = self.state();
            self.report.clone_from(&blank);
            self.refused = self.refused.renewed();
            self.kept_back = KeptBack::default();
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
        if let Some(pupils) = sheets.pupils {
            self.take_pupils(pupils)?;
        }
        let pupils = self.pupil_index();
        let families = sheets.parents.map(|parents| self.take_parents(parents, &pupils));
        let families = families.transpose()?;
        if let Some(staff) = sheets.staff {
            self.says_staff = true;
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
        self.keep_back(&refused.file, row);
        self.refused.keep(refused, row);
        Ok(false)
    }

    /// That nothing of the row's class is removed.
    pub(super) fn keep_back(&mut self, file: &str, row: Row<'_>) {
        if let Some(file) = FileKind::of_name(file) {
            self.kept_back.keep_named(file, row.class_cell(), |name| self.classes.get(name));
        }
    }

    /// What the files of people no longer say of what they are about. Of pupils and parents that is
    /// the classes they name; of staff, where no row was refused, the school. Bars, and the
    /// last days of bonds and posts, are entered by hand: what has them stays.
    fn removed(&self, pupils: &PupilIndex) -> Removed {
        let school = self.school.id;
        let covers = |file: FileKind, class: ClassId| {
            self.spoken_of.contains(&(file, class)) && !self.kept_back.holds(file, class)
        };
        let stays = self.stays.unseen().filter(|stay| covers(FileKind::Pupils, stay.class));
        let parts = self.parts.unseen().filter(|part| {
            self.says_parts && part.subject.is_none() && covers(FileKind::Pupils, part.class)
        });
        let bonds = self.bonds.unseen().filter(|bond| {
            let mut classes = pupils.classes_of(bond.child).peekable();
            let is_pupil = classes.peek().is_some();
            let is_by_hand = bond.barred || bond.until.is_some();
            !is_by_hand && is_pupil && classes.all(|class| covers(FileKind::Parents, class))
        });
        let no_staff = !self.says_staff || self.kept_back.names().contains(&"staff.csv".to_owned());
        let posts = self.posts.unseen().filter(|post| !no_staff && post.until.is_none());
        Removed {
            stays: stays.map(|row| (school, *row)).collect(),
            subgroups: parts.map(|row| (school, row.clone())).collect(),
            guardianships: bonds.map(|row| (school, row.clone())).collect(),
            staff: posts.map(|row| (school, row.clone())).collect(),
            ..Removed::default()
        }
    }

    /// Pupils by name, with their stays and parts as the import leaves them.
    fn pupil_index(&self) -> PupilIndex {
        let stays = self.stays.rows().copied();
        let parts = self.parts.rows().cloned();
        PupilIndex::new(stays, parts, |pupil| self.people.name_of(pupil))
    }

    /// Phones that two people of the school have, as the import leaves them.
    pub(super) fn phones_of_two(&mut self) -> BTreeSet<MobilePhone> {
        self.people.shared_phones()
    }

    /// Puts what differs from the database into the changes.
    pub(super) fn finish(
        self,
        pupils: &PupilIndex,
        changes: &mut Changes,
    ) -> Result<ClassCells, ImportError> {
        let school = self.school.id;
        if self.replace {
            changes.removed = self.removed(pupils);
            self.report.kept_back = self.kept_back.names();
        }
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
