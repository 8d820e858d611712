//! A strict ЕСИА of one's own.
