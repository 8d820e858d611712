use alloc::{collections::BTreeSet, format, string::String, vec, vec::Vec};

use proptest::prelude::*;

use super::*;

fn content(work: &str, value: &str, comment: &str) -> MarkContent {
    MarkContent {
        work: WorkKey {
            kind: WorkKind("Ответ на уроке".into()),
            title: work.into(),
            weight: "3".parse().unwrap(),
        },
        value: value.parse().unwrap(),
        comment: (!comment.is_empty()).then(|| comment.into()),
    }
}

fn id(n: usize) -> MarkId {
    MarkId(uuid::Uuid::from_u128(n as u128 + 1))
}

/// Marks as an import of these rows leaves them.
fn stored(rows: &[MarkContent]) -> Vec<ExistingMark> {
    let marks = rows.iter().enumerate();
    marks.map(|(n, content)| ExistingMark { id: id(n), content: content.clone() }).collect()
}

/// The changes in a line: `0=1` mark 0 is row 1, `0→1` it changes to row 1, `+1` row 1 is new,
/// `-0` mark 0 is absent.
fn told(changes: &MarkChanges) -> String {
    let number = |id: MarkId| id.0.as_u128() - 1;
    let kept = changes.kept.iter().map(|kept| format!("{}={}", number(kept.id), kept.row));
    let changed = changes.changed.iter().map(|c| format!("{}→{}", number(c.id), c.row));
    let new = changes.new.iter().map(|row| format!("+{row}"));
    let absent = changes.absent.iter().map(|id| format!("-{}", number(*id)));
    kept.chain(changed).chain(new).chain(absent).collect::<Vec<_>>().join(" ")
}

#[test]
fn marks_are_compared_as_multisets() {
    let row = content;
    let cases = [
        ("nothing", vec![], vec![], ""),
        ("first import", vec![], vec![row("a", "5", ""), row("a", "5", "")], "+0 +1"),
        ("same file", vec![row("a", "5", "")], vec![row("a", "5", "")], "0=0"),
        (
            "two equal rows are two marks",
            vec![row("a", "5", ""), row("a", "5", "")],
            vec![row("a", "5", ""), row("a", "5", ""), row("a", "5", "")],
            "0=0 1=1 +2",
        ),
        ("a changed value", vec![row("a", "3", "")], vec![row("a", "4", "")], "0→0"),
        ("a debt handed in", vec![row("a", ".", "")], vec![row("a", "4", "")], "0→0"),
        ("a changed comment", vec![row("a", "4", "")], vec![row("a", "4", "молодец")], "0→0"),
        (
            "what stands there is kept before anything is changed",
            vec![row("a", "5", ""), row("a", "3", "")],
            vec![row("a", "3", ""), row("a", "4", "")],
            "1=0 0→1",
        ),
        (
            "a comment is changed before a value",
            vec![row("a", "5", ""), row("a", "3", "")],
            vec![row("a", "4", ""), row("a", "3", "!")],
            "0→0 1→1",
        ),
        (
            "what is left of a work is paired in order",
            vec![row("a", "2", ""), row("a", "3", "")],
            vec![row("a", "4", ""), row("a", "5", "")],
            "0→0 1→1",
        ),
        ("another work is another mark", vec![row("a", "5", "")], vec![row("b", "5", "")], "+0 -0"),
        ("nothing is removed", vec![row("a", "5", ""), row("b", "4", "")], vec![], "-0 -1"),
    ];
    for (name, existing, incoming, expected) in cases {
        let changes = reconcile_marks(&stored(&existing), &incoming);
        assert_eq!(told(&changes), expected, "{name}");
        assert_eq!(changes.is_empty(), changes.changed.is_empty() && changes.new.is_empty());
    }
}

#[test]
fn a_change_tells_the_old_value_and_the_new() {
    let existing = stored(&[content("a", "3", ""), content("b", "4", "")]);
    let changes =
        reconcile_marks(&existing, &[content("a", "4-", ""), content("b", "4", "переписать")]);
    let [value, comment] = &changes.changed[..] else { panic!("two changes: {changes:?}") };
    assert_eq!(
        (value.old.clone(), value.new.clone()),
        ("3".parse().unwrap(), "4-".parse().unwrap())
    );
    assert!(value.is_of_value());
    assert!(!comment.is_of_value());
}

fn rows() -> impl Strategy<Value = Vec<MarkContent>> {
    let row = (0..3_usize, 0..4_usize, 0..2_usize).prop_map(|(work, value, comment)| {
        content(["a", "b", "c"][work], ["5", "4", "3", "."][value], ["", "!"][comment])
    });
    prop::collection::vec(row, 0..8)
}

/// What the journal holds after the changes, sorted.
fn after(
    existing: &[ExistingMark],
    incoming: &[MarkContent],
    changes: &MarkChanges,
) -> Vec<MarkContent> {
    let absent: BTreeSet<_> = changes.absent.iter().collect();
    let stays = existing.iter().filter(|mark| absent.contains(&mark.id)).map(|mark| &mark.content);
    let rows = changes.kept.iter().map(|kept| kept.row);
    let rows = rows.chain(changes.changed.iter().map(|changed| changed.row));
    let rows = rows.chain(changes.new.iter().copied()).map(|row| &incoming[row]);
    let mut held: Vec<_> = stays.chain(rows).cloned().collect();
    held.sort();
    held
}

proptest! {
    #[test]
    fn no_row_and_no_mark_is_lost(old in rows(), new in rows()) {
        let existing = stored(&old);
        let changes = reconcile_marks(&existing, &new);
        let mut rows: Vec<_> = changes.kept.iter().map(|kept| kept.row).collect();
        rows.extend(changes.changed.iter().map(|changed| changed.row));
        rows.extend(&changes.new);
        rows.sort_unstable();
        prop_assert_eq!(rows, (0..new.len()).collect::<Vec<_>>());

        let mut marks: Vec<_> = changes.kept.iter().map(|kept| kept.id).collect();
        marks.extend(changes.changed.iter().map(|changed| changed.id));
        marks.extend(&changes.absent);
        marks.sort_unstable();
        prop_assert_eq!(marks, (0..old.len()).map(id).collect::<Vec<_>>());

        for kept in &changes.kept {
            prop_assert_eq!(&existing.iter().find(|m| m.id == kept.id).unwrap().content, &new[kept.row]);
        }
        for changed in &changes.changed {
            let mark = &existing.iter().find(|m| m.id == changed.id).unwrap().content;
            let row = &new[changed.row];
            prop_assert_eq!(&mark.work, &row.work);
            prop_assert_ne!(mark, row);
            prop_assert_eq!((&changed.old, &changed.new), (&mark.value, &row.value));
        }
    }

    #[test]
    fn it_keeps_as_many_as_can_be_kept(old in rows(), new in rows()) {
        // The naive model: strike out equal ones, one by one; then those of equal work.
        let changes = reconcile_marks(&stored(&old), &new);
        let (mut left, mut kept) = (old, 0);
        let mut rest = Vec::new();
        for row in &new {
            match left.iter().position(|mark| mark == row) {
                Some(found) => { left.remove(found); kept += 1; }
                None => rest.push(row),
            }
        }
        let mut changed = 0;
        for row in rest {
            if let Some(found) = left.iter().position(|mark| mark.work == row.work) {
                left.remove(found);
                changed += 1;
            }
        }
        prop_assert_eq!((changes.kept.len(), changes.changed.len()), (kept, changed));
        prop_assert_eq!(changes.absent.len(), left.len());
    }

    #[test]
    fn a_second_import_changes_nothing(old in rows(), new in rows()) {
        let existing = stored(&old);
        let changes = reconcile_marks(&existing, &new);
        let mut stood = existing.clone();
        stood.retain(|mark| !changes.kept.iter().any(|kept| kept.id == mark.id));
        stood.retain(|mark| !changes.changed.iter().any(|changed| changed.id == mark.id));
        let rows = changes.kept.iter().map(|k| (k.id, k.row));
        let rows = rows.chain(changes.changed.iter().map(|c| (c.id, c.row)));
        let rows = rows.chain(changes.new.iter().map(|row| (id(100 + row), *row)));
        stood.extend(rows.map(|(id, row)| ExistingMark { id, content: new[row].clone() }));
        let again = reconcile_marks(&stood, &new);
        prop_assert!(again.is_empty(), "{:?}", again);
        prop_assert_eq!(again.kept.len(), new.len());
        prop_assert_eq!(&again.absent, &changes.absent);
    }

    #[test]
    fn order_does_not_matter_where_it_says_nothing(
        (old, shuffled) in rows().prop_flat_map(|old| {
            let marks = stored(&old);
            (Just(marks.clone()), Just(marks).prop_shuffle())
        }),
        (new, permuted) in rows().prop_flat_map(|new| (Just(new.clone()), Just(new).prop_shuffle())),
    ) {
        let changes = reconcile_marks(&old, &new);
        prop_assert_eq!(&reconcile_marks(&shuffled, &new), &changes);
        // Rows in another order leave the same journal behind.
        let other = reconcile_marks(&old, &permuted);
        prop_assert_eq!(after(&old, &new, &changes), after(&old, &permuted, &other));
        prop_assert_eq!(&other.absent.len(), &changes.absent.len());
    }
}
