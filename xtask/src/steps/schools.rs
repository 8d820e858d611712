//! `check-school` on every sample school that lies beside the project.

use std::path::Path;

use crate::command;
use crate::report::{self, Outcome, Stop};
use crate::workspace::Workspace;

/// Names the folder that holds the schools, where it is not the usual one. Both are seen from the
/// workspace's root.
const FOLDER_VARIABLE: &str = "ESCHOOL_SCHOOL_DATA";
const USUAL_FOLDER: &str = "../shared/data";
/// Schools, and whether their spreadsheets are read.
const SCHOOLS: [(&str, bool); 3] = [("school-a", false), ("school-a", true), ("school-b", false)];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let folder = std::env::var_os(FOLDER_VARIABLE).unwrap_or_else(|| USUAL_FOLDER.into());
    let folder = workspace.root().join(folder);
    report::all(SCHOOLS.map(|(school, xlsx)| check(workspace, &folder, school, xlsx)))
}

fn check(workspace: &Workspace, folder: &Path, school: &str, xlsx: bool) -> Outcome {
    let data = folder.join(school);
    if !data.is_dir() {
        let reason = format!("no such folder beside the project; {FOLDER_VARIABLE} may name it");
        return Err(Stop::Skipped(reason).about(school));
    }
    // A process of its own: a crash in one school must not hide what the other one says.
    let mut command = workspace.xtask();
    command.arg("check-school").arg(data);
    if xlsx {
        command.arg("--xlsx");
    }
    command::run(&mut command).map_err(|e| e.about(school))
}
