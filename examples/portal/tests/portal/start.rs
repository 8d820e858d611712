//! The program itself: its arguments, its exit codes, what it prints.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Output, Stdio},
};

use crate::{
    client::Browser,
    house::{Folder, House, read_cards, school},
};

fn portal() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command.env("RUST_LOG", "debug").env_remove("ESCHOOL_DATABASE").env_remove("ESCHOOL_PACKAGE");
    command.stdin(Stdio::null());
    command
}

pub(crate) fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_wrong_policy_is_refused_by_the_name_of_its_rule() {
    let folder = Folder::new();
    let file = folder.path().join("policy.json");
    let preset = eschool_core::policy::SignInPolicy::ryazan_2022();
    let sound = serde_json::to_string(&preset).unwrap();
    for (from, to, named) in [
        ("\"method\":\"password\"", "\"method\":\"fingerprint\"", "fingerprint"),
        ("\"youngByEsia\":\"allow\"", "\"youngByEsia\":\"maybe\"", "youngByEsia"),
        ("\"noticeDays\"", "\"noticeWeeks\"", "noticeWeeks"),
        ("\"noticeDays\":30", "\"noticeDays\":9999", "noticeDays"),
        ("{", "", "line 1"),
    ] {
        fs::write(&file, sound.replacen(from, to, 1)).unwrap();
        let data = folder.path().join("data");
        let output = portal().arg("--policy").arg(&file).arg("--data").arg(&data).output().unwrap();
        let (code, stdout, stderr) = told(&output);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains("policy_refused") && stderr.contains(named), "{named}: {stderr}");
        assert!(!data.exists(), "nothing is made");
    }
    // a preset that waits for what this portal cannot take
    let output = portal().args(["--policy", "ryazan_2024"]).output().unwrap();
    let (code, stdout, stderr) = told(&output);
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("policy_refused") && stderr.contains("consent"), "{stderr}");
    let output = portal().args(["--policy", "atlantis_1984"]).output().unwrap();
    let (code, _, stderr) = told(&output);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("policy_not_found") && stderr.contains("udmurtia_2023"), "{stderr}");
}

#[test]
fn cards_are_printed_for_a_class_of_an_imported_school() {
    let folder = Folder::new();
    let run = |class: &str| {
        let mut command = portal();
        command.arg("--data").arg(folder.path()).arg("--import").arg(school());
        told(&command.args(["--print-cards", class]).output().unwrap())
    };
    let (code, stdout, stderr) = run("5а");
    assert_eq!(code, Some(0), "{stderr}");
    for told in [
        "pupils.csv:4  «Дата рождения»  date_invalid",
        "marks.csv:6  «Отметка»  mark_malformed",
        "КАРТОЧКА РЕГИСТРАЦИИ ДОСТУПА",
        "Права доступа:  Ученик",
        "Дата регистрации:",
        "Класс 5А: 2\u{a0}карточки.",
    ] {
        assert!(stdout.contains(told), "{told}\n{stdout}");
    }
    let cards = read_cards(&stdout);
    assert_eq!(cards.len(), 2);
    for card in &cards {
        assert_eq!(card.password.len(), 8);
        assert!(!stderr.contains(&card.login) && !stderr.contains(&card.password), "not in a log");
    }
    assert!(!stderr.contains("Ёлкина"), "{stderr}");

    let (code, _, stderr) = run("9Я");
    assert_eq!(code, Some(2));
    assert!(stderr.contains("class_not_found"), "{stderr}");
    let mut command = portal();
    command.arg("--data").arg(folder.path()).args(["--print-cards", "5А", "--school", "лицей"]);
    let (code, _, stderr) = told(&command.output().unwrap());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("school_not_found") && stderr.contains("Школа № 7"), "{stderr}");
}

#[test]
fn a_named_folder_without_the_whole_package_is_refused_before_anything_is_made() {
    let folder = Folder::new();
    let (package, data) = (folder.path().join("core"), folder.path().join("data"));
    let run = |by_name: bool| {
        let mut command = portal();
        if by_name {
            command.arg("--package").arg(&package);
        } else {
            command.env("ESCHOOL_PACKAGE", &package);
        }
        told(&command.arg("--data").arg(&data).output().unwrap())
    };
    for (by_name, lacks) in [(true, "checks.js"), (false, "bound.js")] {
        let (code, stdout, stderr) = run(by_name);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        for told in ["package_unusable", lacks, "cargo xtask npm", "портал не запущен"]
        {
            assert!(stderr.contains(told), "{told}: {stderr}");
        }
        assert!(!data.exists(), "nothing is made");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("checks.js"), "").unwrap();
    }
}

#[test]
fn a_folder_without_a_school_and_a_taken_address_are_told() {
    let folder = Folder::new();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let data = folder.path().join("data");
    let output = portal().arg("--data").arg(&data).arg("--import").arg(&empty).output().unwrap();
    let (code, _, stderr) = told(&output);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("file_missing") && stderr.contains("school.csv"), "{stderr}");

    // What the folder before it wrote is sealed all the same.
    let mut command = portal();
    command.arg("--data").arg(&data).arg("--import").arg(school()).arg("--import").arg(&empty);
    let (code, stdout, stderr) = told(&command.output().unwrap());
    assert!(code == Some(1) && stderr.contains("file_missing"), "{stderr}");
    assert!(stdout.contains("Загружена папка"), "{stdout}");
    let mut command = portal();
    command.arg("--data").arg(&data).args(["audit", "verify"]);
    let (code, stdout, stderr) = told(&command.output().unwrap());
    assert!(code == Some(0) && stdout.contains("Ещё не запечатано записей: 0"), "{stdout}{stderr}");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = portal();
    command.arg("--data").arg(&data).arg("--import").arg(school()).args(["--listen", &address]);
    command.arg("--esia-people").arg(school().join("esia_people.csv"));
    let (code, _, stderr) = told(&command.output().unwrap());
    assert_eq!(code, Some(1));
    assert!(stderr.contains("listen:") && stderr.contains(&address), "{stderr}");
}

#[tokio::test]
async fn it_prints_its_address_and_stops_when_it_is_told() {
    let folder = Folder::new();
    let mut command = portal();
    command.arg("--data").arg(folder.path()).arg("--import").arg(school());
    command.arg("--esia-people").arg(school().join("esia_people.csv"));
    command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines
        .map_while(Result::ok)
        .find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            rest.trim_end_matches('/').parse().ok()
        })
        .unwrap();
    assert_eq!(Browser::new(address).get("/healthz").await.body, "ok");
    let chore = |arguments: &[&str]| {
        let mut command = portal();
        command.arg("--data").arg(folder.path()).args(arguments);
        told(&command.output().unwrap())
    };
    let (code, _, stderr) = chore(&["admin", "invite"]);
    assert_eq!(code, Some(0), "{stderr}");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    let (_, stdout, stderr) = chore(&["audit", "verify"]);
    assert!(stdout.contains("Ещё не запечатано записей: 0."), "sealed last: {stdout}{stderr}");
}

#[tokio::test]
async fn chores_are_done_beside_a_serving_portal() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let admin = |arguments: &[&str]| {
        let mut command = portal();
        command.arg("--data").arg(folder.path()).arg("admin").args(arguments);
        told(&command.output().unwrap())
    };
    let (code, stdout, stderr) = admin(&["invite", "--url", "https://dnevnik.example.org"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("  https://dnevnik.example.org/invitation/"), "{stdout}");
    let (_, token) = stdout.split_once("/invitation/").unwrap();
    let token = token.split_whitespace().next().unwrap();
    house.installation.store().invitation(token).await.unwrap();

    let person = serde_json::json!({
        "oid": "1000000009", "assurance": "unconfirmed", "snils": "112-233-445 95",
        "name": {"family": "Рябинина", "given": "Вера", "patronymic": "missing"},
    });
    let person = serde_json::from_value(person).unwrap();
    let refused = house.installation.store().sign_in_with_esia(person).await;
    let Err(eschool_store::SignInError::Refused(refusal)) = refused else { panic!("refused") };
    let (code, stdout, stderr) = admin(&["case", &refusal.case.unwrap().to_string()]);
    assert_eq!(code, Some(0), "{stderr}");
    for told in ["esia_not_confirmed", "не подтверждена", "Рябинина Вера", "112-233-445 95"]
    {
        assert!(stdout.contains(told), "{told}\n{stdout}");
    }
    assert!(!stderr.contains("Рябинина"), "no log of it: {stderr}");
    let audit = house.installation.store().audit(1).await.unwrap();
    assert_eq!(audit[0].action, "case_read");

    for (arguments, exit, named) in [
        (&["case", "7Q4-K2M"][..], 1, "case_not_found"),
        (&["invite", "--url", "dnevnik"], 2, "url_malformed"),
        (&["invite", "--school", "лицей"], 2, "school_not_found"),
    ] {
        let (code, stdout, stderr) = admin(arguments);
        assert_eq!((code, stdout.as_str()), (Some(exit), ""), "{stderr}");
        assert!(stderr.contains(named), "{stderr}");
    }
    let nowhere = folder.path().join("nowhere");
    let mut command = portal();
    command.arg("--data").arg(&nowhere).args(["admin", "invite"]);
    let (code, _, stderr) = told(&command.output().unwrap());
    assert_eq!(code, Some(2));
    assert!(stderr.contains("no_installation") && !nowhere.exists(), "{stderr}");
}

#[tokio::test]
async fn a_key_file_of_another_database_is_refused_before_anything_is_written() {
    let (folder, other) = (Folder::new(), Folder::new());
    drop(House::with_school(&folder).await);
    drop(House::with_school(&other).await);
    let keys = folder.path().join("keys.txt");
    let own = fs::read(&keys).unwrap();
    fs::copy(other.path().join("keys.txt"), &keys).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = portal();
        command.arg("--data").arg(folder.path()).args(arguments);
        told(&command.output().unwrap())
    };
    let files = school();
    for arguments in [&["admin", "invite"][..], &["--import", files.to_str().unwrap()]] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
        assert!(stderr.contains("keys_foreign"), "{stderr}");
    }
    fs::write(&keys, own).unwrap();
    let (code, stdout, stderr) = run(&["audit", "verify"]);
    assert!(code == Some(0) && stdout.contains("Нарушений нет"), "{stdout}{stderr}");
}

#[tokio::test]
async fn the_audit_is_proved_whole_on_the_command_line() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let file = folder.path().join("monday.json");
    let file = file.to_str().unwrap();
    let audit = |arguments: &[&str]| {
        let mut command = portal();
        command.arg("--data").arg(folder.path()).arg("audit").args(arguments);
        told(&command.output().unwrap())
    };
    let (code, stdout, stderr) = audit(&["checkpoint", "--out", file]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("Контрольная точка записана"), "{stdout}");
    let (code, _, stderr) = audit(&["checkpoint", "--out", file]);
    assert!(code == Some(2) && stderr.contains("checkpoint_unusable"), "{stderr}");
    let (code, printed, _) = audit(&["checkpoint"]);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, &printed["format"]), (Some(0), &"eschool-audit-1".into()));
    let sealed = house.installation.store().verify_audit(None).await.unwrap();
    assert!(sealed.entries > 0 && sealed.unsealed == 0, "{sealed:?}");

    let (code, stdout, stderr) = audit(&["verify", "--checkpoint", file]);
    assert!(code == Some(0) && stdout.contains("Нарушений нет"), "{stdout}{stderr}");
    // A checkpoint that somebody changed says nothing.
    let elsewhere = folder.path().join("changed.json");
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::write(&elsewhere, text.replacen("\"seal\": 1", "\"seal\": 2", 1)).unwrap();
    let (code, _, stderr) = audit(&["verify", "--checkpoint", elsewhere.to_str().unwrap()]);
    assert!(code == Some(1) && stderr.contains("checkpoint_refused"), "{stderr}");
    let (code, _, stderr) = audit(&["verify", "--checkpoint", "no-such-file.json"]);
    assert!(code == Some(2) && stderr.contains("checkpoint_unusable"), "{stderr}");
}
