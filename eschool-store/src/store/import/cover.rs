//! What files are about, so that what they no longer hold of it can be removed.

use std::collections::HashSet;

use chrono::NaiveDate;
use eschool_core::{calendar::DateRange, id::ClassId, journal::ClassName};

use crate::exchange::FileKind;

/// The files and classes of which nothing is removed: a row of theirs was refused, and nobody can
/// tell which of the rows that are there it stands for.
#[derive(Clone, Default)]
pub(super) struct KeptBack {
    classes: HashSet<(FileKind, ClassId)>,
    files: HashSet<FileKind>,
}

impl KeptBack {
    pub(super) fn keep(&mut self, file: FileKind, class: ClassId) {
        self.classes.insert((file, class));
    }

    /// Keeps the class that a cell names; where it names none, the whole file.
    pub(super) fn keep_named(
        &mut self,
        file: FileKind,
        cell: &str,
        find: impl FnOnce(&ClassName) -> Option<ClassId>,
    ) {
        match cell.parse().ok().as_ref().and_then(find) {
            Some(class) => self.keep(file, class),
            None => drop(self.files.insert(file)),
        }
    }

    pub(super) fn holds(&self, file: FileKind, class: ClassId) -> bool {
        self.files.contains(&file) || self.classes.contains(&(file, class))
    }

    /// The names of the files, in the order of reading.
    pub(super) fn names(&self) -> Vec<String> {
        let held = |file: &FileKind| {
            self.files.contains(file) || self.classes.iter().any(|(of, _)| of == file)
        };
        FileKind::ALL.into_iter().filter(held).map(|file| file.name().into()).collect()
    }
}

/// From the first to the last day of some rows.
pub(super) fn span(days: impl Iterator<Item = NaiveDate>) -> Option<DateRange> {
    let (first, last) = days.fold((None, None), |(first, last): (Option<_>, Option<_>), day| {
        (Some(first.map_or(day, |f: NaiveDate| f.min(day))), last.max(Some(day)))
    });
    DateRange::new(first?, last?).ok()
}
