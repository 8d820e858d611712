//! Accounts that several schools keep of one person, on the command line.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
};

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    merge::{MergeConflict, MergePlan},
};
use eschool_store::{
    Actor, AfterUndoing, Settlement,
    backend::{Access, MergeRow},
};

use crate::{
    cli::{AccountAddress, MergesTask},
    start::{Installation, StartError},
    view::{date, number::counted},
};

const ACCOUNTS: [&str; 3] = ["учётная запись", "учётные записи", "учётных записей"];

/// Does what is asked about accounts of one person, and prints what came of it.
///
/// # Errors
/// [`StartError::Merge`] where there is no such merge or account, or it cannot be undone.
pub async fn run(
    installation: &Installation,
    task: MergesTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let store = &installation.store;
    match task {
        MergesTask::Plan => {
            let plan = store.foresee_merges(Actor::Console).await?;
            planned(installation, &plan, out).await?;
        }
        MergesTask::Join => {
            let (merge, plan) = store.merge(Actor::Console).await?;
            planned(installation, &plan, out).await?;
            match merge {
                Some(id) => writeln!(out, "Объединено. Отменить: portal admin merges undo {id}")?,
                None => writeln!(out, "Объединять нечего.")?,
            }
        }
        MergesTask::List { last } => {
            for row in store.merges(Actor::Console, last).await? {
                writeln!(out, "{}", line(installation, &row))?;
            }
        }
        MergesTask::Undo { merge, keep_apart } => {
            let after = match keep_apart {
                true => AfterUndoing::KeepApart,
                false => AfterUndoing::PlanAnew,
            };
            store.undo_merge(Actor::Console, merge, after).await?;
            writeln!(out, "Отменено.")?;
        }
        MergesTask::Settle { accounts, one_person, .. } => {
            let settlement = match one_person {
                true => Settlement::OnePerson,
                false => Settlement::TwoPeople,
            };
            settle(installation, &accounts, settlement, out).await?;
        }
    }
    Ok(out.flush()?)
}

async fn settle(
    installation: &Installation,
    accounts: &[AccountAddress],
    settlement: Settlement,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let [AccountAddress(school, account), AccountAddress(other_school, other)] = accounts else {
        return Err(eschool_store::MergeError::NoSuchAccounts.into());
    };
    let (one, other) = ((*school, *account), (*other_school, *other));
    match installation.store.settle(Actor::Console, one, other, settlement).await? {
        Some(id) => writeln!(out, "Решено. Отменить: portal admin merges undo {id}")?,
        None => writeln!(out, "Решено.")?,
    }
    Ok(())
}

/// Prints a plan: whose accounts come together, and what somebody has to settle.
async fn planned(
    installation: &Installation,
    plan: &MergePlan,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let mut joined: BTreeMap<PersonId, Vec<(SchoolId, AccountId)>> = BTreeMap::new();
    for step in &plan.moves {
        joined.entry(step.into).or_default().push((step.school, step.account));
    }
    let mut tx = installation.backend.begin(Access::Read).await?;
    let schools = tx.schools().await?.into_iter().map(|school| (school.id, school.name));
    let schools: HashMap<SchoolId, String> = schools.collect();
    // The plan was made by all of them too; to ask for each by itself would be many questions.
    let accounts = tx.mergeable_accounts().await?;
    drop(tx);
    let mut of_person: HashMap<PersonId, Vec<(SchoolId, AccountId)>> = HashMap::new();
    for account in accounts.iter().filter(|account| joined.contains_key(&account.person)) {
        of_person.entry(account.person).or_default().push((account.school, account.account));
    }
    let known: HashMap<AccountId, _> =
        accounts.iter().map(|account| (account.account, account)).collect();
    let told = |(school, account): (SchoolId, AccountId)| {
        let name = known.get(&account).map_or_else(String::new, |known| known.name.to_string());
        let born = known.get(&account).and_then(|known| known.birth_date);
        let born = born.map(|born| born.date().format(", %d.%m.%Y").to_string());
        let school_name = schools.get(&school).map_or("", String::as_str);
        let address = AccountAddress(school, account);
        format!("  {name}{} – {school_name}\n    {address}", born.unwrap_or_default())
    };

    writeln!(out, "Людей с несколькими учётными записями: {}", joined.len())?;
    for (person, accounts) in &joined {
        let kept = of_person.get(person).into_iter().flatten();
        let mut all: Vec<_> = kept.chain(accounts).copied().collect();
        all.sort_unstable();
        all.dedup();
        writeln!(out)?;
        for account in all {
            writeln!(out, "{}", told(account))?;
        }
    }
    writeln!(out, "\nНужно решить вручную: {}", plan.conflicts.len())?;
    for conflict in &plan.conflicts {
        writeln!(out, "\n  {}", why(conflict))?;
        for account in &conflict.accounts {
            writeln!(out, "{}", told((account.school, account.account)))?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// What speaks against the accounts of a conflict being one person's.
fn why(conflict: &MergeConflict) -> String {
    let mut differs: Vec<&str> = conflict
        .accounts
        .iter()
        .flat_map(|account| &account.differs)
        .map(|field| field.text_ru())
        .collect();
    differs.sort_unstable();
    differs.dedup();
    match differs.is_empty() {
        true => "СНИЛС один и тот же, но решено, что это разные люди".into(),
        false => format!("СНИЛС один, но различаются: {}", differs.join(", ")),
    }
}

fn line(installation: &Installation, row: &MergeRow) -> String {
    let moved = counted(row.moves.len() as u64, ACCOUNTS);
    let at = date::moment_year(row.at, installation.zone);
    let undone = row.undone_at.map(|at| date::moment_year(at, installation.zone));
    let undone = undone.map_or_else(String::new, |at| format!(", отменено {at}"));
    format!("{}  {at}: {moved}{undone}", row.id)
}
