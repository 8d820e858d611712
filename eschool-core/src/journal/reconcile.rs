//! How a second import compares marks with those already there.
