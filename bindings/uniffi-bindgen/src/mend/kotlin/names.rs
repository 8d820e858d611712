//! What Kotlin's side has by name, so that comments link to nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::mend::docs::{Wording, camel, parts, spelled, type_begun};

/// The types and functions of all files with their packages, and the members of types.
#[derive(Default)]
pub(in crate::mend) struct Names {
    packages: BTreeMap<String, String>,
    members: BTreeSet<(String, String)>,
}

impl Names {
    /// What some files have.
    pub(in crate::mend) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = Self::default();
        for text in texts {
            names.add(text);
        }
        names
    }

    fn add(&mut self, text: &str) {
        let package = package_of(text).to_owned();
        let mut within = None;
        for line in text.lines() {
            let line = line.replace('`', "");
            // Of a type that is written by hand only its converter is here.
            let converter = line.strip_prefix("public object FfiConverterType");
            within = match (type_begun(&line), converter) {
                (Some(begun), _) => Some(begun.to_owned()),
                (_, Some(_)) => None,
                _ => within,
            };
            let alias = line.strip_prefix("public typealias ");
            let function = line.trim_start().strip_prefix("@Throws(ApiException::class) fun ");
            // The type of Kotlin's own name: an error has another one than in Rust.
            let converted = converter.and_then(|converter| converter.split_once('<'));
            let converted = converted.map(|(_, name)| name);
            let public = converted.or(alias).or(function).map(word).or(within.as_deref());
            if let Some(name) = public {
                self.packages.insert(name.to_owned(), package.clone());
            }
            if let (Some(of), Some(member)) = (&within, member(&line)) {
                self.members.insert((of.clone(), member.to_owned()));
            }
        }
    }

    /// The names as comments of one file say them.
    pub(super) fn of_file<'a>(&'a self, text: &'a str) -> impl Wording + 'a {
        OfFile { names: self, package: package_of(text) }
    }

    /// Whether a type has a member, by one of the ways Kotlin spells those of Rust.
    fn member(&self, of: &str, member: &str) -> Option<String> {
        let constant = member
            .char_indices()
            .map(|(at, letter)| match letter {
                _ if letter.is_uppercase() && at > 0 => format!("_{letter}"),
                _ => letter.to_uppercase().to_string(),
            })
            .collect::<String>();
        let mut ways = [camel(member), constant].into_iter();
        ways.find(|way| self.members.contains(&(of.to_owned(), way.clone())))
    }
}

/// The names as a file of one package says them.
struct OfFile<'a> {
    names: &'a Names,
    package: &'a str,
}

impl OfFile<'_> {
    /// What KDoc finds by a path of Rust, with its package if that is another.
    fn found(&self, path: &str, within: Option<&str>) -> Option<String> {
        let parts = match (parts(path).as_slice(), within) {
            (["Self", member], Some(of)) => vec![of.to_owned(), (*member).to_owned()],
            (parts, _) => parts.iter().map(|part| (*part).to_owned()).collect(),
        };
        let (first, name) = match parts.as_slice() {
            [name] => (camel(name), camel(name)),
            [of, member] if Some(of.as_str()) == within => {
                return self.names.member(of, member);
            }
            [of, member] => (of.clone(), format!("{of}.{}", self.names.member(of, member)?)),
            _ => return None,
        };
        let package = self.names.packages.get(&first)?;
        Some(if package == self.package { name } else { format!("{package}.{name}") })
    }
}

impl Wording for OfFile<'_> {
    /// A link to what is there, else a name between backticks.
    fn name(&self, said: &str, path: &str, within: Option<&str>) -> String {
        let said = spelled(said).join(".");
        match self.found(path, within) {
            None => format!("`{said}`"),
            Some(found) if found.eq_ignore_ascii_case(&said) => format!("[{found}]"),
            Some(found) => format!("[{said}][{found}]"),
        }
    }

    fn throws(&self) -> &'static str {
        "@throws ApiException"
    }
}

fn package_of(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("package ")).unwrap_or_default()
}

/// The word that a text begins with.
fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// The member that a line of a type names: a part, a variant or a constant.
fn member(line: &str) -> Option<&str> {
    let said = line.trim_start();
    let declared = ["val ", "override val ", "object ", "data class ", "class "];
    if let Some(rest) = declared.iter().find_map(|mark| said.strip_prefix(mark)) {
        return Some(word(rest)).filter(|_| said.len() < line.len());
    }
    let constant = said.strip_suffix([',', ';'])?;
    let is_constant = constant.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    Some(constant).filter(|_| is_constant && line.starts_with("    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORE: &str = "package ru.eschool.core
data class Lesson (
    val `writtenAt`: Instant,
)
public object FfiConverterTypeLesson: FfiConverterRustBuffer<Lesson> {
    val other = 1
}
sealed class RefusalCode {
    object LockedUntil : RefusalCode()
}
enum class Check {
    RIGHT,
    HALF_RIGHT;
}
public object FfiConverterTypeWeight: FfiConverter<Weight, Int> {
public object FfiConverterTypeApiError : FfiConverterRustBuffer<ApiException> {
";
    const FUNCTIONS: &str =
        "package ru.eschool\n    @Throws(ApiException::class) fun `whatIf`(a: B): C {\n";

    #[test]
    fn a_link_leads_to_what_is_there() {
        let names = Names::of([CORE, FUNCTIONS]);
        let core = names.of_file(CORE);
        for (said, path, expected) in [
            ("Lesson", "Lesson", "[Lesson]"),
            ("Weight", "super::Weight", "[Weight]"),
            ("written_at", "crate::journal::Lesson::written_at", "[writtenAt][Lesson.writtenAt]"),
            ("RefusalCode::LockedUntil", "RefusalCode::LockedUntil", "[RefusalCode.LockedUntil]"),
            ("Check::Right", "Check::Right", "[Check.RIGHT]"),
            ("Check::HalfRight", "Check::HalfRight", "[Check.HalfRight][Check.HALF_RIGHT]"),
            ("what_if", "crate::what_if", "[whatIf][ru.eschool.whatIf]"),
            ("Lesson::other", "Lesson::other", "`Lesson.other`"),
            ("ApiError", "ApiError", "`ApiError`"),
            ("may_drop", "crate::archive::may_drop", "`mayDrop`"),
            ("Sight::event", "crate::access::Sight::event", "`Sight.event`"),
        ] {
            assert_eq!(core.name(said, path, None), expected, "{said}");
        }
        assert_eq!(core.name("written_at", "Self::written_at", Some("Lesson")), "[writtenAt]");
        assert_eq!(core.name("topic", "Self::topic", Some("Lesson")), "`topic`");
        let functions = names.of_file(FUNCTIONS);
        assert_eq!(functions.name("what_if", "what_if", None), "[whatIf]");
        assert_eq!(functions.name("Lesson", "Lesson", None), "[Lesson][ru.eschool.core.Lesson]");
    }
}
