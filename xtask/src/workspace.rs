//! Where the workspace lies and how its cargo is called.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::report::Stop;

/// What every step needs to know of the place it runs in.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    /// Kept from the start: a later build replaces the file, and the system then no longer
    /// gives a usable path for the running program.
    this_program: PathBuf,
}

impl Workspace {
    /// The workspace this program was built in.
    ///
    /// # Errors
    /// [`Stop::Failed`] if cargo cannot describe it.
    pub(crate) fn here() -> Result<Self, Stop> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own).to_path_buf();
        let this_program = std::env::current_exe()
            .map_err(|error| Stop::Failed(format!("no path to this program: {error}")))?;
        let metadata = command::read(cargo(&root).args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--quiet",
        ]))?;
        let target = target_directory(&metadata)
            .ok_or_else(|| Stop::Failed("`cargo metadata` names no target directory".to_owned()))?;
        Ok(Self { root, target, this_program })
    }

    /// The folder of the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder cargo builds into.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// `cargo`, the same that runs this program, started in the root.
    pub(crate) fn cargo(&self) -> Command {
        cargo(&self.root)
    }

    /// This program itself, for a chore that is a step of another one.
    pub(crate) fn xtask(&self) -> Command {
        let mut command = Command::new(&self.this_program);
        command.current_dir(&self.root);
        command
    }
}

fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

fn target_directory(metadata: &str) -> Option<PathBuf> {
    let metadata: serde_json::Value = serde_json::from_str(metadata).ok()?;
    metadata.get("target_directory")?.as_str().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_directory_comes_from_the_metadata() {
        let table = [
            (r#"{"packages":[],"target_directory":"/x/target"}"#, Some("/x/target")),
            (r#"{"packages":[]}"#, None),
            (r#"{"target_directory":1}"#, None),
            ("not json", None),
        ];
        for (metadata, expected) in table {
            assert_eq!(target_directory(metadata), expected.map(PathBuf::from), "{metadata}");
        }
    }
}
