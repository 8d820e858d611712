//! The checks of `cargo xtask test`, one module each where it takes more than a call of cargo.
//!
//! They do not rest on each other: each builds what it needs, so that any of them runs alone. What two of
//! them need, as the npm package, is made once.

mod browser;
mod deny;
mod docs;
mod foreign;
mod gateway;
mod gost;
pub(crate) mod kotlin;
mod native;
mod postgres;
mod purity;
mod schools;
pub(crate) mod swift;
mod typescript;

use clap::ValueEnum;
pub(crate) use purity::{PLATFORM, provide_debian_rustc};
pub(crate) use schools::folder as school_data;

use crate::command;
use crate::report::Outcome;
use crate::workspace::Workspace;

/// A check. The order here is the order of running: what fails soonest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// the source is laid out as rustfmt does it
    Format,
    /// licences, bans and sources of all dependencies (cargo-deny)
    Deny,
    /// eschool-core has few dependencies, none impure, and builds alone for wasm32
    Purity,
    /// clippy has nothing to say
    Clippy,
    /// the documentation builds without a warning, every public type of the core with an example
    Docs,
    /// unit, integration and documentation tests
    Tests,
    /// the store passes its suite on a private PostgreSQL, or on the one ESCHOOL_TEST_PG_URL names
    Postgres,
    /// ГОСТ signatures agree with OpenSSL's gost engine, both ways
    Gost,
    /// the client signs in through a standard OpenID provider that is not ours
    Gateway,
    /// a client of ЕСИА that others wrote signs in at the emulator
    Foreign,
    /// whole schools are imported and compared with what is expected of them
    Schools,
    /// the Swift package is compiled and tested with Swift's own tools, and the example on it
    Swift,
    /// the portal is used in a headless Chromium, its forms with the npm package
    Browser,
    /// the Kotlin package is compiled and tested on a JVM, and its program prints the portal's diaries
    Kotlin,
    /// the npm package is made, type-checked and used in Node and in a headless Chromium
    Typescript,
}

impl Step {
    /// The name it has on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What it checks, in a few words.
    pub(crate) fn what(self) -> String {
        let help = self.to_possible_value().and_then(|value| value.get_help().cloned());
        help.map_or_else(String::new, |help| help.to_string())
    }

    /// Runs it.
    ///
    /// # Errors
    /// The reason why it failed or could not be run here.
    pub(crate) fn run(self, workspace: &Workspace) -> Outcome {
        let mut cargo = workspace.cargo();
        match self {
            Self::Format => command::run(cargo.args(["fmt", "--all", "--check"])),
            Self::Deny => deny::run(workspace),
            Self::Purity => purity::run(workspace),
            Self::Clippy => {
                // Features that every other step turns on must be optional in truth.
                for (package, features) in [
                    ("eschool-store", &["--no-default-features"][..]),
                    ("eschool-store", &["--features", "exchange"]),
                    ("eschool-store", &["--no-default-features", "--features", "postgres"]),
                    ("eschool-esia", &[]),
                ] {
                    let mut check = workspace.cargo();
                    check.args(["check", "--package", package]).args(features);
                    command::run(&mut check)?;
                }
                // What fuzz targets alone call is built by no other step.
                let mut fuzzing = workspace.cargo();
                fuzzing.args(["rustc", "--package", "eschool-esia", "--lib", "--profile", "check"]);
                command::run(fuzzing.args(["--", "--cfg", "fuzzing"]))?;
                cargo.args(["clippy", "--workspace", "--all-targets", "--all-features"]);
                command::run(cargo.args(["--", "-D", "warnings"]))
            }
            Self::Docs => docs::run(workspace),
            // All that fails is told at once.
            Self::Tests => {
                let all = ["test", "--workspace", "--all-features", "--no-fail-fast"];
                command::run(cargo.args(all))
            }
            Self::Postgres => postgres::run(workspace),
            Self::Gost => gost::run(workspace),
            Self::Gateway => gateway::run(workspace),
            Self::Foreign => foreign::run(workspace),
            Self::Schools => schools::run(workspace),
            Self::Swift => swift::run(workspace),
            Self::Browser => browser::run(workspace),
            Self::Kotlin => kotlin::run(workspace),
            Self::Typescript => typescript::run(workspace),
        }
    }
}
