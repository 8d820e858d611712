//! The files, one function for each; the columns are those of the exchange format.

mod journal;
mod people;
mod school;

pub(super) use journal::{attendance, finals, individual_homework, lessons, marks};
pub(super) use people::{parents, pupils, staff};
pub(super) use school::{bells, calendar, periods, school, timetable};
