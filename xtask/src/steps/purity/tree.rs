//! The crates the core is made of, and the features they are built with.

use std::collections::BTreeSet;

use super::CORE;
use crate::command;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// All the core may depend on.
const ALLOWED: &[&str] = &[
    CORE,
    "chrono",
    "num-traits",
    "serde",
    "serde_core",
    "thiserror",
    "uuid",
    // These run inside the compiler only.
    "proc-macro2",
    "quote",
    "serde_derive",
    "syn",
    "thiserror-impl",
    "unicode-ident",
];

/// Features that would open a way to the operating system.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("chrono", &["clock", "now", "std", "wasmbind"]),
    ("num-traits", &["std"]),
    ("serde", &["std"]),
    ("serde_core", &["std"]),
    ("thiserror", &["std"]),
    ("uuid", &["fast-rng", "js", "rng", "std"]),
];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    // Every platform: a dependency for one system alone is a dependency.
    let mut cargo = workspace.cargo();
    cargo.args(["tree", "-p", CORE, "-e", "normal", "--target", "all"]);
    let tree = command::read(cargo.args(["--prefix", "none", "-f", "{p}|{f}"]))?;
    let crates = parse(&tree);
    if !crates.iter().any(|used| used.name == CORE) {
        return Err(Stop::Failed(format!("`cargo tree` does not list {CORE}")));
    }
    let faults = faults(&crates);
    if faults.is_empty() {
        println!("{CORE} and the {} crates it rests on: none impure", crates.len() - 1);
        Ok(())
    } else {
        Err(Stop::Failed(faults.join("; ")))
    }
}

/// A crate of the tree with the features it is built with.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Used<'a> {
    name: &'a str,
    features: BTreeSet<&'a str>,
}

fn parse(tree: &str) -> BTreeSet<Used<'_>> {
    tree.lines().filter_map(parse_line).collect()
}

/// Reads a line such as `serde v1.0.2 (proc-macro)|alloc,derive (*)`.
fn parse_line(line: &str) -> Option<Used<'_>> {
    let (package, features) = line.split_once('|')?;
    let name = package.split_whitespace().next()?;
    let features = features.trim_end_matches("(*)").trim();
    Some(Used { name, features: features.split(',').filter(|f| !f.is_empty()).collect() })
}

/// Names every crate that is not allowed and every feature that is forbidden.
fn faults(crates: &BTreeSet<Used<'_>>) -> Vec<String> {
    let names: BTreeSet<_> = crates.iter().map(|used| used.name).collect();
    let strangers: Vec<_> = names.into_iter().filter(|name| !ALLOWED.contains(name)).collect();
    let mut faults = Vec::new();
    if !strangers.is_empty() {
        faults.push(format!("{CORE} rests on crates not allowed: {}", strangers.join(", ")));
    }
    for Used { name, features } in crates {
        let forbidden = FORBIDDEN.iter().filter(|(owner, _)| owner == name);
        for feature in forbidden.flat_map(|(_, forbidden)| *forbidden) {
            if features.contains(feature) {
                faults.push(format!("{name} is built with feature `{feature}`"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cargo_prints() {
        let tree = "\
eschool-core v0.1.0 (/x/eschool-core)|
chrono v0.4.45|alloc,serde
serde_derive v1.0.229 (proc-macro)|default
proc-macro2 v1.0.107|default,proc-macro
serde v1.0.229|alloc,derive (*)

num-traits v0.2.19| (*)
";
        let expected: [(&str, &[&str]); 6] = [
            ("chrono", &["alloc", "serde"]),
            ("eschool-core", &[]),
            ("num-traits", &[]),
            ("proc-macro2", &["default", "proc-macro"]),
            ("serde", &["alloc", "derive"]),
            ("serde_derive", &["default"]),
        ];
        let expected = expected
            .map(|(name, features)| Used { name, features: features.iter().copied().collect() });
        assert_eq!(parse(tree), BTreeSet::from(expected));
    }

    #[test]
    fn names_strangers_and_forbidden_features() {
        let table: [(&str, &[&str]); 6] = [
            ("eschool-core v0.1.0|\nchrono v0.4|alloc,serde", &[]),
            ("proc-macro2 v1|default,std", &[]),
            (
                "rand v0.10|\ngetrandom v0.4|std\nrand v0.9|std",
                &["eschool-core rests on crates not allowed: getrandom, rand"],
            ),
            (
                "chrono v0.4|alloc,clock,now",
                &["chrono is built with feature `clock`", "chrono is built with feature `now`"],
            ),
            ("serde v1|std\nserde v1|std (*)", &["serde is built with feature `std`"]),
            ("uuid v1|rng", &["uuid is built with feature `rng`"]),
        ];
        for (tree, expected) in table {
            assert_eq!(faults(&parse(tree)), expected, "{tree}");
        }
    }
}
