//! What teachers fill (*классный журнал*): lessons, works, marks, attendance, remarks, final marks.
//!
//! Here are the rows and the rules of single values: what is a mark, what a weight, what a mean,
//! what a file changes, what a mark was before, which debt is closed, how a school counts,
//! which rows cannot stand together. What rows mean together for one pupil is the [`diary`](crate::diary)'s.

mod attendance;
mod bonds;
mod check;
mod class;
mod debt;
mod enrolment;
mod excuse;
mod finals;
mod finals_page;
mod grading;
mod history;
mod lesson;
mod listed;
mod mark;
mod mean;
mod new_year;
mod page;
mod place;
mod reconcile;
mod remark;
mod stay;
mod teacher;
mod work;

pub use attendance::{
    Attendance, AttendanceClass, AttendanceCodes, AttendanceCodesError, AttendanceError,
};
pub use bonds::{BondThere, bond_after, bond_there, stricter_bond};
pub use check::{JournalError, JournalFault, JournalRow, JournalRows, check_journal};
pub use class::{ClassName, ClassNameError, Subgroup};
pub use debt::closed_debts;
pub use enrolment::{
    Enrolment, EnrolmentError, came_from, enrol, is_read_elsewhere, leave_school, move_pupil,
    not_handed_over,
};
pub use excuse::{Accepted, Excuse, ExcuseError, excuse_new_absences, excused_by};
pub use finals::{FinalKind, FinalMark};
pub use finals_page::{FinalsError, FinalsPage, WrittenFinals, write_finals};
pub use grading::{Grading, GradingError};
pub use history::{Corrected, Correction, HistoryError, MarkHistory, MarkRevision};
pub use lesson::{Homework, IndividualHomework, Lesson, Material};
pub use listed::ListedStay;
pub use mark::{Mark, MarkValue, MarkValueError, Points, Sign};
pub use mean::{Mean, MeanError};
pub use new_year::{
    CarriedOver, ClassPlan, NewYear, NewYearPlan, YearClass, YearConflict, YearGap, YearRows,
    plan_new_year,
};
pub use page::{
    Around, AttendanceDraft, HomeworkDraft, LateMarkDraft, LessonDraft, LessonPage, MarkDraft,
    PageError, RemarkDraft, WorkDraft, Writing, Written, write_lesson,
};
pub(crate) use place::{Place, Spot};
pub use reconcile::{
    ChangedMark, ExistingMark, KeptMark, MarkChanges, MarkContent, WorkKey, reconcile_marks,
};
pub use remark::Remark;
pub use stay::{Stay, SubgroupMembership, classes_on, last_day_of, stay_on};
pub use teacher::{giver_of, teacher_of};
pub use work::{Weight, WeightError, Work, WorkKind};

#[cfg(test)]
mod tests;
