//! The core built alone for wasm32, a platform that has no system to ask anything of.
//!
//! Two ways to the platform's own library, whichever the machine offers: rustup's, or a build of
//! `core` and `alloc` from the source Debian keeps for its web browsers.

use std::path::Path;
use std::process::Command;

use super::CORE;
use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// The platform of web pages.
pub(crate) const PLATFORM: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    if has_rustup_library() || (add_rustup_library() && has_rustup_library()) {
        command::run(&mut build(workspace))?;
        return links_no_std(workspace);
    }
    provide_debian_rustc()?;
    println!("building with Debian's compiler: rustup offers no {PLATFORM} here");
    // Without `std` in the list nothing can lean on it, whatever a dependency asks for.
    let mut cargo = build(workspace);
    cargo.arg("-Zbuild-std=core,alloc");
    command::run(cargo.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1"))
}

/// The build in a folder of its own: it must neither use nor spoil what the workspace built.
fn build(workspace: &Workspace) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "-p", CORE, "--target", PLATFORM, "--target-dir"]);
    cargo.arg(workspace.target().join("purity"));
    cargo
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn has_rustup_library() -> bool {
    let place = command::probe(rustc().args(["--print", "target-libdir", "--target", PLATFORM]));
    place.is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

/// A closed network is no fault: the answer is then no, and the other way is taken.
fn add_rustup_library() -> bool {
    let added = command::run(Command::new("rustup").args(["target", "add", PLATFORM]));
    if let Err(stop) = &added {
        println!("{}", stop.reason());
    }
    added.is_ok()
}

/// rustup's library has a `std`, if an idle one, so the build alone does not show that nothing
/// uses it: the built crate has to say.
fn links_no_std(workspace: &Workspace) -> Outcome {
    let folder = workspace.target().join("purity").join(PLATFORM).join("debug");
    let library = folder.join(format!("lib{}.rlib", CORE.replace('-', "_")));
    let mut rustc = rustc();
    rustc.arg("-Zls=root").arg(library).env("RUSTC_BOOTSTRAP", "1");
    let linked = command::read(&mut rustc)?;
    let linked = linked_crates(&linked);
    if !linked.contains(&"core") {
        return Err(Stop::Failed("`rustc -Zls=root` does not list what is linked".to_owned()));
    }
    if linked.contains(&"std") {
        return Err(Stop::Failed(format!("{CORE} or a crate below it links `std`")));
    }
    println!("linked: {}", linked.join(", "));
    Ok(())
}

fn linked_crates(listing: &str) -> Vec<&str> {
    listing.lines().filter_map(linked_crate).collect()
}

/// The name in a line such as `2 alloc-497b1066d2ceb8c1 hash … kind Unconditional public`.
fn linked_crate(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    words.next()?.parse::<u32>().ok()?;
    words.next()?.rsplit_once('-').map(|(name, _)| name)
}

/// Sees to a second compiler with the source of its library, new enough for this workspace.
///
/// # Errors
/// [`Stop::Skipped`] if it cannot be had.
pub(crate) fn provide_debian_rustc() -> Outcome {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    if usable(needed).is_err() {
        debian::install(&["rustc-web", "rust-web-src"])?;
    }
    usable(needed).map_err(|reason| {
        Stop::Skipped(format!("no compiler for {PLATFORM}: rustup adds none, and {reason}"))
    })
}

fn usable(needed: &str) -> Result<(), String> {
    let version = command::probe(Command::new(DEBIAN_RUSTC).arg("--version"));
    let version = version.ok_or("Debian's does not run")?;
    let version = version.split_whitespace().nth(1).unwrap_or_default();
    if number(version) < number(needed) {
        return Err(format!("Debian's is {version}, older than the {needed} needed"));
    }
    let sysroot = command::probe(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]));
    let source = Path::new(sysroot.as_deref().unwrap_or_default().trim())
        .join("lib/rustlib/src/rust/library/core");
    if source.is_dir() { Ok(()) } else { Err("Debian's has no source of its library".to_owned()) }
}

/// Major and minor of `1.95` or `1.96.0`.
fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let table = [
            ("1.85.0", "1.95", true),
            ("1.95.0", "1.95", false),
            ("1.100.0", "1.95", false),
            ("2.0.0", "1.95", false),
            ("", "1.95", true),
        ];
        for (found, needed, older) in table {
            assert_eq!(number(found) < number(needed), older, "{found} against {needed}");
        }
    }

    #[test]
    fn reads_what_rustc_says_is_linked() {
        let listing = "\
Crate info:
name eschool_core-2b9bca9e04161553
=External Dependencies=
1 core-e1e3406830aa07ec hash 11d4 host_hash None kind Unconditional public
2 compiler_builtins-a8653b759c7b83b3 hash 0eab host_hash None kind Unconditional private
3 some-crate-0ed9af178e64d277 hash e096 host_hash None kind MacrosOnly public

";
        assert_eq!(linked_crates(listing), ["core", "compiler_builtins", "some-crate"]);
        assert_eq!(linked_crates("nothing of the kind"), [""; 0]);
    }
}
