//! When an import is killed, and what is found then.

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Lines},
    process::{Child, ChildStdout, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::child::Task;
use crate::{HIDDEN_IMPORT, workspace::Workspace};

/// An import on its way.
pub(super) struct Running {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Starts the process that imports.
pub(super) fn start(workspace: &Workspace, task: &Task) -> Result<Running, Box<dyn Error>> {
    let mut process = workspace
        .xtask()
        .arg(HIDDEN_IMPORT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    serde_json::to_writer(process.stdin.take().ok_or("no way to tell the task")?, task)?;
    let lines = BufReader::new(process.stdout.take().ok_or("nothing to listen to")?).lines();
    Ok(Running { process, lines })
}

/// How an undisturbed import went.
pub(super) struct Course {
    /// How long it took from the beginning of the first transaction to its commit, from there to
    /// the next one, and so on.
    gaps: Vec<Duration>,
}

impl Course {
    /// Watches an import to its end.
    pub(super) fn of(mut import: Running) -> Result<Self, Box<dyn Error>> {
        let mut gaps = Vec::new();
        let mut last: Option<Instant> = None;
        for line in import.lines {
            line?;
            let now = Instant::now();
            gaps.extend(last.map(|last| now - last));
            last = Some(now);
        }
        let ended = import.process.wait()?;
        if !ended.success() || gaps.is_empty() {
            return Err(format!("the undisturbed import ended with {ended}").into());
        }
        Ok(Self { gaps })
    }

    /// How many commits there are.
    pub(super) fn commits(&self) -> usize {
        self.gaps.len()
    }

    /// After how many commits the import of this number is killed, and how long after the last.
    fn moment(&self, number: u16, of: u16) -> (usize, Duration) {
        // In the middle of the part of the way that is this kill's.
        let place = (f64::from(number) + 0.5) / f64::from(of) * self.gaps.len() as f64;
        let after = place as usize;
        let gap = self.gaps.get(after).copied().unwrap_or_default();
        (after, gap.mul_f64(place.fract()))
    }

    /// Kills an import at its moment, and counts the commits that it told.
    pub(super) fn kill(
        &self,
        mut import: Running,
        number: u16,
        of: u16,
    ) -> Result<usize, Box<dyn Error>> {
        let (after, wait) = self.moment(number, of);
        let mut told = 0;
        // The first line tells the beginning.
        while told <= after && import.lines.next().transpose()?.is_some() {
            told += 1;
        }
        sleep(wait);
        import.process.kill()?;
        import.process.wait()?;
        told += import.lines.map_while(Result::ok).count();
        Ok(told.saturating_sub(1))
    }
}

/// A kill, and what it left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kill {
    /// How many commits the import told.
    pub(super) told: usize,
    pub(super) found: Found,
}

/// What of a school is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    Nothing,
    /// So many bytes of its files.
    Part {
        bytes: usize,
    },
    All,
}

/// That no import told of a commit that is not there.
///
/// At a kill, one commit more may be there than was told, never one less. So whoever told more has
/// at least as much: an import writes the same rows in the same order.
pub(super) fn judge(kills: &[Kill], course: &Course) -> Result<(), String> {
    let mut kills = kills.to_vec();
    kills.sort_by_key(|kill| kill.told);
    let lost = |kill: &Kill| match kill.found {
        Found::Nothing => kill.told > 0,
        Found::Part { .. } => kill.told >= course.commits(),
        Found::All => false,
    };
    if let Some(kill) = kills.iter().find(|kill| lost(kill)) {
        return Err(format!("{} commits were told, and they are not all there", kill.told));
    }
    for (at, kill) in kills.iter().enumerate() {
        let later = kills.iter().skip(at + 1).filter(|later| later.told > kill.told);
        if let Some(later) = later.into_iter().find(|later| later.found < kill.found) {
            return Err(format!(
                "less is there after {} commits than after {}: one was lost",
                later.told, kill.told
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course() -> Course {
        Course { gaps: vec![Duration::from_secs(8), Duration::from_secs(2)] }
    }

    #[test]
    fn kills_are_spread_evenly_over_commits() {
        let moments: Vec<_> = (0..4).map(|number| course().moment(number, 4)).collect();
        let at = |after, seconds| (after, Duration::from_secs_f64(seconds));
        assert_eq!(moments, [at(0, 2.0), at(0, 6.0), at(1, 0.5), at(1, 1.5)]);
    }

    #[test]
    fn a_commit_that_was_told_and_is_not_there_is_found() {
        let kill = |told, found| Kill { told, found };
        let part = |bytes| Found::Part { bytes };
        let table = [
            (vec![kill(0, Found::Nothing), kill(0, part(5)), kill(1, part(5))], true),
            (vec![kill(1, part(5)), kill(2, Found::All), kill(1, Found::All)], true),
            (vec![kill(1, Found::Nothing)], false),
            (vec![kill(2, part(5))], false),
            (vec![kill(1, part(4)), kill(0, part(5))], false),
        ];
        for (kills, is_sound) in table {
            assert_eq!(judge(&kills, &course()).is_ok(), is_sound, "{kills:?}");
        }
    }
}
