//! `cargo xtask check-merge DIR DIR`: imports two schools into one fresh store, joins their accounts
//! into persons, compares what was joined with the answers in `merge.json` of the second folder, and
//! undoes it.

use std::{collections::BTreeMap, error::Error, path::Path, process::ExitCode, sync::Arc};

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::{BirthDate, FullName},
    journal::ClassName,
    merge::MergePlan,
    people::KeptApart,
    signin::{Assurance, EsiaPerson},
};
use eschool_store::{
    Actor, AfterUndoing, Store,
    ambient::{Entropy as _, OsEntropy},
    backend::{Access, Backend, Credential, MergeableAccount, Registry},
    exchange::{FileForm, SchoolFolder},
    secret::Keys,
};
use serde_json::{Value, json};

use crate::check_school::{Clock, Database, Databases, compare::compare, export, store, tell};

/// A day on which both schools teach, and the pupil who moved has moved.
const DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 12, 2);

/// Compares and prints; the last line is `N passed, N failed`.
pub(crate) fn run(first: &Path, second: &Path, database: Database) -> ExitCode {
    let about = format!("{} and {}", first.display(), second.display());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let checked =
        runtime.map_err(Into::into).and_then(|on| on.block_on(check(first, second, database)));
    tell(checked.map(|(expected, actual)| compare(&expected, &actual)), &about, "what is joined")
}

/// What ought to be joined, and what the store joins.
async fn check(
    first: &Path,
    second: &Path,
    database: Database,
) -> Result<(Value, Value), Box<dyn Error>> {
    let expected = std::fs::read_to_string(second.join("merge.json"))?;
    let mut databases = Databases::of(database)?;
    let joined = match databases.fresh("merge").await {
        Ok(backend) => joined(first, second, &backend, serde_json::from_str(&expected)?).await,
        Err(error) => Err(error),
    };
    databases.drop_all().await?;
    joined
}

async fn joined(
    first: &Path,
    second: &Path,
    backend: &Arc<dyn Backend>,
    mut expected: Value,
) -> Result<(Value, Value), Box<dyn Error>> {
    let clock = Clock::at(DAY.ok_or("no such day")?);
    let keys = Keys::generate(&mut |bytes| OsEntropy.fill(bytes)).to_text();
    let merged = store(Arc::clone(backend), &clock, Keys::parse(&keys)?, "udmurtia_2023")?;
    let a = Side::import(&merged, backend, first).await?;
    let b = Side::import(&merged, backend, second).await?;
    for side in [&a, &b] {
        side.issue_cards(&merged).await?;
    }

    let before = everything(&merged, backend, [&a, &b]).await?;
    let (undone, first) = merged.merge(Actor::Console).await?;
    let undone = undone.ok_or("nothing was joined")?;
    merged.undo_merge(Actor::Console, undone, AfterUndoing::PlanAnew).await?;
    if let Some(part) = before.differs(&everything(&merged, backend, [&a, &b]).await?) {
        return Err(format!("undone, the store is not what it was: {part}").into());
    }
    let (_, plan) = merged.merge(Actor::Console).await?;
    if plan != first {
        return Err("undone, another plan is made of the same accounts".into());
    }
    let persons = persons(backend).await?;
    let separate = store(Arc::clone(backend), &clock, Keys::parse(&keys)?, "ryazan_2022")?;
    let mut actual = told(&expected, &a, &b, &plan, &persons)?;
    if let (Value::Object(actual), Value::Object(expected)) = (&mut actual, &mut expected) {
        // Said in words there; here each word is asked.
        let signs = expected.remove("sign_ins_after").ok_or("no sign_ins_after")?;
        let pair = expected.get("merges").and_then(|merges| merges.get(0));
        let person = a.esia_person(line(pair, "a_line")?)?;
        let after = json!({
            "merged": after(&merged, &person).await?,
            "separate": after(&separate, &person).await?,
        });
        expected.insert("sign_ins_after".into(), signs);
        actual.insert("sign_ins_after".into(), after);
    }
    Ok((expected, actual))
}

/// One of the two schools, with its file of parents.
struct Side {
    school: SchoolId,
    registry: Registry,
    /// The rows of parents.csv by their line.
    parents: BTreeMap<u64, BTreeMap<String, String>>,
}

impl Side {
    async fn import(
        store: &Store<Arc<dyn Backend>>,
        backend: &Arc<dyn Backend>,
        dir: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let report = store.import_school(&SchoolFolder::at(dir)?, &mut |_| {}).await?;
        let registry = backend.begin(Access::Read).await?.registry(report.school).await?;
        let bytes = std::fs::read(dir.join("parents.csv"))?;
        let (text, ..) = encoding_rs::WINDOWS_1251.decode(&bytes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut parents = BTreeMap::new();
        for (row, line) in reader.deserialize().zip(2..) {
            parents.insert(line, row?);
        }
        Ok(Self { school: report.school, registry, parents })
    }

    /// Cards for one class: who has a card still has it when a merge was undone.
    async fn issue_cards(&self, store: &Store<Arc<dyn Backend>>) -> Result<(), Box<dyn Error>> {
        let mut issued = 0;
        for class in &self.registry.classes {
            let made = store.issue_cards(Actor::Console, self.school, &class.name).await?;
            issued = made.cards.len();
            if issued > 0 {
                break;
            }
        }
        if issued == 0 { Err("no pupil gets a card".into()) } else { Ok(()) }
    }

    fn cell(&self, line: u64, column: &str) -> Result<&str, Box<dyn Error>> {
        let cell = self.parents.get(&line).and_then(|row| row.get(column));
        Ok(cell.ok_or_else(|| format!("parents.csv has no {column} in line {line}"))?)
    }

    fn name(&self, line: u64) -> Result<FullName, Box<dyn Error>> {
        let patronymic = self.cell(line, "Отчество")?;
        let (family, given) = (self.cell(line, "Фамилия")?, self.cell(line, "Имя")?);
        Ok(FullName::new(family, given, Some(patronymic))?)
    }

    /// The account that a line of parents.csv became.
    fn account(&self, line: u64) -> Result<AccountId, Box<dyn Error>> {
        let name = self.name(line)?;
        let born: BirthDate = self.cell(line, "Дата рождения")?.parse()?;
        let mut found = self
            .registry
            .accounts
            .iter()
            .filter(|account| account.name.matches(&name) && account.birth_date == Some(born));
        match (found.next(), found.next()) {
            (Some(account), None) => Ok(account.id),
            _ => Err(format!("line {line} of parents.csv is not one account").into()),
        }
    }

    /// The parent of a line, as ЕСИА would vouch for them.
    fn esia_person(&self, line: u64) -> Result<EsiaPerson, Box<dyn Error>> {
        Ok(EsiaPerson {
            oid: "1000000001".into(),
            assurance: Assurance::Confirmed,
            name: self.name(line)?,
            birth_date: Some(self.cell(line, "Дата рождения")?.parse()?),
            snils: Some(self.cell(line, "СНИЛС")?.parse()?),
            verified_phone: None,
            verified_email: None,
            children: Vec::new(),
        })
    }

    /// The class somebody was in, with the first and the last day.
    fn stay(&self, pupil: &str) -> Option<(AccountId, &ClassName, NaiveDate, Option<NaiveDate>)> {
        let account = self.registry.accounts.iter().find(|one| one.name.to_string() == pupil)?;
        let stay = self.registry.stays.iter().find(|stay| stay.pupil == account.id)?;
        let class = self.registry.classes.iter().find(|class| class.id == stay.class)?;
        Some((account.id, &class.name, stay.from, stay.to))
    }
}

type Persons = BTreeMap<(SchoolId, AccountId), PersonId>;

/// Whose each account is.
async fn persons(backend: &Arc<dyn Backend>) -> Result<Persons, Box<dyn Error>> {
    let rows = backend.begin(Access::Read).await?.mergeable_accounts().await?;
    Ok(rows.into_iter().map(|row| ((row.school, row.account), row.person)).collect())
}

/// What a merge and its undoing leave as it was.
struct Everything {
    /// Everybody of each school with every claim.
    registries: Vec<Registry>,
    /// Whose each account is by its own row,
    accounts: Vec<MergeableAccount>,
    /// and by its person.
    memberships: Vec<(PersonId, Vec<(SchoolId, AccountId)>)>,
    kept_apart: Vec<KeptApart>,
    credentials: Vec<Vec<Credential>>,
    /// The journals and all else, as each school is given out.
    exports: Vec<Vec<(String, Vec<u8>)>>,
}

impl Everything {
    /// What is not the same, if anything is not.
    fn differs(&self, other: &Self) -> Option<&'static str> {
        [
            ("people and claims", self.registries == other.registries),
            ("accounts", self.accounts == other.accounts),
            ("persons", self.memberships == other.memberships),
            ("who is kept apart", self.kept_apart == other.kept_apart),
            ("cards", self.credentials == other.credentials),
            ("what the schools are given out as", self.exports == other.exports),
        ]
        .into_iter()
        .find_map(|(part, is_same)| (!is_same).then_some(part))
    }
}

async fn everything(
    store: &Store<Arc<dyn Backend>>,
    backend: &Arc<dyn Backend>,
    sides: [&Side; 2],
) -> Result<Everything, Box<dyn Error>> {
    let mut exports = Vec::new();
    for side in sides {
        let files = export(store, side.school, FileForm::Csv).await?;
        exports
            .push(files.iter().map(|(name, bytes)| (name.to_string(), bytes.to_vec())).collect());
    }
    let mut tx = backend.begin(Access::Read).await?;
    let (mut registries, mut credentials) = (Vec::new(), Vec::new());
    for side in sides {
        registries.push(tx.registry(side.school).await?);
        credentials.push(tx.school_credentials(side.school).await?);
    }
    if credentials.iter().any(Vec::is_empty) {
        return Err("a school has no cards".into());
    }
    let accounts = tx.mergeable_accounts().await?;
    let mut people: Vec<PersonId> = accounts.iter().map(|account| account.person).collect();
    people.sort_unstable();
    people.dedup();
    let mut memberships = Vec::new();
    for person in people {
        memberships.push((person, tx.accounts_of(&[person]).await?));
    }
    let kept_apart = tx.kept_apart(None).await?;
    Ok(Everything { registries, accounts, memberships, kept_apart, credentials, exports })
}

/// What was joined, in the shape of `merge.json`: the pairs that are asked for as far as they came
/// true, and all that nobody asked for.
fn told(
    expected: &Value,
    a: &Side,
    b: &Side,
    plan: &MergePlan,
    persons: &Persons,
) -> Result<Value, Box<dyn Error>> {
    let person = |side: &Side, account| persons.get(&(side.school, account)).copied();
    let (mut joined, mut conflicts) = (Vec::new(), Vec::new());
    let in_conflict = |one, other| {
        let has = |id, conflict: &eschool_core::merge::MergeConflict| {
            conflict.accounts.iter().any(|account| account.account == id)
        };
        plan.conflicts.iter().any(|conflict| has(one, conflict) && has(other, conflict))
    };
    let mut answer = serde_json::Map::new();
    for (list, is_so) in
        [("merges", (true, false)), ("conflicts", (false, true)), ("not_merged", (false, false))]
    {
        let mut kept = Vec::new();
        for pair in expected.get(list).and_then(Value::as_array).into_iter().flatten() {
            let one = a.account(line(Some(pair), "a_line")?)?;
            let other = b.account(line(Some(pair), "b_line")?)?;
            let is_one = person(a, one) == person(b, other);
            if (is_one, in_conflict(one, other)) == is_so {
                kept.push(pair.clone());
            }
            if list == "merges" {
                joined.push(other);
            } else if list == "conflicts" {
                conflicts.push(one);
            }
        }
        answer.insert(list.into(), kept.into());
    }
    let moved = expected.get("moved_pupil").and_then(|moved| moved.get("pupil"));
    let moved = moved.and_then(Value::as_str).ok_or("no moved_pupil")?;
    let was = a.stay(moved).ok_or("the moved pupil was not in the first school")?;
    let is = b.stay(moved).ok_or("the moved pupil is not in the second school")?;
    answer.insert(
        "moved_pupil".into(),
        json!({
            "pupil": moved, "a_class": was.1, "until": was.3, "b_class": is.1, "since": is.2,
        }),
    );
    // The pupil is one person too, if both schools have the СНИЛС.
    joined.push(is.0);
    let unasked = plan.moves.iter().filter(|step| !joined.contains(&step.account)).count();
    // The answers are of rows of parents.csv: a pupil who has a parent's number is not in them.
    let is_parent = |account| {
        let bonds = a.registry.guardianships.iter().chain(&b.registry.guardianships);
        bonds.clone().any(|bond| bond.parent == account)
    };
    let is_pupil = |account| {
        let stays = a.registry.stays.iter().chain(&b.registry.stays);
        stays.clone().any(|stay| stay.pupil == account)
    };
    let unsettled = plan.conflicts.iter().filter(|conflict| {
        let accounts = || conflict.accounts.iter().map(|account| account.account);
        let is_mixed = accounts().any(is_parent) && accounts().any(is_pupil);
        !is_mixed && !accounts().any(|account| conflicts.contains(&account))
    });
    let unsettled = unsettled.count();
    if unasked + unsettled > 0 {
        answer.insert("unasked".into(), json!({ "merges": unasked, "conflicts": unsettled }));
    }
    Ok(answer.into())
}

/// What becomes of a parent of both schools who signs in, in the words of `merge.json`.
async fn after(
    store: &Store<Arc<dyn Backend>>,
    person: &EsiaPerson,
) -> Result<String, Box<dyn Error>> {
    let session = store.sign_in_with_esia(person.clone()).await?.session;
    let overviews = store.overview(&session).await?;
    let with_children = overviews.iter().filter(|school| !school.children.is_empty()).count();
    Ok(match (session.must_choose(), with_children) {
        (false, 2) => "one person, both schools under «Мои дети»".into(),
        (true, 2) => "one person, the school is chosen after sign-in".into(),
        (chosen, schools) => format!("to choose: {chosen}, schools with children: {schools}"),
    })
}

fn line(pair: Option<&Value>, key: &str) -> Result<u64, Box<dyn Error>> {
    let line = pair.and_then(|pair| pair.get(key)).and_then(Value::as_u64);
    Ok(line.ok_or_else(|| format!("merge.json: no {key}"))?)
}
