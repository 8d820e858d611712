//! That a wrong answer is noticed, wherever it stands.

use std::{collections::BTreeMap, path::Path};

use serde_json::{Value, json};

use super::{Database, both, compare::compare};
use eschool_store::exchange::FileForm;

#[test]
fn a_leaf_that_differs_is_lacking_or_is_too_many_is_named() {
    let tree = json!({ "a": [1, { "b": null }], "c": { "d": "x" }, "e": [] });
    assert!(compare(&tree, &tree).differences.is_empty());
    assert_eq!(compare(&tree, &tree).passed, 4);
    for (other, difference) in [
        (json!({ "a": [2, { "b": null }], "c": { "d": "x" }, "e": [] }), "a[0]: "),
        (json!({ "a": [1, { "b": 0 }], "c": { "d": "x" }, "e": [] }), "a[1].b: "),
        (json!({ "a": [1, { "b": null }], "c": {}, "e": [] }), "c.d: "),
        (json!({ "a": [1, { "b": null }], "c": { "d": "x" }, "e": [0] }), "e[0]: "),
        (json!({ "a": [1, { "b": null }], "c": { "d": "x" } }), "e: "),
        (json!({ "a": [1], "c": { "d": "x" }, "e": [] }), "a[1]: "),
        (json!({ "a": [1, { "b": null }], "c": { "d": "x" }, "e": [], "f": 1 }), "f: "),
    ] {
        for (left, right) in [(&tree, &other), (&other, &tree)] {
            let comparison = compare(left, right);
            assert_eq!(comparison.differences.len(), 1, "{other}");
            assert!(comparison.differences[0].starts_with(difference), "{comparison:?}");
        }
    }
}

/// Every leaf of a tree by its kind: the path with places in lists and names of subjects left out.
fn kinds(tree: &Value) -> BTreeMap<String, Vec<String>> {
    fn walk(value: &Value, pointer: &str, kind: &str, kinds: &mut BTreeMap<String, Vec<String>>) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (key, value) in fields {
                    let own = kind.ends_with("/means") || kind.ends_with("/finals");
                    let kind = if own { format!("{kind}/*") } else { format!("{kind}/{key}") };
                    let key = key.replace('~', "~0").replace('/', "~1");
                    walk(value, &format!("{pointer}/{key}"), &kind, kinds);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (i, value) in items.iter().enumerate() {
                    walk(value, &format!("{pointer}/{i}"), &format!("{kind}/#"), kinds);
                }
            }
            _ => kinds.entry(kind.into()).or_default().push(pointer.into()),
        }
    }
    let mut found = BTreeMap::new();
    walk(tree, "", "", &mut found);
    found
}

#[test]
fn one_leaf_of_every_kind_altered_is_noticed() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/school-a");
    if !dir.is_dir() {
        println!("skipped: no exchange data beside the project");
        return;
    }
    let (expected, actual) = both(&dir, FileForm::Csv, Database::Sqlite).unwrap();
    let sound = compare(&expected, &actual);
    assert!(sound.differences.is_empty(), "{:?}", &sound.differences[..1]);
    let kinds = kinds(&expected);
    assert!(kinds.len() > 60, "{} kinds of leaves", kinds.len());
    for (kind, leaves) in kinds {
        // Neither the first nor the last, where there are more.
        let pointer = &leaves[leaves.len() / 2];
        let mut altered = expected.clone();
        let leaf = altered.pointer_mut(pointer).unwrap();
        *leaf = match leaf {
            Value::Null => json!("something"),
            Value::Bool(yes) => json!(!*yes),
            Value::Number(number) => json!(number.as_u64().unwrap() + 1),
            Value::String(text) => json!(format!("{text}.")),
            Value::Array(_) => json!(["something"]),
            Value::Object(_) => json!({ "something": 1 }),
        };
        assert!(!compare(&altered, &actual).differences.is_empty(), "{kind} at {pointer}");
    }
}
