//! The operator's chores as programs: files in and out, accounts of one person.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    house::{Folder, House, NOON, school},
    start::told,
};

/// Runs the program over a data folder.
fn run(data: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command.arg("--data").arg(data).args(arguments).stdin(Stdio::null());
    told(&command.env_remove("ESCHOOL_DATABASE").output().unwrap())
}

/// Runs it where no file gets longer than so many KiB, as on a disk that is full or under a quota.
fn run_within(kib: u32, data: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &script, "bash", env!("CARGO_BIN_EXE_portal"), "--data"]).arg(data);
    command.args(arguments).stdin(Stdio::null());
    told(&command.env_remove("ESCHOOL_DATABASE").output().unwrap())
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|file| {
        let file = file.unwrap();
        (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())
    });
    files.collect()
}

#[test]
fn a_trial_import_writes_nothing() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let school = school();
    let (code, stdout, stderr) = run(&data, &["import", path(&school), "--dry-run"]);
    assert_eq!(code, Some(3), "some rows are refused: {stderr}");
    assert!(stdout.contains("ничего не записано") && stdout.contains("Школа № 7"), "{stdout}");
    assert!(stderr.contains("rows_refused") && stderr.contains("не загружены"), "{stderr}");
    let out = folder.path().join("out");
    let (code, _, stderr) = run(&data, &["export", path(&out)]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("school_not_found") && !out.exists(), "{stderr}");
}

#[test]
fn a_chore_leaves_the_database_whole_beside_its_keys() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let names = || files(&data).into_keys().collect::<Vec<_>>();
    assert_eq!(run(&data, &["import", path(&school())]).0, Some(3));
    let left = names();
    assert!(left.len() == 2 && left.contains(&"keys.txt".into()), "{left:?}");
    let nowhere = folder.path().join("nowhere");
    // One that fails once the database is open, and one that does before it begins.
    let out = folder.path().join("out");
    assert_eq!(run(&data, &["export", path(&out), "--school", "Нет такой"]).0, Some(2));
    assert_eq!(names(), left);
    assert_eq!(run(&data, &["--import", path(&nowhere), "export", path(&out)]).0, Some(1));
    assert_eq!(names(), left);
    assert_eq!(run(&data, &["export", path(&out)]).0, Some(0));
    assert_eq!(names(), left);
}

#[tokio::test]
async fn what_a_chore_did_last_is_not_removed_without_a_trace() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    for (chore, exit) in [
        (&["import", path(&school())][..], 3),
        (&["admin", "invite"], 0),
        (&["--print-cards", "5А"], 0),
    ] {
        let (code, _, stderr) = run(&data, chore);
        assert_eq!(code, Some(exit), "{chore:?}: {stderr}");
        let (code, stdout, stderr) = run(&data, &["audit", "verify"]);
        assert!(code == Some(0) && stdout.contains("Нарушений нет"), "{chore:?}: {stdout}{stderr}");
        assert!(stdout.contains("Ещё не запечатано записей: 0."), "{chore:?}: {stdout}");
    }
    let options = SqliteConnectOptions::new().filename(data.join("eschool.sqlite3"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let last = "DELETE FROM audit WHERE entry = (SELECT max(entry) FROM audit)";
    let removed = sqlx::query(last).execute(&mut connection).await.unwrap();
    assert_eq!(removed.rows_affected(), 1);
    connection.close().await.unwrap();
    let (code, stdout, stderr) = run(&data, &["audit", "verify"]);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    assert!(stderr.contains("audit_faults"), "{stderr}");
}

#[test]
fn refused_rows_are_corrected_and_fed_back() {
    let folder = Folder::new();
    let (data, refused) = (folder.path().join("data"), folder.path().join("refused"));
    let (code, stdout, stderr) =
        run(&data, &["import", path(&school()), "--refused", path(&refused)]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stdout.contains("Непринятые строки") && stderr.contains("rows_refused"), "{stdout}");
    let marks = fs::read_to_string(refused.join("marks.csv")).unwrap();
    assert!(marks.lines().count() == 2 && marks.contains("Ошибка"), "{marks}");
    fs::write(refused.join("marks.csv"), marks.replace(";6;", ";5;")).unwrap();
    let pupils = fs::read_to_string(refused.join("pupils.csv")).unwrap();
    fs::write(refused.join("pupils.csv"), pupils.replace("30.02.2015", "28.02.2015")).unwrap();
    for file in fs::read_dir(&refused).unwrap() {
        let file = file.unwrap();
        if file.file_name() != "marks.csv" && file.file_name() != "pupils.csv" {
            fs::remove_file(file.path()).unwrap();
        }
    }
    let (code, stdout, stderr) = run(&data, &["import", "--corrections", path(&refused)]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    let out = folder.path().join("out");
    assert_eq!(run(&data, &["export", path(&out)]).0, Some(0));
    let pupils = fs::read_to_string(out.join("pupils.csv")).unwrap();
    assert!(pupils.contains("28.02.2015"), "{pupils}");
}

#[test]
fn refused_rows_never_stand_among_other_files() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let source = folder.path().join("school");
    fs::create_dir(&source).unwrap();
    for (name, bytes) in files(&school()) {
        fs::write(source.join(name), bytes).unwrap();
    }
    let before = files(&source);
    let same = source.join(".");
    let (code, stdout, stderr) = run(&data, &["import", path(&source), "--refused", path(&same)]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    assert!(stderr.contains("folder_not_empty") && files(&source) == before, "{stderr}");
    let refused = folder.path().join("refused");
    fs::create_dir(&refused).unwrap();
    let import = ["import", path(&source), "--refused", path(&refused)];
    assert_eq!(run(&data, &import).0, Some(3));
    let rows = files(&refused);
    assert_eq!((run(&data, &import).0, files(&refused)), (Some(2), rows));
}

#[test]
fn refused_rows_of_two_years_do_not_replace_one_another() {
    let folder = Folder::new();
    let (data, refused) = (folder.path().join("data"), folder.path().join("refused"));
    let places = ["2023", "2024"].map(|year| folder.path().join(year).join("school-7"));
    for place in &places {
        fs::create_dir_all(place).unwrap();
        for (name, bytes) in files(&school()) {
            fs::write(place.join(name), bytes).unwrap();
        }
    }
    let pupils = fs::read_to_string(places[1].join("pupils.csv")).unwrap();
    fs::write(places[1].join("pupils.csv"), pupils.replace("30.02.2015", "31.02.2015")).unwrap();
    let import = ["import", path(&places[0]), path(&places[1]), "--refused", path(&refused)];
    let (code, stdout, stderr) = run(&data, &import);
    assert_eq!(code, Some(3), "{stdout}{stderr}");
    for (place, wrong) in [("1-school-7", "30.02.2015"), ("2-school-7", "31.02.2015")] {
        let rows = fs::read_to_string(refused.join(place).join("pupils.csv")).unwrap();
        assert!(rows.contains(wrong), "{place}: {rows}");
    }
}

#[test]
fn a_folder_is_taken_in_though_refused_rows_of_another_cannot_be_written_out() {
    let folder = Folder::new();
    let (data, refused) = (folder.path().join("data"), folder.path().join("refused"));
    // With a number before it, it is longer than a name may be.
    let places = ["x".repeat(255), "school-7".into()].map(|name| folder.path().join(name));
    for place in &places {
        fs::create_dir(place).unwrap();
        for (name, bytes) in files(&school()) {
            fs::write(place.join(name), bytes).unwrap();
        }
    }
    let import = ["import", path(&places[0]), path(&places[1]), "--refused", path(&refused)];
    let (code, stdout, stderr) = run(&data, &import);
    assert_eq!(code, Some(1), "{stdout}{stderr}");
    for told in [&stdout, &stderr] {
        assert!(told.contains("folder_unusable") && told.contains("1-xxx"), "{told}");
    }
    assert_eq!(stdout.matches("Загружена папка").count(), 2, "{stdout}");
    assert!(!files(&refused.join("2-school-7")).is_empty());
}

#[test]
fn an_address_of_no_database_is_refused_and_not_repeated() {
    let folder = Folder::new();
    for arguments in [&["migrate"][..], &["distribute"], &["audit", "verify"]] {
        let url = ["--database", "mysql://eschool:hunter2@db/eschool"];
        let (code, stdout, stderr) = run(folder.path(), &[arguments, &url].concat());
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains("database_malformed") && !stderr.contains("hunter2"), "{stderr}");
    }
}

#[test]
fn what_is_given_out_is_taken_in_elsewhere() {
    let folder = Folder::new();
    let place = |name: &str| folder.path().join(name);
    assert_eq!(run(&place("one"), &["import", path(&school())]).0, Some(3));
    let (code, stdout, stderr) = run(&place("one"), &["export", path(&place("out"))]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("файл"), "{stdout}");
    let (code, stdout, stderr) = run(&place("two"), &["import", path(&place("out"))]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert_eq!(run(&place("two"), &["export", path(&place("again"))]).0, Some(0));
    assert!(!files(&place("out")).is_empty());
    assert_eq!(files(&place("out")), files(&place("again")));
    assert_eq!(run(&place("two"), &["export", "--xlsx", path(&place("sheets"))]).0, Some(0));
    assert!(files(&place("sheets")).contains_key("pupils.xlsx"));
}

#[test]
fn accounts_of_two_schools_are_joined_and_parted() {
    let folder = Folder::new();
    let (data, other) = (folder.path().join("data"), folder.path().join("school-8"));
    fs::create_dir(&other).unwrap();
    for (name, bytes) in files(&school()) {
        fs::write(other.join(name), bytes).unwrap();
    }
    let name = fs::read_to_string(other.join("school.csv")).unwrap();
    fs::write(other.join("school.csv"), name.replace("№ 7", "№ 8")).unwrap();
    let imported = run(&data, &["import", path(&school()), path(&other)]);
    assert_eq!(imported.0, Some(3), "{}", imported.2);

    let merges = |arguments: &[&str]| {
        let (code, stdout, stderr) = run(&data, &[&["admin", "merges"], arguments].concat());
        assert_eq!(code, Some(0), "{arguments:?}: {stderr}");
        stdout
    };
    let plan = merges(&["plan"]);
    assert!(plan.contains("Ёлкина Мария Ивановна, 03.04.1985 – Школа № 8"), "{plan}");
    assert!(plan.contains("Нужно решить вручную: 0"), "{plan}");
    assert_eq!(merges(&["list"]), "", "a plan joins nobody");
    let joined = merges(&["join"]);
    let (_, id) = joined.rsplit_once(' ').unwrap();
    let id = id.trim();
    assert!(merges(&["join"]).contains("Объединять нечего"));
    assert!(merges(&["list"]).contains(id));
    merges(&["undo", id]);
    assert!(merges(&["list"]).contains("отменено"));
    let (code, _, stderr) = run(&data, &["admin", "merges", "undo", id]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("merge_undone"), "{stderr}");

    // Whoever saw the documents says that the mother of both schools is two women.
    let mothers: Vec<&str> = plan.lines().skip_while(|line| !line.contains("Ёлкина")).collect();
    let addresses: Vec<&str> = mothers.iter().skip(1).step_by(2).take(2).copied().collect();
    let [one, other] = addresses[..] else { panic!("{plan}") };
    merges(&["settle", "--two-people", one.trim(), other.trim()]);
    let plan = merges(&["plan"]);
    assert!(!plan.split("Нужно решить").next().unwrap().contains("Ёлкина Мария"), "{plan}");
}

#[test]
fn a_copy_of_the_database_is_opened_with_the_same_keys() {
    let folder = Folder::new();
    let place = |name: &str| folder.path().join(name);
    assert_eq!(run(&place("data"), &["import", path(&school())]).0, Some(3));
    let copy = place("copy.sqlite3");
    let (code, stdout, stderr) = run(&place("data"), &["backup", path(&copy)]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("copy.sqlite3"), "{stdout}");
    let (code, _, stderr) = run(&place("data"), &["backup", path(&copy)]);
    assert_eq!(code, Some(2), "nothing is overwritten: {stderr}");
    assert_eq!(run(&place("none"), &["backup", path(&place("other"))]).0, Some(2));

    // A disk on which there is no room for all of it.
    let small = place("small.sqlite3");
    let (code, _, stderr) = run_within(64, &place("data"), &["backup", path(&small)]);
    assert!(code != Some(0) && stderr.contains("backup_unwritable"), "{stderr}");
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().contains("small")));

    fs::create_dir(place("again")).unwrap();
    fs::copy(place("data").join("keys.txt"), place("again").join("keys.txt")).unwrap();
    fs::rename(&copy, place("again").join("eschool.sqlite3")).unwrap();
    for data in ["data", "again"] {
        let out = place(&format!("{data}-out"));
        assert_eq!(run(&place(data), &["export", path(&out)]).0, Some(0));
    }
    assert_eq!(files(&place("data-out")), files(&place("again-out")));
}

#[test]
fn an_import_that_fills_the_disk_is_finished_later() {
    let folder = Folder::new();
    let place = |name: &str| folder.path().join(name);
    let exported = |data: &str| {
        let out = place(&format!("{data}-out"));
        assert_eq!(run(&place(data), &["export", path(&out)]).0, Some(0));
        let exported = files(&out);
        fs::remove_dir_all(&out).unwrap();
        exported
    };
    // The year before, of the same school.
    fs::create_dir(place("school")).unwrap();
    for (name, bytes) in files(&school()) {
        let text = String::from_utf8(bytes).unwrap();
        let text = text.replace("2026", "2025").replace("2027", "2026");
        fs::write(place("school").join(name), text).unwrap();
    }
    let (first, second) = (place("school"), school());
    assert_eq!(run(&place("base"), &["import", path(&first)]).0, Some(3));
    let before = exported("base");
    // One file, whatever is left beside it when a program ends.
    let base = place("base.sqlite3");
    assert_eq!(run(&place("base"), &["backup", path(&base)]).0, Some(0));
    let copied = |data: &str| {
        fs::copy(&base, place(data).join("eschool.sqlite3")).unwrap();
        fs::copy(place("base").join("keys.txt"), place(data).join("keys.txt")).unwrap();
    };
    fs::create_dir(place("whole")).unwrap();
    copied("whole");
    assert_eq!(run(&place("whole"), &["import", path(&second)]).0, Some(3));
    let whole = exported("whole");
    assert_ne!(whole, before);

    // Too little for the tables, for the first people, for a page of the next import, for its
    // people, for its classes.
    for (number, (kib, is_there, import)) in [
        (100, false, &first),
        (420, false, &first),
        (20, true, &second),
        (40, true, &second),
        (80, true, &second),
    ]
    .into_iter()
    .enumerate()
    {
        let data = format!("data-{number}");
        fs::create_dir(place(&data)).unwrap();
        if is_there {
            copied(&data);
        }
        let import = ["import", path(import)];
        let (code, _, stderr) = run_within(kib, &place(&data), &import);
        assert!(code == Some(1) && stderr.contains("store_read_only"), "{kib}: {stderr}");
        assert!(stderr.contains("свободное место"), "{kib}: {stderr}");
        // A copy is checked page by page.
        let copy = place(&format!("copy-{number}"));
        let (code, _, stderr) = run(&place(&data), &["backup", path(&copy)]);
        assert_eq!(code, Some(0), "{kib}: {stderr}");
        if is_there && kib < 80 {
            assert_eq!(exported(&data), before, "{kib}");
        }
        assert_eq!(run(&place(&data), &import).0, Some(3), "{kib}");
        assert_eq!(exported(&data), *if is_there { &whole } else { &before }, "{kib}");
    }
}

#[test]
fn a_school_year_goes_to_a_file_and_comes_back() {
    let folder = Folder::new();
    let place = |name: &str| folder.path().join(name);
    // Long over, with the days of the week that the files' own year has.
    fs::create_dir(place("school")).unwrap();
    for (name, bytes) in files(&school()) {
        let text = String::from_utf8(bytes).unwrap();
        let text = text.replace("2026", "2020").replace("2027", "2021");
        fs::write(place("school").join(name), text).unwrap();
    }
    let data = place("data");
    assert_eq!(run(&data, &["import", path(&place("school"))]).0, Some(3));
    let exported = |name: &str| {
        assert_eq!(run(&data, &["export", path(&place(name))]).0, Some(0));
        files(&place(name))
    };
    let before = exported("before");

    let file = place("2020.jsonl");
    let archive = ["archive", "2020", "--out", path(&file)];
    let (code, stdout, stderr) = run(&data, &archive);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("2020/21") && stderr.contains("Архив: запись архива"), "{stdout}");
    let (code, _, stderr) = run(&data, &archive);
    assert_eq!(code, Some(2), "nothing is overwritten: {stderr}");
    let running = place("2026.jsonl");
    let (code, _, stderr) = run(&data, &["archive", "2026", "--out", path(&running)]);
    assert!(code == Some(2) && stderr.contains("year_runs"), "{stderr}");
    assert!(!place("2026.jsonl").exists());

    let drop = ["drop", "2020", path(&file)];
    let (code, _, stderr) = run(&data, &drop);
    assert!(code == Some(2) && stderr.contains("приказу директора"), "{stderr}");
    assert_eq!(exported("kept"), before);
    let order = ["--order", "12-од", "--order-date", "2026-01-15"];
    let (code, stdout, stderr) = run(&data, &[&drop[..], &order].concat());
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("убраны из базы"), "{stdout}");
    let (code, _, stderr) = run(&data, &["export", path(&place("gone"))]);
    assert!(code == Some(2) && stderr.contains("year_archived"), "{stderr}");

    let damaged = place("damaged.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&damaged, text.replacen("\"5\"", "\"4\"", 1)).unwrap();
    let (code, _, stderr) = run(&data, &["restore", path(&damaged)]);
    assert_eq!(code, Some(2), "{stderr}");
    let (code, stdout, stderr) = run(&data, &["restore", path(&file)]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("снова в базе"), "{stdout}");
    assert_eq!(exported("back"), before);
}

#[tokio::test]
async fn a_lookup_key_is_changed_step_by_step() {
    let folder = Folder::new();
    let place = |name: &str| folder.path().join(name);
    let data = place("data");
    assert_eq!(run(&data, &["import", path(&school())]).0, Some(3));
    let file = data.join("keys.txt");
    let former = fs::read_to_string(&file).unwrap();
    let keys = |arguments: &[&str]| run(&data, &[&["keys"], arguments].concat());
    let done = |arguments: &[&str]| {
        let (code, stdout, stderr) = keys(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {stderr}");
        stdout
    };
    let refused = |arguments: &[&str], exit, named: &str| {
        let before = fs::read_to_string(&file).unwrap();
        let (code, _, stderr) = keys(arguments);
        assert_eq!(code, Some(exit), "{arguments:?}: {stderr}");
        assert!(stderr.contains(named), "{arguments:?}: {stderr}");
        assert_eq!(fs::read_to_string(&file).unwrap(), before);
    };
    let (_, help, _) = keys(&["--help"]);
    let steps = ["rotate-lookup  ", "begin-lookup  ", "rehash  ", "retire-lookup 1"];
    let places: Vec<_> = steps.iter().map(|step| help.rfind(step).unwrap()).collect();
    assert!(places.is_sorted(), "{help}");

    refused(&["begin-lookup"], 2, "keys_unknown");
    assert!(done(&["rotate-lookup"]).contains("begin-lookup"));
    refused(&["rotate-lookup"], 2, "keys_not_begun");
    done(&["drop-lookup"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), former, "what people wrote there stays");
    done(&["rotate-lookup"]);
    refused(&["retire-lookup", "1"], 2, "keys_in_use");
    assert!(done(&["begin-lookup"]).contains("rehash"));
    refused(&["retire-lookup", "1"], 1, "key_needed");
    let (begun, notes) = (fs::read_to_string(&file).unwrap(), former.lines().nth(1).unwrap());
    assert!(begun.contains(notes), "{notes}");
    fs::write(&file, &former).unwrap();
    refused(&["list"], 1, "key_lacking");
    fs::write(&file, begun).unwrap();
    done(&["rehash"]);
    done(&["retire-lookup", "1"]);
    let listed = done(&["list"]);
    assert!(listed.contains("Ключ поиска 2: им записывают."), "{listed}");
    assert!(!listed.contains("Ключ поиска 1"), "{listed}");

    done(&["rotate-seal"]);
    refused(&["retire-seal", "2"], 2, "keys_in_use");
    refused(&["retire-seal", "1"], 1, "key_needed");
    done(&["reseal"]);
    done(&["retire-seal", "1"]);
    refused(&["retire-seal", "1"], 2, "keys_unknown");

    // The same files again are the same people.
    let out = place("before");
    assert_eq!(run(&data, &["export", path(&out)]).0, Some(0));
    assert_eq!(run(&data, &["import", path(&school())]).0, Some(3));
    let again = place("after");
    assert_eq!(run(&data, &["export", path(&again)]).0, Some(0));
    assert_eq!(files(&again), files(&out));
    let house = House::open(&data, vec![school()], NOON).await;
    let person = serde_json::json!({
        "oid": "1000000009", "assurance": "confirmed", "snils": "116-973-385 89",
        "name": {"family": "Ёлкина", "given": "Мария", "patronymic": {"given": "Ивановна"}},
        "birthDate": "1985-04-03",
    });
    let person = serde_json::from_value(person).unwrap();
    let signed_in = house.installation.store().sign_in_with_esia(person).await.unwrap();
    assert_eq!(signed_in.session.accounts.len(), 1);
    let (cards, _) = house.cards("5А").await;
    house.signed_in(&cards[0]).await;
    house.stop().await;
}
