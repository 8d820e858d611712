//! `check-school` on every sample school that lies beside the project, `check-merge` on both, and
//! `check-leaks` and `check-kills`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Reader as _, Xlsx};

use crate::command;
use crate::report::{self, Outcome, Stop};
use crate::workspace::Workspace;

/// Names the folder that holds the schools, where it is not the usual one. Both are seen from the
/// workspace's root.
const FOLDER_VARIABLE: &str = "ESCHOOL_SCHOOL_DATA";
const USUAL_FOLDER: &str = "../shared/data";
/// Schools, and what they are checked with.
const SCHOOLS: [(&str, &[&str]); 8] = [
    ("school-a", &[]),
    ("school-a", &["--xlsx"]),
    ("school-b", &[]),
    ("school-b", &["--xlsx"]),
    ("school-a", &["--database", "postgres"]),
    ("school-a", &["--xlsx", "--database", "postgres"]),
    ("school-b", &["--database", "postgres"]),
    ("school-b", &["--xlsx", "--database", "postgres"]),
];
/// Imports killed on each database; a hundred are killed by hand before a release.
const KILLS: &str = "4";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let folder = folder(workspace);
    let schools = SCHOOLS.map(|(school, how)| check(workspace, &folder, school, how));
    let merges = ["sqlite", "postgres"].map(|database| merge(workspace, &folder, database));
    let kills = ["sqlite", "postgres"].map(|database| kill(workspace, database));
    let leaks = [leaks(workspace, &folder)];
    report::all(schools.into_iter().chain(merges).chain(leaks).chain(kills))
}

/// Some imports are killed and done again.
fn kill(workspace: &Workspace, database: &str) -> Outcome {
    let mut check = workspace.xtask();
    check.args(["check-kills", "--kills", KILLS, "--database", database]);
    command::run(&mut check).map_err(|e| e.about("killed imports"))
}

/// Where the sample schools are, if they are.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    let folder = std::env::var_os(FOLDER_VARIABLE).unwrap_or_else(|| USUAL_FOLDER.into());
    workspace.root().join(folder)
}

/// The accounts of both schools are joined.
fn merge(workspace: &Workspace, folder: &Path, database: &str) -> Outcome {
    let data = ["school-a", "school-b"].map(|school| folder.join(school));
    if !data.iter().all(|school| school.is_dir()) {
        let reason = format!("no such folders beside the project; {FOLDER_VARIABLE} may name it");
        return Err(Stop::Skipped(reason).about("both schools together"));
    }
    let mut check = workspace.xtask();
    check.arg("check-merge").args(data).args(["--database", database]);
    command::run(&mut check).map_err(|e| e.about("both schools together"))
}

/// No database shows a secret: of these schools, or of one that is built in.
fn leaks(workspace: &Workspace, folder: &Path) -> Outcome {
    let schools = ["school-a", "school-b"].map(|school| folder.join(school));
    let mut check = workspace.xtask();
    check.arg("check-leaks").args(schools.iter().filter(|school| school.is_dir()));
    command::run(&mut check).map_err(|e| e.about("what the databases show"))
}

fn check(workspace: &Workspace, folder: &Path, school: &str, how: &[&str]) -> Outcome {
    let data = folder.join(school);
    if !data.is_dir() {
        let reason = format!("no such folder beside the project; {FOLDER_VARIABLE} may name it");
        return Err(Stop::Skipped(reason).about(school));
    }
    if how.contains(&"--xlsx") {
        let (sheet, text) =
            parents(&data).map_err(|error| Stop::Failed(error.to_string()).about(school))?;
        if sheet != text {
            // No answer is said of these rows. As spreadsheets the school is taken in all the same: the
            // check of its texts gives it out so, and reads that.
            println!(
                "{school}/parents.xlsx has {sheet} rows and parents.csv {text}: the answers are not its \
                 own, so it is not compared with them"
            );
            return Ok(());
        }
    }
    // A process of its own: a crash in one school must not hide what the other one says.
    command::run(workspace.xtask().arg("check-school").arg(data).args(how))
        .map_err(|e| e.about(school))
}

/// How many parents a school's spreadsheet and its text hold, counted without the exchange.
fn parents(data: &Path) -> Result<(usize, usize), Box<dyn Error>> {
    let mut book: Xlsx<_> = calamine::open_workbook(data.join("parents.xlsx"))?;
    let sheet = book.worksheet_range_at(0).ok_or("parents.xlsx has no sheet")??;
    let text = fs::read(data.join("parents.csv"))?;
    let heading = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if heading.contains(&b';') { b';' } else { b',' };
    let mut text = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_slice());
    let mut rows = 0;
    for row in text.byte_records() {
        row?;
        rows += 1;
    }
    Ok((sheet.height().saturating_sub(1), rows))
}
