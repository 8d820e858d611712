//! Installing what a step lacks, where the system is one that CI uses: Debian, as root.

use std::path::Path;
use std::process::Command;

use crate::command;
use crate::report::{Outcome, Stop};

/// Installs packages, saying so before.
///
/// # Errors
/// [`Stop::Skipped`] if this is no Debian, not root, or the packages cannot be had: the machine
/// lacks them, the project is not at fault.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    let wanted = packages.join(", ");
    if !Path::new("/etc/debian_version").exists() {
        return Err(Stop::Skipped(format!("{wanted} missing, and this is no Debian to add it")));
    }
    if !is_root() {
        return Err(Stop::Skipped(format!("{wanted} missing, and only root may add it")));
    }
    println!("installing Debian packages: {wanted}");
    // A foreign source that does not answer must not keep Debian's own packages away.
    if let Err(stop) = command::run(apt_get().arg("update")) {
        println!("{}; going on with the package lists at hand", stop.reason());
    }
    // A check may add to a machine, never take away from it.
    let quiet_install = ["install", "-y", "-q", "--no-install-recommends", "--no-remove"];
    command::run(apt_get().args(quiet_install).args(packages))
        .map_err(|stop| Stop::Skipped(format!("{wanted} missing: {}", stop.reason())))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    // A fresh machine often still runs its own first update.
    command.args(["-o", "DPkg::Lock::Timeout=120"]);
    command
}

/// Whether this program is run by root.
pub(crate) fn is_root() -> bool {
    command::probe(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
