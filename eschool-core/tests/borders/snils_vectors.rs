//! The numbers with answers that lie beside the project, line by line.

use std::path::{Path, PathBuf};

use eschool_core::{error::CodedError as _, identity::Snils};

/// The file, where there is one: `ESCHOOL_SCHOOL_DATA` names its folder where it is not
/// `../shared/data` beside the workspace.
fn vectors() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::var_os("ESCHOOL_SCHOOL_DATA").unwrap_or("../shared/data".into());
    Some(workspace.join(folder).join("snils-vectors.tsv")).filter(|file| file.is_file())
}

#[test]
fn every_line_is_judged_as_it_says() {
    let Some(file) = vectors() else {
        println!("skipped: no snils-vectors.tsv beside the project");
        return;
    };
    let lines = std::fs::read_to_string(file).unwrap();
    let mut judged = 0;
    for line in lines.lines().filter(|line| !line.starts_with('#')) {
        let (text, expected) = line.split_once('\t').unwrap();
        let ours = match Snils::parse(text) {
            Ok(snils) if snils.is_exempt() => "exempt",
            Ok(_) => "ok",
            Err(error) => error.code(),
        };
        assert_eq!(ours, expected, "`{text}`");
        judged += 1;
    }
    assert!(judged >= 20, "{judged} lines");
}
