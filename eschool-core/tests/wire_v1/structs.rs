//! That every struct of the wire has its form promised somewhere.

use std::{collections::BTreeSet, path::Path};

use crate::values::with_a_file;

/// What has no file of its own: it crosses inside a value of another's file, or as a text.
const INSIDE: &[&str] = &[
    "Absence",
    "AccessParameters",
    "AccountGrant",
    "AccountMove",
    "AgeSpan",
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
    "ExistingMark",
    "FinalAgainstMean",
    "FullName",
    "GiverRule",
    "Homework",
    "HomeworkLine",
    "IndividualHomework",
    "JoinedSubject",
    "JournalEnd",
    "KeptMark",
    "KeyRule",
    "LessonFacts",
    "LessonPlace",
    "LockOut",
    "LockOutDelays",
    "MarkContent",
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
            let end = name.find(|c: char| !c.is_alphanumeric()).unwrap();
            names.insert(name.split_at(end).0.to_owned());
        }
    }
}

fn declared(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            declared(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            declared_in(&std::fs::read_to_string(path).unwrap(), names);
        }
    }
}

#[test]
fn no_struct_of_the_wire_is_left_out() {
    let mut names = BTreeSet::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    let declared: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let inside: BTreeSet<&str> = INSIDE.iter().copied().collect();
    let promised: BTreeSet<&str> = with_a_file().union(&inside).copied().collect();
    let forgotten: Vec<_> = declared.difference(&promised).collect();
    assert!(forgotten.is_empty(), "give a file of `values` to {forgotten:?}");
    let gone: Vec<_> = promised.difference(&declared).collect();
    assert!(gone.is_empty(), "no source declares {gone:?}");
}
