//! What came of the steps: one outcome each, a table, the verdict over all.

use std::fmt::Write as _;
use std::time::Duration;

/// How a step ended: it passed, or it stopped for a reason.
pub(crate) type Outcome = Result<(), Stop>;

/// Why a step did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// What was checked is wrong.
    Failed(String),
    /// It could not be checked here.
    Skipped(String),
}

impl Stop {
    /// The reason in words.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Failed(reason) | Self::Skipped(reason) => reason,
        }
    }

    /// The same stop with `subject` named before its reason.
    pub(crate) fn about(self, subject: &str) -> Self {
        match self {
            Self::Failed(reason) => Self::Failed(format!("{subject}: {reason}")),
            Self::Skipped(reason) => Self::Skipped(format!("{subject}: {reason}")),
        }
    }
}

/// Joins the outcomes of a step's parts: every failure is named; where none failed, every skip.
pub(crate) fn all(parts: impl IntoIterator<Item = Outcome>) -> Outcome {
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    for stop in parts.into_iter().filter_map(Result::err) {
        match stop {
            Stop::Failed(reason) => failed.push(reason),
            Stop::Skipped(reason) => skipped.push(reason),
        }
    }
    if !failed.is_empty() {
        Err(Stop::Failed(failed.join("; ")))
    } else if !skipped.is_empty() {
        Err(Stop::Skipped(skipped.join("; ")))
    } else {
        Ok(())
    }
}

/// The word for an outcome.
pub(crate) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(()) => "passed",
        Err(Stop::Failed(_)) => "FAILED",
        Err(Stop::Skipped(_)) => "skipped",
    }
}

/// One step that was asked for.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) step: String,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
}

/// All steps that were asked for, and whether a skip may pass.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) lines: Vec<Line>,
    /// On a CI machine everything can be installed, so what is not checked is a fault.
    pub(crate) ci: bool,
}

impl Report {
    /// Whether nothing failed and, under CI, nothing was skipped.
    pub(crate) fn is_good(&self) -> bool {
        let (_, failed, skipped) = self.counts();
        failed == 0 && !(self.ci && skipped > 0)
    }

    /// The table, then the closing line, alone and last, for whoever reads it by program.
    pub(crate) fn render(&self) -> String {
        let width = self.lines.iter().map(|line| line.step.len()).max().unwrap_or(0);
        let mut text = String::new();
        for Line { step, outcome, took } in &self.lines {
            let (word, seconds) = (word(outcome), took.as_secs_f64());
            let reason = outcome.as_ref().err().map_or("", Stop::reason);
            let row = format!("{step:width$}  {word:7}  {seconds:7.1} s  {reason}");
            let _ = writeln!(text, "{}", row.trim_end());
        }
        let (passed, failed, skipped) = self.counts();
        if self.ci && skipped > 0 {
            text.push_str("\nCI=true: a skipped step counts as a failure.\n");
        }
        let _ = write!(text, "\n{passed} passed, {failed} failed, {skipped} skipped");
        text
    }

    fn counts(&self) -> (usize, usize, usize) {
        self.lines.iter().fold((0, 0, 0), |(passed, failed, skipped), line| match line.outcome {
            Ok(()) => (passed + 1, failed, skipped),
            Err(Stop::Failed(_)) => (passed, failed + 1, skipped),
            Err(Stop::Skipped(_)) => (passed, failed, skipped + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(reason: &str) -> Outcome {
        Err(Stop::Failed(reason.to_owned()))
    }

    fn skipped(reason: &str) -> Outcome {
        Err(Stop::Skipped(reason.to_owned()))
    }

    fn report(outcomes: &[Outcome], ci: bool) -> Report {
        let line = |(at, outcome): (usize, &Outcome)| Line {
            step: format!("step-{at}"),
            outcome: outcome.clone(),
            took: Duration::from_millis(1250),
        };
        Report { lines: outcomes.iter().enumerate().map(line).collect(), ci }
    }

    #[test]
    fn verdict_and_closing_line() {
        let table = [
            (vec![], false, true, "0 passed, 0 failed, 0 skipped"),
            (vec![Ok(())], true, true, "1 passed, 0 failed, 0 skipped"),
            (vec![Ok(()), failed("x")], false, false, "1 passed, 1 failed, 0 skipped"),
            (vec![Ok(()), skipped("x")], false, true, "1 passed, 0 failed, 1 skipped"),
            (vec![Ok(()), skipped("x")], true, false, "1 passed, 0 failed, 1 skipped"),
            (vec![failed("x"), skipped("y")], true, false, "0 passed, 1 failed, 1 skipped"),
        ];
        for (outcomes, ci, good, closing) in table {
            let report = report(&outcomes, ci);
            assert_eq!(report.is_good(), good, "{outcomes:?}, CI={ci}");
            assert_eq!(report.render().lines().last(), Some(closing), "{outcomes:?}, CI={ci}");
        }
    }

    #[test]
    fn table_names_every_reason() {
        let outcomes = [Ok(()), failed("two lints"), skipped("no browser")];
        let text = report(&outcomes, true).render();
        let expected = "\
step-0  passed       1.2 s
step-1  FAILED       1.2 s  two lints
step-2  skipped      1.2 s  no browser

CI=true: a skipped step counts as a failure.

1 passed, 1 failed, 1 skipped";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_skip_is_mentioned_as_a_fault_only_under_ci() {
        assert!(!report(&[skipped("x")], false).render().contains("CI=true"));
        assert!(!report(&[failed("x")], true).render().contains("CI=true"));
    }

    #[test]
    fn parts_join() {
        let table = [
            (vec![], Ok(())),
            (vec![Ok(()), Ok(())], Ok(())),
            (vec![skipped("a"), Ok(()), skipped("b")], skipped("a; b")),
            (vec![failed("a"), skipped("b"), failed("c")], failed("a; c")),
        ];
        for (parts, joined) in table {
            assert_eq!(all(parts.clone()), joined, "{parts:?}");
        }
    }
}
