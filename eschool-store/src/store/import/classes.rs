//! The classes of the school year an import is about.

use std::collections::HashMap;

use eschool_core::{
    error::CodedError,
    id::{ClassId, SchoolId},
    journal::{ClassName, ClassNameError},
};

use crate::{
    ambient::Ambient,
    backend::SchoolClass,
    exchange::{RowError, Text, Texts},
};

/// The classes of one school year by name.
pub(super) struct Classes {
    school: SchoolId,
    year: i32,
    /// Whether the school has classes of a later year.
    is_past: bool,
    by_name: HashMap<ClassName, ClassId>,
    made: Vec<SchoolClass>,
}

impl Classes {
    pub(super) fn new(school: SchoolId, year: i32, stored: Vec<SchoolClass>) -> Self {
        let is_past = stored.iter().any(|class| class.year > year);
        let of_year = stored.into_iter().filter(|class| class.year == year);
        let by_name = of_year.map(|class| (class.name, class.id)).collect();
        Self { school, year, is_past, by_name, made: Vec::new() }
    }

    pub(super) fn get(&self, name: &ClassName) -> Option<ClassId> {
        self.by_name.get(name).copied()
    }

    pub(super) fn get_or_make(&mut self, name: &ClassName, ambient: &Ambient) -> ClassId {
        if let Some(class) = self.get(name) {
            return class;
        }
        let id = ClassId(ambient.new_id());
        self.by_name.insert(name.clone(), id);
        let (school, year) = (self.school, self.year);
        self.made.push(SchoolClass { id, school, year, name: name.clone() });
        id
    }

    pub(super) const fn year(&self) -> i32 {
        self.year
    }

    /// Whether another school year has followed that of the files.
    pub(super) const fn is_past(&self) -> bool {
        self.is_past
    }

    /// The names, and what was made.
    pub(super) fn into_parts(self) -> (ClassCells, Vec<SchoolClass>) {
        let names = self.by_name.iter().map(|(name, id)| (*id, name.clone())).collect();
        (ClassCells { by_name: self.by_name, names, cells: HashMap::new() }, self.made)
    }
}

/// Classes as cells name them; a cell is read once, however many rows have it.
pub(super) struct ClassCells {
    by_name: HashMap<ClassName, ClassId>,
    names: HashMap<ClassId, ClassName>,
    cells: HashMap<Text, Result<ClassId, ClassFault>>,
}

/// Why a cell names no class of the school.
#[derive(Clone, Copy)]
pub(super) enum ClassFault {
    Missing,
    Malformed(ClassNameError),
    NotFound,
}

impl ClassFault {
    pub(super) fn error(&self) -> &dyn CodedError {
        match self {
            Self::Missing => &RowError::ClassMissing,
            Self::Malformed(error) => error,
            Self::NotFound => &RowError::ClassNotFound,
        }
    }
}

impl ClassCells {
    pub(super) fn find(&mut self, cell: Text, texts: &Texts) -> Result<ClassId, ClassFault> {
        let by_name = &self.by_name;
        *self.cells.entry(cell).or_insert_with(|| {
            let text = texts.get(cell);
            if text.is_empty() {
                return Err(ClassFault::Missing);
            }
            let name: ClassName = text.parse().map_err(ClassFault::Malformed)?;
            by_name.get(&name).copied().ok_or(ClassFault::NotFound)
        })
    }

    pub(super) fn get(&self, name: &ClassName) -> Option<ClassId> {
        self.by_name.get(name).copied()
    }

    pub(super) fn name(&self, class: ClassId) -> Option<&ClassName> {
        self.names.get(&class)
    }

    /// Every class, by name.
    pub(super) fn in_order(&self) -> Vec<ClassId> {
        let mut classes: Vec<_> = self.by_name.iter().collect();
        classes.sort();
        classes.into_iter().map(|(_, id)| *id).collect()
    }
}
