//! The sample schools that lie beside the project, imported and compared with their answers.
#![cfg(all(feature = "exchange", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a failed expectation is how a test fails")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::{
    fs,
    num::NonZero,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use eschool_core::policy::SignInPolicy;
use eschool_store::{
    ExportOptions, Store, StoreSettings,
    ambient::{Ambient, OsEntropy},
    backend::{Access, Backend},
    exchange::{
        FileForm, FileKind, ImportReport, ImportStage, SchoolFiles, SchoolFolder, SchoolSource,
    },
    memory::MemoryBackend,
    secret::{Argon2id, Keys, Passwords, Vault},
};
use serde_json::{Value, json};

fn store<B: Backend>(backend: B) -> Store<B> {
    let now: DateTime<Utc> = "2024-12-31T12:00:00Z".parse().unwrap();
    Store::new(
        backend,
        Ambient::new(Arc::new(move || now), Arc::new(OsEntropy)),
        Vault::new(Keys::generate(&mut |bytes| bytes.fill(7))),
        Passwords::new(Arc::new(Argon2id::default()), NonZero::<usize>::MIN).unwrap(),
        SignInPolicy::ryazan_2022(),
        StoreSettings::default(),
    )
}

/// The folder of a sample school; none, with a word about it, where the data is not there.
fn folder(school: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(school);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no sample school at {}", folder.display());
    None
}

async fn import<B: Backend>(store: &Store<B>, files: &dyn SchoolSource) -> ImportReport {
    let mut stages = Vec::new();
    let mut progress = |told: eschool_store::exchange::ImportProgress| {
        assert!(told.done <= told.total, "{told:?}");
        stages.push(told.stage);
    };
    let report = store.import_school(files, &mut progress).await.unwrap();
    assert!(stages.is_sorted());
    assert_eq!(stages.last(), Some(&ImportStage::Finals));
    report
}

async fn export<B: Backend>(
    store: &Store<B>,
    report: &ImportReport,
    form: FileForm,
) -> SchoolFiles {
    let options = ExportOptions { form, year: None };
    store.export_for_operator(report.school, options).await.unwrap()
}

/// The report in the form of the answers.
fn answers(report: &ImportReport) -> Value {
    let (of_parents, others): (Vec<_>, Vec<_>) = report
        .refused
        .iter()
        .partition(|refused| FileKind::of_name(&refused.file) == Some(FileKind::Parents));
    let coded = |rows: &[&eschool_store::exchange::Refused]| -> Vec<Value> {
        rows.iter().map(|row| json!({"line": row.line, "code": row.code})).collect()
    };
    let conflicts: Vec<_> = report.conflicts.iter().collect();
    json!({
        "school": report.school_name,
        "accounts_created": report.accounts_created,
        "counts": {
            "pupils": report.counts.pupils,
            "pupil_rows": report.counts.pupil_rows,
            "parent_rows": report.counts.parent_rows,
            "classes": report.counts.classes,
            "lessons": report.counts.lessons,
            "marks": report.counts.marks,
            "attendance": report.counts.attendance,
            "finals": report.counts.finals,
        },
        "families_with_several_children": report.families_with_several_children,
        "refused": sorted(others.iter().map(|row| json!({
            "file": row.file, "line": row.line, "column": row.column, "code": row.code,
        }))),
        "parents": {
            "refused": coded(&of_parents),
            "conflicts": coded(&conflicts),
            "incomplete": report.incomplete,
            "discrepancies": report.discrepancies,
            "shared_phones": report.shared_phones.iter()
                .map(|lines| json!({"lines": lines})).collect::<Vec<_>>(),
            "latin_look_alikes": report.latin_look_alikes.iter()
                .map(|line| json!({"line": line})).collect::<Vec<_>>(),
            "several_children": sorted(report.several_children.iter().map(|parent| json!({
                "parent_line": parent.parent_line, "children": parent.children,
            }))),
        },
    })
}

fn sorted(rows: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(Value::to_string);
    rows
}

/// The answers, with the lists in one order that the answers leave open.
fn expected(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("expected.json")).unwrap();
    let mut expected: Value = serde_json::from_str(&text).unwrap();
    let answers = expected.as_object_mut().unwrap();
    answers.retain(|key, _| !matches!(key.as_str(), "diaries" | "sign_in"));
    for list in ["/refused", "/parents/several_children"] {
        let rows = expected.pointer_mut(list).and_then(Value::as_array_mut).unwrap();
        rows.sort_by_key(Value::to_string);
    }
    expected
}

async fn imports_as_expected(backend: impl Backend + Clone, school: &str) {
    let Some(folder) = folder(school) else { return };
    let files = SchoolFolder::at(&folder).unwrap();
    let store = store(backend.clone());
    let first = import(&store, &files).await;
    let given = export(&store, &first, FileForm::Csv).await;
    let (ours, answers) = (answers(&first), expected(&folder));
    for (key, answer) in answers.as_object().unwrap() {
        assert_eq!(ours.get(key), Some(answer), "{school}: {key}");
    }
    assert_eq!(ours, answers);

    let again = import(&store, &files).await;
    assert_eq!(again.changed, 0);
    assert!(export(&store, &first, FileForm::Csv).await == given);
    let as_first =
        ImportReport { accounts_created: first.accounts_created, changed: first.changed, ..again };
    assert_eq!(as_first, first);

    // What a thief of the database finds of the rows that were refused.
    let registry = backend.begin(Access::Read).await.unwrap().registry(first.school).await.unwrap();
    let of_people = ["pupils.csv", "parents.csv", "staff.csv"];
    let kept = first.refused.iter().chain(&first.conflicts);
    let kept = kept.filter(|row| of_people.contains(&row.file.as_str())).count();
    assert_eq!(registry.refused_rows.len(), kept);
}

#[tokio::test]
async fn school_a_imports_as_expected() {
    imports_as_expected(MemoryBackend::new(), "school-a").await;
}

#[tokio::test]
async fn school_b_imports_as_expected() {
    imports_as_expected(MemoryBackend::new(), "school-b").await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_file_takes_a_school_as_memory_does() {
    use eschool_store::sqlite::SqliteBackend;

    let name = format!("eschool-exchange-{}.sqlite3", std::process::id());
    let file = std::env::temp_dir().join(name);
    let backend = SqliteBackend::open(&file).await.unwrap();
    imports_as_expected(backend.clone(), "school-a").await;
    backend.close().await;
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn two_schools_stand_beside_each_other() {
    let (Some(a), Some(b)) = (folder("school-a"), folder("school-b")) else { return };
    let store = store(MemoryBackend::new());
    let a = import(&store, &SchoolFolder::at(&a).unwrap()).await;
    let b = import(&store, &SchoolFolder::at(&b).unwrap()).await;
    assert_ne!(a.school, b.school);
    let prefixes: Vec<_> =
        store.schools().await.unwrap().into_iter().map(|school| school.login_prefix).collect();
    assert_eq!(prefixes, ["s27", "s34"]);
}

#[tokio::test]
async fn a_school_given_out_and_taken_in_elsewhere_is_the_same() {
    let Some(folder) = folder("school-a") else { return };
    let first = store(MemoryBackend::new());
    let report = import(&first, &SchoolFolder::at(&folder).unwrap()).await;
    let files = export(&first, &report, FileForm::Csv).await;
    for form in [FileForm::Csv, FileForm::Xlsx] {
        let second = store(MemoryBackend::new());
        let again = import(&second, &export(&first, &report, form).await).await;
        assert_eq!(again.refused, [], "{form:?}");
        assert_eq!(again.counts.marks, report.counts.marks);
        assert!(export(&second, &again, FileForm::Csv).await == files, "{form:?}");
    }
}

#[tokio::test]
async fn parents_in_a_spreadsheet_say_what_they_say_in_a_text() {
    let Some(folder) = folder("school-a") else { return };
    let text = SchoolFolder::at(&folder).unwrap();
    let sheet = SchoolFolder::at_with(&folder, FileForm::Xlsx).unwrap();
    assert_eq!(text.form(FileKind::Parents), Some(FileForm::Csv));
    assert_eq!(sheet.form(FileKind::Parents), Some(FileForm::Xlsx));
    let (one, other) = (store(MemoryBackend::new()), store(MemoryBackend::new()));
    let of_text = import(&one, &text).await;
    let of_sheet = import(&other, &sheet).await;
    assert_eq!(answers(&of_sheet), expected(&folder));
    let named = of_sheet.refused.iter().filter(|row| row.file == "parents.xlsx").count();
    assert!(named > 0 && of_text.refused.iter().all(|row| row.file != "parents.xlsx"));
    let files = export(&one, &of_text, FileForm::Csv).await;
    assert!(export(&other, &of_sheet, FileForm::Csv).await == files);
    // One after the other changes nothing.
    assert_eq!(import(&one, &sheet).await.changed, 0);
}
