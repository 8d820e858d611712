//! Pupils by the names that rows call them.

use std::collections::HashMap;

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId},
    identity::{FullName, fold_name},
    journal::{Stay, Subgroup, SubgroupMembership},
};

use crate::exchange::{RowError, Text, Texts};

/// The pupils of a school by folded full name.
pub(super) struct PupilIndex {
    by_name: HashMap<String, Vec<Pupil>>,
    classes: HashMap<AccountId, Vec<ClassId>>,
}

/// A pupil with every stay and part.
pub(super) struct Pupil {
    pub(super) account: AccountId,
    stays: Vec<Stay>,
    parts: Vec<SubgroupMembership>,
}

impl PupilIndex {
    pub(super) fn new<'n>(
        stays: impl Iterator<Item = Stay>,
        parts: impl Iterator<Item = SubgroupMembership>,
        name: impl Fn(AccountId) -> Option<&'n FullName>,
    ) -> Self {
        let mut pupils: HashMap<AccountId, Pupil> = HashMap::new();
        for stay in stays {
            let new = || Pupil { account: stay.pupil, stays: Vec::new(), parts: Vec::new() };
            pupils.entry(stay.pupil).or_insert_with(new).stays.push(stay);
        }
        for part in parts {
            if let Some(pupil) = pupils.get_mut(&part.pupil) {
                pupil.parts.push(part);
            }
        }
        let of_stays = |pupil: &Pupil| pupil.stays.iter().map(|stay| stay.class).collect();
        let classes = pupils.iter().map(|(id, pupil)| (*id, of_stays(pupil))).collect();
        let mut by_name: HashMap<String, Vec<Pupil>> = HashMap::with_capacity(pupils.len());
        for pupil in pupils.into_values() {
            if let Some(name) = name(pupil.account) {
                by_name.entry(name.folded()).or_default().push(pupil);
            }
        }
        Self { by_name, classes }
    }

    /// The classes that a pupil was in.
    pub(super) fn classes_of(&self, pupil: AccountId) -> impl Iterator<Item = ClassId> {
        let stays = self.classes.get(&pupil).map_or(&[][..], Vec::as_slice);
        stays.iter().copied()
    }

    /// The pupils who are or were in a class.
    pub(super) fn of_class(&self, class: ClassId) -> Vec<AccountId> {
        let pupils = self.classes.iter().filter(|(_, classes)| classes.contains(&class));
        pupils.map(|(pupil, _)| *pupil).collect()
    }

    /// The pupils of this name.
    pub(super) fn named(&self, name: &str) -> &[Pupil] {
        self.by_name.get(&fold_name(name)).map_or(&[], Vec::as_slice)
    }

    /// The one pupil of this name who is or was in the class.
    pub(super) fn child(&self, name: &str, class: ClassId) -> Result<AccountId, RowError> {
        let mut found = self.named(name).iter().filter(|pupil| pupil.was_in(class));
        match (found.next(), found.next()) {
            (Some(child), None) => Ok(child.account),
            (None, _) => Err(RowError::ChildNotFound),
            (Some(_), Some(_)) => Err(RowError::ChildAmbiguous),
        }
    }
}

/// Pupils as the cells of a file name them; a cell is folded once, however many rows have it.
pub(super) struct PupilCells<'p> {
    index: &'p PupilIndex,
    cells: HashMap<Text, &'p [Pupil]>,
}

impl<'p> PupilCells<'p> {
    pub(super) fn new(index: &'p PupilIndex) -> Self {
        Self { index, cells: HashMap::new() }
    }

    /// The one pupil of this name for whom `fits` holds.
    pub(super) fn find(
        &mut self,
        cell: Text,
        texts: &Texts,
        fits: impl Fn(&Pupil) -> bool,
    ) -> Result<&'p Pupil, RowError> {
        let index = self.index;
        let named = *self.cells.entry(cell).or_insert_with(|| index.named(texts.get(cell)));
        if named.is_empty() {
            return Err(RowError::PupilNotFound);
        }
        let mut found = named.iter().filter(|pupil| fits(pupil));
        match (found.next(), found.next()) {
            (Some(pupil), None) => Ok(pupil),
            (None, _) => Err(RowError::NotInClass),
            (Some(_), Some(_)) => Err(RowError::PupilAmbiguous),
        }
    }
}

impl Pupil {
    pub(super) fn was_in(&self, class: ClassId) -> bool {
        self.stays.iter().any(|stay| stay.class == class)
    }

    pub(super) fn is_in(&self, class: ClassId, day: NaiveDate) -> bool {
        self.stays.iter().any(|stay| stay.class == class && stay.holds_on(day))
    }

    /// Whether the pupil is in this part of the class: by the memberships that name the subject, or
    /// by those for every subject where none names it on that day; as in a diary.
    pub(super) fn is_in_part(
        &self,
        class: ClassId,
        part: &Subgroup,
        subject: &str,
        day: NaiveDate,
    ) -> bool {
        let (mut named, mut in_named, mut in_general) = (false, false, false);
        let here = self.parts.iter().filter(|held| held.class == class && held.holds_on(day));
        for held in here {
            let matches = held.subgroup == *part;
            match held.subject.as_deref() {
                None => in_general |= matches,
                Some(of) if of == subject => {
                    named = true;
                    in_named |= matches;
                }
                Some(_) => {}
            }
        }
        if named { in_named } else { in_general }
    }
}
