//! The names that the declarations have, and what a name of Rust's is here.

use std::collections::{BTreeMap, BTreeSet};

/// What stands in the code of declarations.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names of functions, types and fields.
    declared: BTreeSet<String>,
    /// Words of the wire, which stand there as texts.
    wire: BTreeSet<String>,
    /// The words of each type.
    of_type: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    /// Those of some lines of code.
    pub(super) fn of<'l>(code: impl IntoIterator<Item = &'l str>) -> Self {
        let mut names = Self::default();
        let mut in_type = String::new();
        for line in code {
            if let Some((_, rest)) = line.strip_prefix("export ").and_then(|it| it.split_once(' '))
            {
                in_type = rest.chars().take_while(|c| is_of_name(*c)).collect();
            }
            for (place, part) in line.split('"').enumerate() {
                if place % 2 == 1 {
                    names.wire.insert(part.to_owned());
                    names.of_type.entry(in_type.clone()).or_default().insert(part.to_owned());
                } else {
                    let words = part.split(|c| !is_of_name(c)).filter(|word| !word.is_empty());
                    names.declared.extend(words.map(str::to_owned));
                }
            }
        }
        names
    }

    /// What is told in code, as it is here: the word of the wire for a variant, the name of a field
    /// as JavaScript spells it, no modules.
    pub(super) fn told(&self, code: &str) -> String {
        let bare = code.trim_end_matches("()");
        let end = code.get(bare.len()..).unwrap_or_default();
        // Modules stand only before `::`.
        let (modules, dotted) = bare.rsplit_once("::").map_or(("", bare), |(path, last)| {
            let kind = path.rsplit("::").next().unwrap_or_default();
            let has_kind = kind != "Self" && kind.starts_with(char::is_uppercase);
            if has_kind {
                (path, bare.get(path.len() - kind.len()..).unwrap_or(last))
            } else {
                (path, last)
            }
        });
        let dotted = dotted.replace("::", ".");
        let is_name =
            |part: &str| part.starts_with(char::is_alphabetic) && part.chars().all(is_of_name);
        if !dotted.split('.').all(is_name)
            || !modules.split("::").all(|part| part.chars().all(is_of_name))
        {
            return code.to_owned();
        }
        let parts: Vec<_> = dotted.split('.').collect();
        if let [kind, variant] = parts.as_slice() {
            let word = snake(variant);
            let is_variant = variant.starts_with(char::is_uppercase);
            if is_variant && self.of_type.get(*kind).is_some_and(|words| words.contains(&word)) {
                return word;
            }
        }
        let parts: Vec<_> = parts.iter().map(|part| self.spelled(part)).collect();
        parts.join(".") + end
    }

    /// A name as it is spelled here, if it is one that is spelled otherwise.
    pub(super) fn spelled(&self, name: &str) -> String {
        let here = camel(name);
        let is_other = !self.wire.contains(name) && self.declared.contains(&here);
        if is_other { here } else { name.to_owned() }
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &first.into_iter().chain(letters).collect::<String>()
    })
}

fn snake(name: &str) -> String {
    name.chars().enumerate().fold(String::new(), |mut text, (at, c)| {
        if c.is_ascii_uppercase() && at > 0 {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_as_they_are_here() {
        let names = Names::of([
            "export function whatIf(subject: Subject): Mean;",
            "export type Code =",
            "    | \"locked_until\"",
            "    | (string & {});",
            "export interface Lesson {",
            "    writtenAt: Instant;",
            "    birthDate: string;",
            "    fields: \"birth_date\"[];",
        ]);
        for (rust, here) in [
            ("Code::LockedUntil", "locked_until"),
            ("Code::Unknown", "Code.Unknown"),
            ("crate::journal::Lesson::written_at", "Lesson.writtenAt"),
            ("Self::written_at", "writtenAt"),
            ("crate::what_if", "whatIf"),
            ("what_if()", "whatIf()"),
            // A word of the wire is itself, also where a field is called so.
            ("birth_date", "birth_date"),
            ("nobody_has_it", "nobody_has_it"),
            ("Lesson.written_at", "Lesson.writtenAt"),
            ("2024-09-01", "2024-09-01"),
            ("3.345", "3.345"),
            ("lessons.3.date", "lessons.3.date"),
            ("a b::c", "a b::c"),
            ("", ""),
        ] {
            assert_eq!(names.told(rust), here, "{rust}");
        }
    }
}
