//! What teachers fill (*классный журнал*): lessons, works, marks, attendance, final marks.

mod attendance;
mod class;
mod finals;
mod lesson;
mod mark;
mod mean;
mod reconcile;
mod work;

pub use attendance::{Attendance, AttendanceClass, AttendanceCodes, AttendanceError};
pub use class::{ClassName, ClassNameError, Stay, Subgroup, SubgroupMembership};
pub use finals::{FinalKind, FinalMark};
pub use lesson::{Homework, IndividualHomework, Lesson, Material};
pub use mark::{Mark, MarkValue, MarkValueError, Points, Sign};
pub use mean::Mean;
pub use reconcile::{MarkChanges, reconcile_marks};
pub use work::{Weight, WeightError, Work, WorkKind};
