//! A Swift toolchain: the machine's own, or that of Debian 13 in a folder of its own.
//!
//! Debian 12 has none. In the folder a library that was built outside runs too: it asks for no newer
//! system than the one it was built on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::debian;
use crate::report::Stop;
use crate::workspace::Workspace;

/// The first Debian with Swift.
const SUITE: &str = "trixie";
const PACKAGES: &str = "swiftlang,swiftlang-dev,libc6-dev,libstdc++-14-dev";
/// Where its compilers are.
const BIN: &str = "/usr/libexec/swift/bin";
/// Written last: a folder without it is a half of one.
const WHOLE: &str = "whole";

/// Mounts `/proc` and the folders that follow into the system of the first argument, each where it is
/// outside, and starts there what stands after `--`. The mounts are seen by that process alone and end
/// with it, however it ends.
const INSIDE: &str = r#"set -e
system=$1 at=$2
shift 2
mount -t proc proc "$system/proc"
while [ "$1" != -- ]; do
    mkdir -p "$system$1"
    mount --bind "$1" "$system$1"
    shift
done
shift
exec chroot "$system" /usr/bin/env --chdir="$at" HOME=/tmp "$@"
"#;

/// A toolchain.
pub(crate) struct Swift {
    /// The folder of the system it is in and the script that leads there, where it is not the machine's
    /// own.
    system: Option<(PathBuf, PathBuf)>,
    /// What is seen from there.
    folders: Vec<PathBuf>,
}

impl Swift {
    /// The toolchain of this machine; where there is none, one is made in the target folder.
    ///
    /// # Errors
    /// [`Stop::Skipped`] where the machine cannot have it.
    pub(crate) fn find(workspace: &Workspace) -> Result<Self, Stop> {
        // Programs of other makers are called `swift` too.
        if let Some(version) = command::probe(Command::new("swiftc").arg("--version")) {
            println!("Swift of this machine: {}", first_line(&version));
            return Ok(Self { system: None, folders: Vec::new() });
        }
        let tools = workspace.target().join("tools");
        let system = tools.join(SUITE);
        let whole = tools.join(format!("{SUITE}.{WHOLE}"));
        if fs::read_to_string(&whole).is_ok_and(|packages| packages == PACKAGES) {
            println!("Swift of Debian's {SUITE} is there: {}", system.display());
        } else {
            make(&system)?;
            write(&whole, PACKAGES)?;
        }
        let inside = tools.join("inside.sh");
        write(&inside, INSIDE)?;
        let mut folders = vec![workspace.root().to_owned()];
        if !workspace.target().starts_with(workspace.root()) {
            folders.push(workspace.target().to_owned());
        }
        let swift = Self { system: Some((system, inside)), folders };
        let version = command::quietly(swift.command(workspace.root(), "swift").arg("--version"));
        match version {
            Ok(version) => println!("{}", first_line(&version)),
            Err(stop) => {
                let reason = format!("nothing can be mounted here: {}", stop.reason());
                return Err(Stop::Skipped(reason));
            }
        }
        Ok(swift)
    }

    /// A program of the toolchain, or one that it built, started in a folder.
    pub(crate) fn command(&self, folder: &Path, program: &str) -> Command {
        let Some((system, inside)) = &self.system else {
            let mut command = Command::new(program);
            command.current_dir(folder);
            return command;
        };
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh"]).arg(inside);
        command.arg(system).arg(folder).args(&self.folders);
        command.args(["--", &format!("PATH={BIN}:/usr/bin:/bin"), "LC_ALL=C.UTF-8", program]);
        command
    }
}

fn write(file: &Path, text: &str) -> Result<(), Stop> {
    fs::write(file, text).map_err(|error| Stop::Failed(format!("{}: {error}", file.display())))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Makes the system, in a minute.
fn make(system: &Path) -> Result<(), Stop> {
    let missing = "there is no Swift, and";
    if !Path::new("/etc/debian_version").exists() {
        return Err(Stop::Skipped(format!("{missing} this is no Debian to take it from")));
    }
    if !debian::is_root() {
        return Err(Stop::Skipped(format!("{missing} only root may make the folder for it")));
    }
    if command::probe(Command::new("debootstrap").arg("--version")).is_none() {
        debian::install(&["debootstrap"])?;
    }
    if system.exists() {
        fs::remove_dir_all(system)
            .map_err(|error| Stop::Failed(format!("{}: {error}", system.display())))?;
    }
    println!("making {} with Swift of Debian's {SUITE}, which takes a minute", system.display());
    let include = format!("--include={PACKAGES}");
    // What it mounts on its way ends with it, too.
    let mut debootstrap = Command::new("unshare");
    debootstrap.args(["--mount", "--propagation", "private", "debootstrap", "--variant=minbase"]);
    debootstrap.args([&include, SUITE]).arg(system);
    command::quietly(&mut debootstrap).map(|_| ()).map_err(|stop| {
        Stop::Skipped(format!("{missing} Debian's cannot be had: {}", stop.reason()))
    })
}
