//! What a store tells of a school's files, in the shape of `expected.json`.

use std::{error::Error, num::NonZeroUsize, path::Path, sync::Arc};

use chrono::NaiveDate;
use eschool_core::policy::SignInPolicy;
use eschool_store::{
    Store, StoreSettings,
    ambient::{Ambient, Entropy as _, OsEntropy},
    backend::{Access, Backend},
    exchange::{FileForm, FileKind, ImportReport, SchoolFolder},
    secret::{Argon2id, Keys, Passwords, Vault},
};
use serde_json::{Value, json};

use super::{
    canonical,
    database::{Database, Databases},
    diaries,
    esia::Esia,
    school::{Clock, School},
    sign_ins,
};

/// The day on which the files are imported and cards are made.
const FIRST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 9, 1);

/// The presets that `expected.json` speaks of.
const SEEDS: [&str; 2] = ["ryazan_2022", "udmurtia_2023"];

/// Imports the folder, and answers what `expected` asks. Where a file is there both as text and as a
/// spreadsheet, the `form` that is asked for is read.
pub(super) async fn of(
    dir: &Path,
    form: FileForm,
    database: Database,
    expected: &Value,
) -> Result<Value, Box<dyn Error>> {
    let mut databases = Databases::of(database)?;
    let told = answers(dir, form, &mut databases, expected).await;
    databases.drop_all().await?;
    told
}

async fn answers(
    dir: &Path,
    form: FileForm,
    databases: &mut Databases,
    expected: &Value,
) -> Result<Value, Box<dyn Error>> {
    let files = SchoolFolder::at_with(dir, form)?;
    let backend = databases.fresh("school").await?;
    let first = FIRST_DAY.ok_or("no such first day")?;
    let clock = Clock::at(first);
    let vault_keys = Keys::generate(&mut |bytes| OsEntropy.fill(bytes)).to_text();
    let keys = || Keys::parse(&vault_keys);
    let mut schools = Vec::new();
    let mut given_out = Vec::new();
    for policy in SEEDS {
        let store = store(backend.clone(), &clock, keys()?, policy)?;
        let report = store.import_school(&files, &mut |_| {}).await?;
        let registry = backend.begin(Access::Read).await?.registry(report.school).await?;
        given_out.push(canonical::export(&store, report.school, FileForm::Csv).await?);
        schools.push(School { clock: clock.clone(), store, policy, report, registry });
    }
    // Under the second preset the same files are imported once more: nothing may change.
    let [first_import, second_import] = &schools[..] else { return Err("two presets".into()) };
    if second_import.report.changed != 0 {
        let changed = second_import.report.changed;
        return Err(format!("a second import changed {changed} rows").into());
    }
    let [canonical, after_second] = &given_out[..] else { return Err("two presets".into()) };
    canonical::compare("after a second import", canonical, after_second)?;
    for form in [FileForm::Csv, FileForm::Xlsx] {
        let other = databases.fresh(&format!("from_{}", form.extension())).await?;
        let there = store(other, &clock, keys()?, SEEDS[0])?;
        canonical::goes_through(first_import, &there, form, canonical).await?;
    }
    let mut answers = told(&first_import.report);
    let mut sign_in = Vec::new();
    let esia = Esia::start(dir, databases.folder(), &clock).await?;
    for school in &schools {
        sign_in.push(sign_ins::of(school, &esia, expected).await?);
    }
    // expected.json: «the same for both seed presets»
    let [one, other] = &sign_in[..] else { return Err("two presets".into()) };
    if one != other {
        let (one, other) = (json!(one), json!(other));
        return Err(format!("the presets do not agree on sign-in: {one} and {other}").into());
    }
    // Who left later in the year reads the whole diary on this day.
    clock.set(first);
    let diaries = diaries::of(first_import, expected).await?;
    if let Value::Object(answers) = &mut answers {
        answers.insert("sign_in".into(), Value::Array(one.clone()));
        answers.insert("diaries".into(), Value::Array(diaries));
    }
    Ok(answers)
}

/// A store under a preset, with a clock that is set by hand.
pub(crate) fn store<B: Backend>(
    backend: B,
    clock: &Clock,
    keys: Keys,
    policy: &str,
) -> Result<Store<B>, Box<dyn Error>> {
    let clock = clock.clone();
    Ok(Store::new(
        backend,
        Ambient::new(Arc::new(move || clock.now()), Arc::new(OsEntropy)),
        Vault::new(keys),
        // The costs of argon2id are its own tests' affair: here only the outcome counts.
        Passwords::new(Arc::new(Argon2id::with_costs(64, 1, 1)?), NonZeroUsize::MIN)?,
        SignInPolicy::preset(policy)?,
        StoreSettings::default(),
    ))
}

/// The report of the import.
fn told(report: &ImportReport) -> Value {
    let row = |line: u32, code: &str| json!({ "line": line, "code": code });
    let in_parents = |file: &str| FileKind::of_name(file) == Some(FileKind::Parents);
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
        "refused": report.refused.iter().filter(|row| !in_parents(&row.file)).map(|row| json!({
            "file": row.file, "line": row.line, "column": row.column, "code": row.code,
        })).collect::<Vec<_>>(),
        "families_with_several_children": report.families_with_several_children,
        "parents": {
            "refused": report.refused.iter().filter(|row| in_parents(&row.file))
                .map(|refused| row(refused.line, refused.code)).collect::<Vec<_>>(),
            "conflicts": report.conflicts.iter()
                .map(|refused| row(refused.line, refused.code)).collect::<Vec<_>>(),
            "incomplete": report.incomplete.iter()
                .map(|row| json!({ "line": row.line, "missing": row.missing }))
                .collect::<Vec<_>>(),
            "discrepancies": report.discrepancies.iter()
                .map(|row| json!({ "line": row.line, "field": row.field })).collect::<Vec<_>>(),
            "shared_phones": report.shared_phones.iter()
                .map(|lines| json!({ "lines": lines })).collect::<Vec<_>>(),
            "latin_look_alikes": report.latin_look_alikes.iter()
                .map(|line| json!({ "line": line })).collect::<Vec<_>>(),
            "several_children": report.several_children.iter().map(|parent| json!({
                "parent_line": parent.parent_line, "children": parent.children,
            })).collect::<Vec<_>>(),
        },
    })
}

/// A folder that goes when the check is over.
pub(super) struct Scratch(pub(super) std::path::PathBuf);

impl Scratch {
    pub(super) fn new() -> std::io::Result<Self> {
        let mut name = [0; 8];
        OsEntropy.fill(&mut name);
        let name = format!("eschool-check-{:016x}", u64::from_be_bytes(name));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clean: it lies in its temporary folder.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
