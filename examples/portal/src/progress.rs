//! How far a long chore is, on stderr.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar in a terminal; elsewhere a line each stage, so that a log tells what was being done.
pub(crate) struct Shown(Form);

enum Form {
    Bar(ProgressBar),
    Lines { chore: &'static str, last: Option<&'static str> },
}

impl Shown {
    /// Of this chore, as a line begins with it: `Загрузка`.
    pub(crate) fn new(chore: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Self(Form::Lines { chore, last: None });
        }
        let bar = ProgressBar::new(100);
        if let Ok(style) = ProgressStyle::with_template("{msg:20} {bar:40} {percent:>3} %") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(Form::Bar(bar))
    }

    /// Shows how many hundredths of a stage are done.
    pub(crate) fn show(&mut self, stage: &'static str, percent: u8) {
        match &self.0 {
            Form::Bar(bar) => {
                bar.set_message(stage);
                bar.set_position(percent.into());
            }
            Form::Lines { .. } => {
                if let Some(line) = self.line(stage) {
                    // nothing is left to do where stderr is closed
                    let _ = writeln!(io::stderr(), "{line}");
                }
            }
        }
    }

    /// The line that begins a stage; none within one, and none in a terminal.
    fn line(&mut self, stage: &'static str) -> Option<String> {
        let Form::Lines { chore, last } = &mut self.0 else { return None };
        let is_new = last.replace(stage) != Some(stage);
        is_new.then(|| format!("{chore}: {stage}"))
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Form::Bar(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_each_stage_is_a_line() {
        let mut shown = Shown(Form::Lines { chore: "Загрузка", last: None });
        let stages = ["чтение файлов", "чтение файлов", "журналы"];
        let told: Vec<_> = stages.iter().filter_map(|stage| shown.line(stage)).collect();
        assert_eq!(told, ["Загрузка: чтение файлов", "Загрузка: журналы"]);
    }
}
