//! Two trees of JSON, leaf by leaf.

use serde_json::{Map, Value};

/// What a comparison came to.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    /// Leaves that agree.
    pub(super) passed: usize,
    /// Each leaf that does not, with its path.
    pub(super) differences: Vec<String>,
}

/// Compares every leaf of both trees; a leaf that only one of them has is a difference.
pub(crate) fn compare(expected: &Value, actual: &Value) -> Comparison {
    let mut comparison = Comparison::default();
    comparison.walk(Some(expected), Some(actual), &mut String::new());
    comparison
}

impl Comparison {
    fn walk(&mut self, expected: Option<&Value>, actual: Option<&Value>, path: &mut String) {
        match (expected, actual) {
            (Some(Value::Object(expected)), Some(Value::Object(actual))) => {
                let added = actual.keys().filter(|key| !expected.contains_key(*key));
                for key in expected.keys().chain(added) {
                    self.deeper(path, &format!(".{key}"), expected.get(key), actual.get(key));
                }
            }
            (Some(Value::Array(expected)), Some(Value::Array(actual))) => {
                // An empty list is an answer too.
                if expected.is_empty() && actual.is_empty() {
                    self.passed += 1;
                }
                for i in 0..expected.len().max(actual.len()) {
                    self.deeper(path, &format!("[{i}]"), expected.get(i), actual.get(i));
                }
            }
            (expected, actual) if expected == actual => self.passed += 1,
            (expected, actual) => self.differences.push(format!(
                "{}: expected {}, found {}",
                path.trim_start_matches('.'),
                shown(expected),
                shown(actual)
            )),
        }
    }

    fn deeper(
        &mut self,
        path: &mut String,
        step: &str,
        expected: Option<&Value>,
        actual: Option<&Value>,
    ) {
        let length = path.len();
        path.push_str(step);
        self.walk(expected, actual, path);
        path.truncate(length);
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".into(), ToString::to_string)
}

/// A tree in which the order of lists that have none does not matter.
pub(super) fn prepared(mut tree: Value) -> Value {
    if let Some(Value::Array(refused)) = tree.get_mut("refused") {
        refused.sort_by_key(|row| (text(row, "file"), number(row, "line")));
    }
    if let Some(Value::Object(parents)) = tree.get_mut("parents") {
        prepare_parents(parents);
    }
    tree
}

fn prepare_parents(parents: &mut Map<String, Value>) {
    for (list, key) in [
        ("refused", "line"),
        ("conflicts", "line"),
        ("incomplete", "line"),
        ("discrepancies", "line"),
        ("latin_look_alikes", "line"),
        ("several_children", "parent_line"),
    ] {
        if let Some(Value::Array(rows)) = parents.get_mut(list) {
            rows.sort_by_key(|row| number(row, key));
        }
    }
    if let Some(Value::Array(phones)) = parents.get_mut("shared_phones") {
        phones.sort_by_key(|phone| {
            phone.get("lines").and_then(|lines| lines.get(0)).and_then(Value::as_u64)
        });
    }
}

fn text(row: &Value, key: &str) -> String {
    row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(row: &Value, key: &str) -> u64 {
    row.get(key).and_then(Value::as_u64).unwrap_or_default()
}
