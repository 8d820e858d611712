//! Whose evidence a member of staff may see.

use alloc::vec::Vec;

use crate::id::{ClassId, SchoolId};

/// What somebody who holds a case code may see of the evidence, by one of their offices.
///
/// ```
/// use eschool_core::{diagnosis::DiagnosisScope, id::{ClassId, SchoolId}};
///
/// let id = uuid::Uuid::from_u128;
/// let (school, other, class) = (SchoolId(id(1)), SchoolId(id(2)), ClassId(id(3)));
/// let teacher = DiagnosisScope::ClassTeacher { school, classes: vec![class] };
/// assert!(teacher.sees(school, &[class]));
/// assert!(!teacher.sees(school, &[]));
/// assert!(!DiagnosisScope::School(school).sees(other, &[class]));
/// assert!(DiagnosisScope::Support.sees(other, &[]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiagnosisScope {
    /// A class teacher: what concerns the classes led.
    ClassTeacher {
        /// The school.
        school: SchoolId,
        /// The classes led.
        classes: Vec<ClassId>,
    },
    /// A registrar or an administrator: the whole of their own school.
    School(SchoolId),
    /// Technical support: every school.
    Support,
}

impl DiagnosisScope {
    /// Whether evidence of this school, about somebody of these classes, may be seen.
    #[must_use]
    pub fn sees(&self, school: SchoolId, classes: &[ClassId]) -> bool {
        match self {
            Self::ClassTeacher { school: own, classes: led } => {
                *own == school && classes.iter().any(|class| led.contains(class))
            }
            Self::School(own) => *own == school,
            Self::Support => true,
        }
    }

    /// How far it reaches.
    pub(super) const fn reach(&self) -> Reach {
        match self {
            Self::ClassTeacher { .. } => Reach::Classes,
            Self::School(_) => Reach::School,
            Self::Support => Reach::Schools,
        }
    }
}

/// How far somebody sees, the least first: whom they would pass a case on to depends on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    Classes,
    School,
    Schools,
}
