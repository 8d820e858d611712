//! What people read: the core's values as Russian text, in one place.
//!
//! A view model holds ready text and yes-or-no, so that a template only lays it out. Dates, times,
//! numbers and words of a state are put into Russian here and nowhere else; a rule of the diary
//! never is: that is the core's.

pub(crate) mod attendance;
pub(crate) mod date;
pub(crate) mod home;
pub(crate) mod lesson;
pub(crate) mod mark;
pub(crate) mod number;
pub(crate) mod refusal;
pub(crate) mod term;
pub(crate) mod week;
pub(crate) mod who;

/// The space at which no line is broken.
pub(crate) const NBSP: char = '\u{a0}';
