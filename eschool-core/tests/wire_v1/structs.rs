//! That every struct of the wire has its form promised somewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::values::with_a_file;

/// What has no file of its own: it crosses inside a value of another's file, or as a text.
const INSIDE: &[&str] = &[
    "Absence",
    "Accepted",
    "AccessParameters",
    "AccountGrant",
    "AccountMove",
    "AgeSpan",
    "ArchiveEnd",
    "ArchiveHeader",
    "ArchivedChange",
    "ArchivedClass",
    "ArchivedExcuse",
    "ArchivedHomework",
    "ArchivedLesson",
    "ArchivedPupil",
    "ArchivedRemark",
    "AttendanceDraft",
    "AttendanceTotals",
    "BirthDate",
    "CardRecord",
    "CaseStep",
    "ChangedMark",
    "ConflictingAccount",
    "ConsentRule",
    "DateRange",
    "DatedRules",
    "DayFacts",
    "DebtClosing",
    "DiaryAttendance",
    "DiaryDay",
    "DiaryEntry",
    "DiaryHomework",
    "DiaryMark",
    "DiaryRemark",
    "EsiaChild",
    "FinalAgainstMean",
    "FullName",
    "GiverRule",
    "Homework",
    "HomeworkDraft",
    "HomeworkLine",
    "IndividualHomework",
    "JoinedSubject",
    "JournalEnd",
    "KeptMark",
    "KeyRule",
    "LateMarkDraft",
    "LessonFacts",
    "LessonPlace",
    "LockOut",
    "LockOutDelays",
    "MarkDraft",
    "MarkedWork",
    "Material",
    "Mean",
    "MergeConflict",
    "MethodRule",
    "NearAccount",
    "Points",
    "RefusalDetails",
    "RefusedEntry",
    "Relative",
    "RemarkDraft",
    "RowPlace",
    "Rules",
    "SchoolContacts",
    "SheetCell",
    "SheetRow",
    "ShownFinding",
    "Subgroup",
    "SubjectAbsence",
    "SubjectInSchool",
    "SubjectInTerm",
    "SubjectSummary",
    "SupportContacts",
    "TermFinal",
    "TopicLine",
    "TypedPerson",
    "UnknownChange",
    "UnknownRole",
    "UnknownRule",
    "UpcomingLesson",
    "WantedConsent",
    "Way",
    "WayMarks",
    "WordTotals",
    "WorkDraft",
    "WorkKey",
    "WorkKind",
    "YearSubject",
];

/// The public structs of a source that derive `Serialize`.
fn declared_in(source: &str, names: &mut BTreeSet<String>) {
    for part in source.split("#[derive(").skip(1) {
        let (traits, rest) = part.split_once(")]").unwrap();
        if !traits.split(',').any(|name| name.trim() == "Serialize") {
            continue;
        }
        let is_item = |line: &&str| line.contains("struct ") || line.contains("enum ");
        let item = rest.lines().find(is_item).unwrap();
        if let Some(name) = item.strip_prefix("pub struct ") {
            names.insert(word(name).to_owned());
        }
    }
}

/// The word a text begins with.
fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// What the declarations of a source hold, by the name of the type.
fn held_in(source: &str, held: &mut BTreeMap<String, String>) {
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let item = line.trim_start_matches("pub ").trim_start_matches("pub(super) ");
        let Some(name) = item.strip_prefix("struct ").or_else(|| item.strip_prefix("enum ")) else {
            continue;
        };
        let fields = held.entry(word(name).to_owned()).or_default();
        fields.push_str(name);
        if item.ends_with('{') {
            let body = lines.by_ref().take_while(|line| *line != "}");
            body.filter(|line| !line.trim_start().starts_with("//")).for_each(|line| {
                fields.push('\n');
                fields.push_str(line);
            });
        }
    }
}

fn sources(folder: &Path, read: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, read);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            read(&std::fs::read_to_string(path).unwrap());
        }
    }
}

fn our_sources(mut read: impl FnMut(&str)) {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut read);
}

#[test]
fn no_struct_of_the_wire_is_left_out() {
    let mut names = BTreeSet::new();
    our_sources(|source| declared_in(source, &mut names));
    let declared: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let inside: BTreeSet<&str> = INSIDE.iter().copied().collect();
    let promised: BTreeSet<&str> = with_a_file().union(&inside).copied().collect();
    let forgotten: Vec<_> = declared.difference(&promised).collect();
    assert!(forgotten.is_empty(), "give a file of `values` to {forgotten:?}");
    // An enum may have a file as well.
    let mut held = BTreeMap::new();
    our_sources(|source| held_in(source, &mut held));
    let is_gone = |name: &&&str| !declared.contains(**name) && !held.contains_key(**name);
    let gone: Vec<_> = promised.iter().filter(is_gone).collect();
    assert!(gone.is_empty(), "no source declares {gone:?}");
    let both: Vec<_> = with_a_file().intersection(&inside).copied().collect();
    assert!(both.is_empty(), "they have files of their own: {both:?}");
}

#[test]
fn what_has_no_file_stands_in_a_type_that_has_one() {
    let mut held = BTreeMap::new();
    our_sources(|source| held_in(source, &mut held));
    let mut reached = with_a_file();
    let mut next: Vec<&str> = reached.iter().copied().collect();
    while let Some(name) = next.pop() {
        let fields = held.get(name).map_or("", String::as_str);
        let types =
            fields.split(|c: char| !c.is_alphanumeric()).filter(|word| held.contains_key(*word));
        next.extend(types.filter(|name| reached.insert(name)));
    }
    let apart: Vec<_> = INSIDE.iter().filter(|name| !reached.contains(*name)).collect();
    assert!(apart.is_empty(), "no type with a file holds {apart:?}");
}
