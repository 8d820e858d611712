//! A Python with packages of PyPI, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};

/// Makes a Python in a folder, whatever was there before, and installs packages: the arguments of
/// `pip install`.
///
/// # Errors
/// [`Stop::Skipped`] if Python or the packages cannot be had: the project is not at fault.
pub(crate) fn make(folder: &Path, packages: &[&str]) -> Result<PathBuf, Stop> {
    let venv = || -> Outcome {
        command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))
    };
    // Debian's Python can make no such folder without a package of its own.
    if venv().is_err() {
        debian::install(&["python3-venv"])?;
        venv().map_err(|stop| Stop::Skipped(format!("no Python: {}", stop.reason())))?;
    }
    let python = at(folder);
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    command::run(Command::new(&python).args(install).args(packages))
        .map_err(|stop| Stop::Skipped(format!("packages of Python: {}", stop.reason())))?;
    Ok(python)
}

/// The Python of a folder, whether it is there or not.
pub(crate) fn at(folder: &Path) -> PathBuf {
    folder.join("bin").join("python")
}
