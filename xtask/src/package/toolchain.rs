//! What it takes to build the wasm modules.
//!
//! Rust's own library is built along from its source: ready-made it brings texts for panics and code
//! that is fast and long, a third of what a page would download.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::debian;
use crate::report::Stop;
use crate::steps::{PLATFORM, provide_debian_rustc};
use crate::workspace::Workspace;

/// A compiler that has the source of its library.
pub(super) struct Toolchain {
    /// Debian's, where rustup offers no source.
    debian: bool,
}

pub(super) fn provide() -> Result<Toolchain, Stop> {
    if command::probe(Command::new("wasm-opt").arg("--version")).is_none() {
        debian::install(&["binaryen"])?;
    }
    if has_source() || (add_source() && has_source()) {
        println!("building Rust's library from rustup's source");
        return Ok(Toolchain { debian: false });
    }
    provide_debian_rustc()?;
    println!("building Rust's library from Debian's source: rustup offers none here");
    Ok(Toolchain { debian: true })
}

fn sysroot() -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = command::probe(Command::new(rustc).args(["--print", "sysroot"]))?;
    Some(Path::new(folder.trim()).to_path_buf())
}

fn has_source() -> bool {
    sysroot().is_some_and(|root| root.join("lib/rustlib/src/rust/library/core").is_dir())
}

/// A closed network is no fault: the answer is then no, and the other way is taken.
fn add_source() -> bool {
    let added = command::run(Command::new("rustup").args(["component", "add", "rust-src"]));
    if let Err(stop) = &added {
        println!("{}", stop.reason());
    }
    added.is_ok()
}

impl Toolchain {
    /// The built module.
    pub(super) fn build(
        &self,
        workspace: &Workspace,
        features: Option<&str>,
    ) -> Result<PathBuf, Stop> {
        let folder = workspace.target().join("wasm");
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--package", "eschool-wasm", "--profile", "wasm"]);
        cargo.args(["--target", PLATFORM, "--target-dir"]).arg(&folder);
        cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        cargo.args(features.iter().flat_map(|features| ["--features", features]));
        // A panic ends the module without a word: nothing here panics, and the words are long.
        // The binaryen of Debian 12 takes one table for another where there are two.
        let flags = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none \
                     -Ctarget-feature=-reference-types";
        cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", flags);
        if self.debian {
            cargo.env("RUSTC", "/usr/bin/rustc");
            if let Some(linker) = linker() {
                cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
        command::run(&mut cargo)?;
        Ok(folder.join(PLATFORM).join("wasm").join("eschool_wasm.wasm"))
    }
}

/// The linker that comes with rustup's compiler: Debian's has none for this platform.
fn linker() -> Option<PathBuf> {
    let host = format!("lib/rustlib/{}-unknown-linux-gnu/bin/rust-lld", std::env::consts::ARCH);
    sysroot().map(|root| root.join(host)).filter(|linker| linker.is_file())
}
