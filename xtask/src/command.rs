//! Starting a tool and judging how it ended.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::report::{Outcome, Stop};

/// Runs a tool with its output going straight to the terminal.
///
/// # Errors
/// [`Stop::Failed`] if it does not start or does not end with success.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    println!("$ {shown}");
    // No chore may wait for an answer nobody is there to type.
    let status = command.stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Stop::Failed(format!("`{shown}` ended with {status}"))),
        Err(error) => Err(Stop::Failed(format!("`{shown}` did not start: {error}"))),
    }
}

/// Runs a tool for what it prints; its complaints still go to the terminal.
///
/// # Errors
/// [`Stop::Failed`] if it does not start, does not end with success or prints no UTF-8.
pub(crate) fn read(command: &mut Command) -> Result<String, Stop> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Stop::Failed(format!("`{shown}` did not start: {error}")))?;
    if !output.status.success() {
        return Err(Stop::Failed(format!("`{shown}` ended with {}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|error| Stop::Failed(format!("`{shown}` printed no UTF-8: {error}")))
}

/// Runs a tool for what it prints, in silence: what it says beside is told only if it fails.
///
/// # Errors
/// [`Stop::Failed`] with the end of what it said, if it does not start or end with success.
pub(crate) fn quietly(command: &mut Command) -> Result<String, Stop> {
    const TOLD: usize = 30;
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Stop::Failed(format!("`{shown}` did not start: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().collect();
        let end = lines.iter().skip(lines.len().saturating_sub(TOLD)).copied();
        let end = end.collect::<Vec<_>>().join("\n");
        return Err(Stop::Failed(format!("`{shown}` ended with {}:\n{end}", output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|error| Stop::Failed(format!("`{shown}` printed no UTF-8: {error}")))
}

/// Asks a tool something in silence; `None` if it is not there or does not answer.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

/// The command as a person would type it, with the program's path left out.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<_> =
        std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_command_without_the_programs_path() {
        let mut command = Command::new("/opt/tools/cargo");
        command.args(["fmt", "--check"]);
        assert_eq!(shown(&command), "cargo fmt --check");
    }

    #[test]
    fn a_silent_tool_is_heard_when_it_fails() {
        let said = quietly(Command::new("sh").args(["-c", "echo out; echo beside >&2"]));
        assert_eq!(said, Ok("out\n".to_owned()));
        let stop = quietly(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert!(stop.reason().ends_with("exit status: 3:\nwhy"), "{}", stop.reason());
    }

    #[test]
    fn a_missing_program_is_a_failure_that_names_it() {
        let outcome = run(Command::new("no-such-program-here").arg("--version"));
        let reason = outcome.unwrap_err().reason().to_owned();
        assert!(reason.contains("`no-such-program-here --version` did not start"), "{reason}");
        assert_eq!(probe(&mut Command::new("no-such-program-here")), None);
    }
}
