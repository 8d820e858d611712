//! What the merge bench says.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{people::Regions, stats::Measured};

/// The figures of one run, in nanoseconds: what `cargo xtask bench` reads.
///
/// ```
/// use eschool_benches::{merge::Report, people::Regions, stats::Measured};
///
/// let report = Report::of(&Regions::of(10), Measured::of(vec![2e6, 3e6, 4e6]), None);
/// assert_eq!(report.to_string(), "10 × 10 people, 1 moves, 0 conflicts\nplan_merges 3.0 ms ± 1.0\n");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How many people each region has.
    pub each: usize,
    /// How many accounts move.
    pub moves: usize,
    /// How many conflicts there are.
    pub conflicts: usize,
    /// `plan_merges`.
    pub plan: Measured,
    /// The other side, if it was there.
    pub duckdb: Option<Beside>,
}

/// DuckDB's figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// Which DuckDB it is.
    pub version: String,
    /// The bare join on СНИЛС, which says no more than how many are in both.
    pub join: Measured,
    /// The join that gives the same moves and conflicts as the plan.
    pub plan: Measured,
    /// The same, by a statement that joins row numbers first and fetches the rest after.
    pub tuned: Measured,
}

impl Report {
    /// The figures about these people.
    #[must_use]
    pub fn of(regions: &Regions, plan: Measured, duckdb: Option<Beside>) -> Self {
        let (moves, conflicts) = (regions.same, regions.strangers);
        Self { each: regions.one.len(), moves, conflicts, plan, duckdb }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { each, moves, conflicts, plan, duckdb } = self;
        writeln!(f, "{each} × {each} people, {moves} moves, {conflicts} conflicts")?;
        let mut line = |what: &str, measured: &Measured, ratio: Option<f64>| {
            let (median, mad) = (measured.median / 1e6, measured.mad / 1e6);
            let ratio = ratio.map(|ratio| format!(", plan_merges is {ratio:.2}×"));
            writeln!(f, "{what} {median:.1} ms ± {mad:.1}{}", ratio.unwrap_or_default())
        };
        line("plan_merges", plan, None)?;
        if let Some(Beside { version, join, plan: same, tuned }) = duckdb {
            for (what, theirs) in
                [("same answer", same), ("same answer, tuned", tuned), ("bare join", join)]
            {
                line(
                    &format!("DuckDB {version}, {what}"),
                    theirs,
                    Some(plan.median / theirs.median),
                )?;
            }
        }
        Ok(())
    }
}
