//! `check-school` on every sample school that lies beside the project, and `check-merge` on both.

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
    let schools = SCHOOLS.map(|(school, xlsx)| check(workspace, &folder, school, xlsx));
    report::all(schools.into_iter().chain([merge(workspace, &folder)]))
}

/// The accounts of both schools are joined.
fn merge(workspace: &Workspace, folder: &Path) -> Outcome {
    let data = ["school-a", "school-b"].map(|school| folder.join(school));
    if !data.iter().all(|school| school.is_dir()) {
        let reason = format!("no such folders beside the project; {FOLDER_VARIABLE} may name it");
        return Err(Stop::Skipped(reason).about("both schools together"));
    }
    let mut check = workspace.xtask();
    command::run(check.arg("check-merge").args(data)).map_err(|e| e.about("both schools together"))
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
