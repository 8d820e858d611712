//! The list of codes against the sources: it names each that is written there, and no other.

use std::{collections::BTreeSet, fs, path::Path};

use eschool_core::error::CODES;

const BEGINS: &str = "fn code(&self) -> &'static str {";

/// The texts in every `code` of a folder's sources.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            for body in source.split(BEGINS).skip(1) {
                let mut depth = 1_u32;
                let end = body.find(|c| {
                    depth = match c {
                        '{' => depth + 1,
                        '}' => depth - 1,
                        _ => depth,
                    };
                    depth == 0
                });
                let quoted = body.get(..end.unwrap()).unwrap().split('"').skip(1).step_by(2);
                found.extend(quoted.map(String::from));
            }
        }
    }
}

#[test]
fn every_code_is_listed() {
    let mut found = BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let listed: BTreeSet<String> = CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(found, listed);
    assert_eq!(listed.len(), CODES.len());
}
