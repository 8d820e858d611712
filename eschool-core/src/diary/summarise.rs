//! A term's subjects.
