//! What the program `store` found out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::stats::Measured;

/// How a region fares in databases; times in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Schools that diaries were read of.
    pub schools: usize,
    /// Their pupils.
    pub pupils: usize,
    /// Readers at once.
    pub clients: usize,
    /// What a read takes of the time of all readers together: one by the rate.
    pub read: Measured,
    /// The same by pgbench: the same statements, prepared, in the same kind of transaction.
    pub pgbench: Measured,
    /// Half of the reads are over after this time.
    pub p50: Measured,
    /// Nineteen of twenty are.
    pub p95: Measured,
    /// People that were imported from files.
    pub people: usize,
    /// How long that took.
    pub import: Measured,
    /// How long inserting the same rows takes, a thousand a statement.
    pub inserts: Measured,
    /// Bytes that a pupil's year takes on PostgreSQL, indexes included.
    pub postgres_bytes: f64,
    /// The same on SQLite.
    pub sqlite_bytes: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |measured: &Measured| 1e9 / measured.median;
        let ms = |measured: &Measured| measured.median / 1e6;
        writeln!(f, "{} schools, {} pupils, {} readers", self.schools, self.pupils, self.clients)?;
        writeln!(
            f,
            "diary read: {:.0} a second, p50 {:.2} ms, p95 {:.2} ms",
            rate(&self.read),
            ms(&self.p50),
            ms(&self.p95)
        )?;
        writeln!(
            f,
            "pgbench: {:.0} a second; ours are {:.2} of it",
            rate(&self.pgbench),
            self.pgbench.median / self.read.median
        )?;
        writeln!(
            f,
            "import of {} people: {:.1} s, bare inserts {:.1} s: {:.2} times",
            self.people,
            ms(&self.import) / 1e3,
            ms(&self.inserts) / 1e3,
            self.import.median / self.inserts.median
        )?;
        writeln!(
            f,
            "a pupil's year: {:.0} kB on PostgreSQL, {:.0} kB on SQLite",
            self.postgres_bytes / 1e3,
            self.sqlite_bytes / 1e3
        )
    }
}
