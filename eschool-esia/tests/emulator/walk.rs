//! The walk in the README: its blocks are run as they stand.

use std::process::Command;

use crate::program::Running;

const README: &str = include_str!("../../README.md");

/// The shell blocks of the walk, one after the other.
fn script() -> String {
    let (_, walk) = README.split_once("## A walk with curl and openssl\n").unwrap();
    let walk = walk.split("\n## ").next().unwrap();
    let blocks = walk.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.collect()
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn the_walk_of_the_readme_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script()])
        .env("ESIA", running.base.as_str().trim_end_matches('/'))
        .env("DATA", folder.path())
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}\n{complaint}");
    for (what, words) in [
        ("the people were shown", "/login/"),
        ("openssl verified the id token", "Verified OK"),
        ("it is about the mother", "\"sub\":1000000001"),
        ("her data came", "\"firstName\":\"Вера\""),
        ("her children came", "\"firstName\":\"Майя\""),
        ("the mistake was refused", "ESIA-007053"),
        ("the mistake was explained", "64 bytes standing backwards"),
        ("the fault came", "status 503"),
        ("the fault went", "status 200"),
        ("the old interface gave a token", "Bearer"),
        ("signing out led back", "back at http://localhost:8080/callback"),
    ] {
        assert!(told.contains(words), "{what}: {told}\n{complaint}");
    }
}
