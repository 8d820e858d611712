//! The store's tests over PostgreSQL: the conformance suite, and what only a server can get wrong.

use crate::command;
use crate::postgres::{Server, URL_VARIABLE};
use crate::report::Outcome;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let server = Server::start()?;
    let mut test = workspace.cargo();
    test.args(["test", "--package", "eschool-store", "--all-features", "--lib", "postgres::"]);
    command::run(test.env(URL_VARIABLE, server.url()))
}
