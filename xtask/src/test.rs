//! `cargo xtask test`: every check, one after another, and a table of what came of them.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, ValueEnum as _};

use crate::report::{self, Line, Report};
use crate::steps::Step;
use crate::workspace::Workspace;

/// Set up and run all checks.
///
/// A failed step does not stop the later ones. What a step needs and the machine lacks is
/// installed where that is possible (cargo, rustup, npm, and on Debian apt-get as root); where it
/// is not, the step is skipped with its reason. With CI=true in the environment a skip counts as
/// a failure; a step not asked for is no skip. ESCHOOL_SCHOOL_DATA names the folder with school-a
/// and school-b where it is not ../shared/data.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run these steps alone.
    #[arg(long, value_name = "STEP", num_args = 1.., value_delimiter = ',')]
    only: Vec<Step>,

    /// Leave these steps out.
    #[arg(long, value_name = "STEP", num_args = 1.., value_delimiter = ',')]
    skip: Vec<Step>,

    /// Print the steps in their order and stop.
    #[arg(long)]
    list: bool,
}

impl Options {
    /// The steps asked for, in the one order there is, whatever order they were named in.
    fn chosen(&self) -> Vec<Step> {
        let asked = |step: &Step| {
            (self.only.is_empty() || self.only.contains(step)) && !self.skip.contains(step)
        };
        Step::value_variants().iter().copied().filter(asked).collect()
    }
}

/// Runs the chore to its exit code.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let steps = options.chosen();
    if steps.is_empty() {
        eprintln!("error: --only and --skip together leave no step to run");
        return ExitCode::from(2);
    }
    if options.list {
        for step in steps {
            println!("{:8} {}", step.name(), step.what());
        }
        return ExitCode::SUCCESS;
    }

    let mut report = Report { lines: Vec::new(), ci: is_ci(std::env::var("CI").ok().as_deref()) };
    for (at, step) in steps.iter().enumerate() {
        let name = step.name();
        say(&format!("\nstep {}/{} {name}: {}", at + 1, steps.len(), step.what()));
        let started = Instant::now();
        let outcome = step.run(workspace);
        let took = started.elapsed();
        let reason = outcome.as_ref().err().map_or(String::new(), |e| format!(": {}", e.reason()));
        let word = report::word(&outcome);
        say(&format!("{name} {word} after {:.1} s{reason}", took.as_secs_f64()));
        report.lines.push(Line { step: name, outcome, took });
    }

    println!("\n{}", report.render());
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn is_ci(variable: Option<&str>) -> bool {
    variable == Some("true")
}

/// Says a line of our own so that it stands out among the tools' output.
fn say(line: &str) {
    if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        println!("\x1b[1m{line}\x1b[0m");
    } else {
        println!("{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choice_of_steps() {
        let all = Step::value_variants();
        let table: [(&[Step], &[Step], &[Step]); 5] = [
            (&[], &[], all),
            (&[Step::Tests, Step::Format], &[], &[Step::Format, Step::Tests]),
            (&[Step::Tests, Step::Format], &[Step::Tests], &[Step::Format]),
            (&[Step::Tests], &[Step::Tests], &[]),
            (&[], &all[1..], &all[..1]),
        ];
        for (only, skip, chosen) in table {
            let options = Options { only: only.to_vec(), skip: skip.to_vec(), list: false };
            assert_eq!(options.chosen(), chosen, "--only {only:?} --skip {skip:?}");
        }
    }

    #[test]
    fn ci_is_what_says_true() {
        let table =
            [(None, false), (Some(""), false), (Some("false"), false), (Some("true"), true)];
        for (variable, ci) in table {
            assert_eq!(is_ci(variable), ci, "CI={variable:?}");
        }
    }
}
