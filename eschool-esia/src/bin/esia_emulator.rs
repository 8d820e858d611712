//! The emulator of ЕСИА as a program.

fn main() {}
