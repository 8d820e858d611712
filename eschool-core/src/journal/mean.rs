//! The weighted mean of marks.
