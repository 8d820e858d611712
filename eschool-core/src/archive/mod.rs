//! The archive of a school year (*архив учебного года*): what a file of it holds, and when the year
//! may go from the database.
//!
//! A year that is over is written to a file, line by line, and later dropped; restored, everything
//! stands as it stood. What belongs to a school's year are the journals of its classes of that year
//! with the history of marks, the final marks of the year, the excuses that begin in it and the
//! events that were written in it. People, stays, subgroups and the timetable stay in the database:
//! the file names them for who reads it without one. The log of what was done belongs to no year.
//!
//! * `line`: what a line of the file is.
//! * `reading`: whether lines make an archive.
//! * `retention`: when a year may be archived and dropped, and how far that is.

mod line;
mod reading;
mod retention;

pub use self::{
    line::{
        ARCHIVE_VERSION, ArchiveEnd, ArchiveHeader, ArchiveLine, ArchivedChange, ArchivedClass,
        ArchivedExcuse, ArchivedHomework, ArchivedLesson, ArchivedPupil, ArchivedRemark,
    },
    reading::{ArchiveFault, ArchiveReading},
    retention::{DropOrder, RetentionError, YearState, is_of_year, may_archive, may_drop},
};

#[cfg(test)]
mod tests;
