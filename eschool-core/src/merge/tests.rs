use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec,
    vec::Vec,
};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    id::{AccountId, PersonId, SchoolId},
    identity::{BirthDate, FullName, Snils},
    people::{Account, KeptApart},
};

/// What a test says of an account: person, СНИЛС, family name with given name, birth date.
type Said = (u128, &'static str, &'static str, &'static str);

const X: &str = "112-233-445 95";
const Y: &str = "116-973-385 89";

fn account(number: u128, (person, snils, name, born): Said) -> Account {
    let (family, rest) = name.split_once(' ').unwrap();
    let (given, patronymic) = rest.split_once(' ').unwrap_or((rest, ""));
    Account {
        id: AccountId(Uuid::from_u128(number)),
        school: SchoolId(Uuid::from_u128(number)),
        person: PersonId(Uuid::from_u128(person)),
        name: FullName::new(family, given, Some(patronymic)).unwrap(),
        birth_date: (!born.is_empty()).then(|| born.parse().unwrap()),
        snils: (!snils.is_empty()).then(|| Snils::parse(snils).unwrap()),
        phone: None,
        email: None,
    }
}

/// Accounts 1, 2, 3 … in that order.
fn accounts(said: &[Said]) -> Vec<Account> {
    (1..).zip(said).map(|(number, said)| account(number, *said)).collect()
}

fn plan(accounts: &[Account]) -> MergePlan {
    plan_but(accounts, &[])
}

fn plan_but(accounts: &[Account], apart: &[KeptApart]) -> MergePlan {
    plan_merges(&accounts.iter().map(MergeRow::from).collect::<Vec<_>>(), apart)
}

fn apart((one, other): (u128, u128)) -> KeptApart {
    let [one, other] = [one, other].map(|number| AccountId(Uuid::from_u128(number)));
    KeptApart { one, other }
}

/// A plan in a line: `2:7→3` account 2 goes from person 7 to person 3; `!1 2(name,birth_date)` a
/// conflict of accounts 1 and 2, with `1≠2` where they are kept apart.
fn told(plan: &MergePlan) -> String {
    let moves = plan.moves.iter().map(|step| {
        let [account, from, into] =
            [step.account.0, step.from.0, step.into.0].map(|id| id.as_u128());
        format!("{account}:{from}→{into}")
    });
    let conflicts = plan.conflicts.iter().map(|conflict| {
        let accounts = conflict.accounts.iter().map(|one| {
            let fields: Vec<_> = one.differs.iter().map(MergeField::as_str).collect();
            let differs =
                if fields.is_empty() { String::new() } else { format!("({})", fields.join(",")) };
            format!("{}{differs}", one.account.0.as_u128())
        });
        let apart = conflict
            .kept_apart
            .iter()
            .map(|KeptApart { one, other }| format!(" {}≠{}", one.0.as_u128(), other.0.as_u128()));
        let apart: String = apart.collect();
        format!("!{}{apart}", accounts.collect::<Vec<_>>().join(" "))
    });
    moves.chain(conflicts).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_same_snils_is_the_same_person_unless_name_and_birth_date_both_differ() {
    let first = (1, X, "Ёлкина Анна Олеговна", "17.05.1985");
    for (case, second, expected) in [
        ("the same", (2, X, "Ёлкина Анна Олеговна", "17.05.1985"), "2:2→1"),
        ("look-alikes and е", (2, X, "EЛКИНA Анна Олеговна", "18.05.1985"), "2:2→1"),
        ("another family name", (2, X, "Соснова Анна Олеговна", "17.05.1985"), "2:2→1"),
        ("another date", (2, X, "Ёлкина Анна Олеговна", "18.05.1985"), "2:2→1"),
        ("no date", (2, X, "Соснова Инна Олеговна", ""), "2:2→1"),
        ("no patronymic, another date", (2, X, "Ёлкина Анна", "18.05.1985"), "2:2→1"),
        (
            "another patronymic, another date",
            (2, X, "Ёлкина Анна Львовна", "18.05.1985"),
            "!1 2(name,birth_date)",
        ),
        ("both differ", (2, X, "Соснова Инна Олеговна", "18.05.1985"), "!1 2(name,birth_date)"),
        ("no СНИЛС", (2, "", "Ёлкина Анна Олеговна", "17.05.1985"), ""),
        ("another СНИЛС", (2, Y, "Ёлкина Анна Олеговна", "17.05.1985"), ""),
    ] {
        assert_eq!(told(&plan(&accounts(&[first, second]))), expected, "{case}");
    }
}

#[test]
fn the_oldest_person_stays_and_all_accounts_of_the_others_follow() {
    let ann = "Ёлкина Анна";
    for (case, said, expected) in [
        ("three schools", vec![(7, X, ann, ""), (3, X, ann, ""), (5, X, ann, "")], "1:7→3; 3:5→3"),
        ("one person already", vec![(3, X, ann, ""), (3, X, ann, "")], ""),
        (
            "an account without a СНИЛС follows its person",
            vec![(3, X, ann, ""), (5, X, ann, ""), (5, "", ann, ""), (6, "", ann, "")],
            "2:5→3; 3:5→3",
        ),
        (
            "it may be where the oldest person is",
            vec![(3, "", ann, ""), (3, X, ann, ""), (5, X, ann, "")],
            "3:5→3",
        ),
    ] {
        assert_eq!(told(&plan(&accounts(&said))), expected, "{case}");
    }
}

#[test]
fn nothing_merges_through_an_account_that_agrees_with_two_who_contradict_each_other() {
    let (first, third) = ((1, X, "Ёлкина Анна", "17.05.1985"), (3, X, "Дубова Инна", "01.02.1990"));
    for (case, said, expected) in [
        (
            "the name of one and the date of the other",
            vec![first, (2, X, "Ёлкина Анна", "01.02.1990"), third],
            "!1 2(birth_date) 3(name,birth_date)",
        ),
        (
            "no date at all",
            vec![first, (2, X, "Ёлкина Анна", ""), third],
            "!1 2 3(name,birth_date)",
        ),
        (
            "it is the oldest",
            vec![
                (1, X, "Ёлкина Анна", "17.05.1985"),
                (2, X, "Ёлкина Анна", "01.02.1990"),
                (3, X, "Дубова Инна", "17.05.1985"),
            ],
            "!1 2(birth_date) 3(name)",
        ),
        (
            "two sides that agree with nobody of the other merge each by itself",
            vec![
                first,
                (2, X, "ЁЛКИНА АННА", "17.05.1985"),
                third,
                (4, X, "ДУБОВА ИННА", "01.02.1990"),
            ],
            "2:2→1; 4:4→3; !1 2 3(name,birth_date) 4(name,birth_date)",
        ),
    ] {
        assert_eq!(told(&plan(&accounts(&said))), expected, "{case}");
    }
}

#[test]
fn what_somebody_settled_is_not_asked_again() {
    let said = [(1, X, "Ёлкина Анна", "17.05.1985"), (1, X, "Дубова Инна", "01.02.1990")];
    assert_eq!(told(&plan(&accounts(&said))), "");
}

#[test]
fn who_is_kept_apart_is_neither_merged_nor_asked_about_again() {
    let first = (1, X, "Ёлкина Анна", "17.05.1985");
    let another = (2, X, "Дубова Инна", "01.02.1990");
    let as_first = |person| (person, X, "ЁЛКИНА АННА", "17.05.1985");
    for (case, said, kept_apart, expected) in [
        ("an undone merge", vec![first, as_first(2)], vec![(1, 2)], ""),
        ("said the other way round", vec![first, as_first(2)], vec![(2, 1)], ""),
        ("a settled conflict", vec![first, another], vec![(1, 2)], ""),
        ("said of an account that is gone", vec![first, as_first(2)], vec![(1, 9)], "2:2→1"),
        ("of one person since", vec![first, as_first(1), as_first(3)], vec![(1, 2)], "3:3→1"),
        (
            "by another account of the person",
            vec![first, (2, "", "Ли Ян", ""), as_first(2)],
            vec![(1, 2)],
            "",
        ),
        ("of others", vec![first, as_first(2), (3, Y, "Ли Ян", "")], vec![(1, 3)], "2:2→1"),
        (
            "a third agrees with both",
            vec![first, as_first(2), as_first(3)],
            vec![(2, 1), (1, 2)],
            "!1 2 3 1≠2",
        ),
        ("a third agrees with one", vec![first, another, as_first(3)], vec![(1, 2)], "3:3→1"),
        (
            "a third, of whom nobody said anything",
            vec![first, another, (3, X, "Ли Ян", "05.06.1970")],
            vec![(1, 2)],
            "!1 2(name,birth_date) 3(name,birth_date) 1≠2",
        ),
        (
            "each from each",
            vec![first, another, (3, X, "Ли Ян", "05.06.1970")],
            vec![(1, 2), (2, 3), (3, 1)],
            "",
        ),
    ] {
        let kept_apart: Vec<_> = kept_apart.into_iter().map(apart).collect();
        assert_eq!(told(&plan_but(&accounts(&said), &kept_apart)), expected, "{case}");
    }
}

#[test]
fn two_snils_of_one_person_do_not_join_others_who_have_one_each() {
    let ann = "Ёлкина Анна";
    let said = [(1, X, ann, ""), (1, Y, ann, ""), (2, X, ann, ""), (3, Y, ann, "")];
    assert_eq!(told(&plan(&accounts(&said))), "!1 2(snils) 3 4(snils)");
}

#[test]
fn a_plan_is_empty_without_moves_and_without_conflicts() {
    let ann = (1, X, "Ёлкина Анна", "17.05.1985");
    let empty = |said: &[Said]| plan(&accounts(said)).is_empty();
    assert!(empty(&[ann]));
    assert!(!empty(&[ann, (2, X, "Ёлкина Анна", "")]));
    assert!(!empty(&[ann, (2, X, "Дубова Инна", "01.02.1990")]));
}

#[test]
fn where_accounts_differ_is_told_in_words() {
    let told: Vec<_> = MergeField::KNOWN.iter().map(MergeField::text_ru).collect();
    assert_eq!(told, ["фамилия, имя, отчество", "дата рождения", "СНИЛС"]);
    assert_eq!(MergeField::Unknown("phone".into()).text_ru(), "phone");
}

#[test]
fn only_a_snils_ties_the_accounts_of_two_persons() {
    // The second person has an account that looks like the first one's and has no СНИЛС.
    let said = [
        (1, X, "Ёлкина Анна", "17.05.1985"),
        (2, X, "Дубова Инна", "01.02.1990"),
        (2, "", "Ёлкина Анна", ""),
        (4, X, "ДУБОВА ИННА", "01.02.1990"),
    ];
    let expected = "4:4→2; !1 2(name,birth_date) 3 4(name,birth_date)";
    assert_eq!(told(&plan(&accounts(&said))), expected);
    // The first and the third have nothing in common that anybody would have to settle.
    let ann = "Ёлкина Анна";
    let said = [(1, X, ann, ""), (2, X, ann, ""), (2, Y, ann, ""), (3, Y, ann, "")];
    let kept_apart = [(1, 2), (3, 4)].map(apart);
    assert_eq!(told(&plan_but(&accounts(&said), &kept_apart)), "");
}

#[test]
fn persons_with_half_an_identifier_in_common_are_two() {
    let (one, other) = (1, (1 << 64) + 1);
    let said = [(one, X, "Ёлкина Анна", ""), (other, "", "Ёлкина Анна", ""), (3, X, "Ли Ян", "")];
    assert_eq!(told(&plan(&accounts(&said))), "3:3→1");
}

#[test]
fn any_key_stands_for_the_snils() {
    let accounts = accounts(&[(1, "", "Ёлкина Анна", ""), (2, "", "Ёлкина Анна", "")]);
    let hashed = |account| MergeRow { snils: Some([7_u8; 32]), ..MergeRow::of(account) };
    let rows: Vec<_> = accounts.iter().map(hashed).collect();
    assert_eq!(told(&plan_merges(&rows, &[])), "2:2→1");
}

#[test]
fn rows_hide_whose_they_are() {
    let account = account(1, (1, X, "Ёлкина Анна", "17.05.1985"));
    let debug = format!("{:?}", MergeRow::from(&account));
    assert!(debug.contains("account") && !debug.contains("95") && !debug.contains("Ёлкина"));
}

/// Accounts, and which of them somebody keeps apart.
fn world() -> impl Strategy<Value = (Vec<Account>, Vec<KeptApart>)> {
    let said = (
        1_u128..7,
        prop::sample::select(vec!["", X, X, Y]),
        prop::sample::select(vec![
            "Ёлкина Анна",
            "Eлкинa Анна",
            "Ёлкина Анна Олеговна",
            "Ёлкина Анна Львовна",
            "Дубова Инна",
        ]),
        prop::sample::select(vec!["", "17.05.1985", "17.05.1985", "01.02.1990"]),
    );
    let pairs = prop::collection::vec((1_u128..9, 1_u128..9).prop_map(apart), 0..3);
    (prop::collection::vec(said, 0..8).prop_map(|said| accounts(&said)), pairs)
}

fn carried_out(accounts: &[Account], moves: &[AccountMove]) -> Vec<Account> {
    let mut after = accounts.to_vec();
    for step in moves {
        let account = after.iter_mut().find(|account| account.id == step.account).unwrap();
        assert_eq!((account.school, account.person), (step.school, step.from));
        account.person = step.into;
    }
    after
}

fn differ<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
    left.zip(right).is_some_and(|(left, right)| left != right)
}

fn unlike(left: &Account, right: &Account) -> bool {
    let born = |account: &Account| -> Option<BirthDate> { account.birth_date };
    !left.name.matches(&right.name) && differ(born(left), born(right))
}

/// The numbers of accounts reached from one, pair by pair.
fn reached(
    accounts: &[Account],
    from: usize,
    joins: impl Fn(&Account, &Account) -> bool,
) -> BTreeSet<usize> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let more: Vec<usize> = (0..accounts.len())
            .filter(|next| !reached.contains(next))
            .filter(|next| reached.iter().any(|one| joins(&accounts[*one], &accounts[*next])))
            .collect();
        if more.is_empty() {
            return reached;
        }
        reached.extend(more);
    }
}

/// Whether somebody keeps apart an account of the one's person and one of the other's.
fn are_kept_apart(
    accounts: &[Account],
    kept_apart: &[KeptApart],
    left: &Account,
    right: &Account,
) -> bool {
    accounts.iter().filter(|one| one.person == left.person).any(|one| {
        accounts
            .iter()
            .filter(|other| other.person == right.person)
            .any(|other| kept_apart.iter().any(|apart| apart.is_of(one.id, other.id)))
    })
}

/// Each account's person after the merge, and the accounts of each conflict: the rule word by
/// word.
fn by_the_rule(
    accounts: &[Account],
    kept_apart: &[KeptApart],
) -> (BTreeMap<AccountId, PersonId>, BTreeSet<Vec<AccountId>>) {
    let are_apart = |left: &Account, right: &Account| {
        left.person != right.person && are_kept_apart(accounts, kept_apart, left, right)
    };
    let same_snils =
        |left: &Account, right: &Account| left.snils.is_some() && left.snils == right.snils;
    let mut persons = BTreeMap::new();
    for (number, account) in accounts.iter().enumerate() {
        let side = reached(accounts, number, |left, right| {
            let agree = same_snils(left, right) && !unlike(left, right);
            left.person == right.person || (agree && !are_apart(left, right))
        });
        let side: Vec<&Account> = side.into_iter().map(|n| &accounts[n]).collect();
        let held = side.iter().any(|left| {
            side.iter().any(|right| {
                left.person != right.person
                    && (unlike(left, right)
                        || differ(left.snils, right.snils)
                        || are_apart(left, right))
            })
        });
        let oldest = side.iter().map(|account| account.person).min().unwrap();
        persons.insert(account.id, if held { account.person } else { oldest });
    }
    let conflicts = (0..accounts.len()).filter_map(|number| {
        let tied = reached(accounts, number, |left, right| {
            left.person == right.person || same_snils(left, right)
        });
        let tied: Vec<&Account> = tied.into_iter().map(|n| &accounts[n]).collect();
        let any_two = |holds: &dyn Fn(&Account, &Account) -> bool| {
            tied.iter().any(|left| tied.iter().any(|right| holds(left, right)))
        };
        let is_open = |left: &Account, right: &Account| {
            let sides = [persons[&left.id], persons[&right.id]];
            let is_settled = any_two(&|one, other| {
                [persons[&one.id], persons[&other.id]] == sides && are_apart(one, other)
            });
            sides[0] != sides[1] && same_snils(left, right) && !is_settled
        };
        any_two(&is_open).then(|| tied.iter().map(|one| one.id).collect())
    });
    let conflicts = conflicts.collect();
    (persons, conflicts)
}

proptest! {
    #[test]
    fn the_plan_is_that_of_the_rule((accounts, kept_apart) in world()) {
        let plan = plan_but(&accounts, &kept_apart);
        let after = carried_out(&accounts, &plan.moves);
        let (persons, conflicts) = by_the_rule(&accounts, &kept_apart);
        let planned: BTreeMap<_, _> = after.iter().map(|one| (one.id, one.person)).collect();
        prop_assert_eq!(&planned, &persons);
        let told: BTreeSet<Vec<AccountId>> = plan
            .conflicts
            .iter()
            .map(|conflict| {
                let ids: BTreeSet<_> = conflict.accounts.iter().map(|one| one.account).collect();
                ids.into_iter().collect()
            })
            .collect();
        prop_assert_eq!(told, conflicts);
        for one in plan.conflicts.iter().flat_map(|conflict| &conflict.accounts) {
            prop_assert_eq!(one.person, planned[&one.account]);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        ((accounts, kept_apart), shuffled) in world().prop_flat_map(|(accounts, kept_apart)| {
            (Just((accounts.clone(), kept_apart)), Just(accounts).prop_shuffle())
        }),
    ) {
        let turned = |apart: &KeptApart| KeptApart { one: apart.other, other: apart.one };
        let reversed: Vec<_> = kept_apart.iter().rev().map(turned).collect();
        prop_assert_eq!(plan_but(&accounts, &kept_apart), plan_but(&shuffled, &reversed));
    }

    #[test]
    fn a_plan_is_undone_to_the_start((accounts, kept_apart) in world()) {
        let plan = plan_but(&accounts, &kept_apart);
        let after = carried_out(&accounts, &plan.moves);
        prop_assert_eq!(carried_out(&after, &plan.undo()), accounts);
    }

    #[test]
    fn nothing_is_left_to_merge_and_conflicts_stay((accounts, kept_apart) in world()) {
        let first = plan_but(&accounts, &kept_apart);
        let second = plan_but(&carried_out(&accounts, &first.moves), &kept_apart);
        prop_assert_eq!(&second.moves, &[]);
        prop_assert_eq!(second.conflicts.len(), first.conflicts.len());
    }

    #[test]
    fn two_who_contradict_each_other_are_never_joined((accounts, kept_apart) in world()) {
        let after = carried_out(&accounts, &plan_but(&accounts, &kept_apart).moves);
        for (left, left_after) in accounts.iter().zip(&after) {
            for (right, right_after) in accounts.iter().zip(&after) {
                if left.person != right.person && left_after.person == right_after.person {
                    prop_assert!(!unlike(left, right) && !differ(left.snils, right.snils));
                    prop_assert!(!are_kept_apart(&accounts, &kept_apart, left, right));
                }
            }
        }
    }

    #[test]
    fn a_person_without_a_snils_merges_with_nobody((accounts, kept_apart) in world()) {
        let plan = plan_but(&accounts, &kept_apart);
        let known: BTreeSet<_> =
            accounts.iter().filter(|one| one.snils.is_some()).map(|one| one.person).collect();
        for step in &plan.moves {
            prop_assert!(known.contains(&step.from) && known.contains(&step.into));
        }
    }

    #[test]
    fn a_merge_undone_and_kept_apart_is_not_planned_again((accounts, _) in world()) {
        let undone = plan(&accounts).moves;
        let pairs = undone.iter().flat_map(|step| {
            let theirs = accounts.iter().filter(|one| one.person == step.into);
            theirs.map(|one| KeptApart { one: one.id, other: step.account })
        });
        let again = plan_but(&accounts, &pairs.collect::<Vec<_>>());
        for step in &again.moves {
            prop_assert!(!undone.contains(step));
        }
    }
}
