//! A diary's days.
