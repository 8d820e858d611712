//! The tests over PostgreSQL: the conformance suite, what only a server can get wrong, what becomes of
//! work while the server is started anew, and the portal over one.

use crate::command;
use crate::postgres::{Server, URL_VARIABLE};
use crate::report::{self, Outcome};
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let server = Server::start()?;
    let mut test = workspace.cargo();
    // The whole workspace, though two crates alone have such tests: its dependencies then have the
    // features they have in the step before, and nothing is compiled anew.
    test.args(["test", "--workspace", "--all-features", "--lib", "--test", "portal"]);
    let tests = command::run(test.arg("postgres::").env(URL_VARIABLE, server.url()));
    let restart = command::run(workspace.xtask().arg("check-restart"));
    report::all([tests, restart])
}
