//! The files of `values`.

use std::{any::type_name, collections::BTreeSet};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A file: the value, and the paths of fields that may be absent, as in `accounts.0.roles.1.duties`.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    value: Value,
    may_be_absent: BTreeSet<String>,
    /// Whether a field that this version does not know is refused: a rule of a policy that is not
    /// understood must not be passed over.
    #[serde(default)]
    refuses_unknown_fields: bool,
}

/// Checks a file against the type whose value it holds.
fn holds<T: Serialize + DeserializeOwned>(file: &str) {
    let File { value, may_be_absent, refuses_unknown_fields } =
        serde_json::from_str(file).expect("the file is well-formed");
    let name = type_name::<T>();
    let read = |value: &Value| serde_json::from_value::<T>(value.clone());

    let ours = read(&value).unwrap_or_else(|error| panic!("{name} is not read: {error}"));
    let written = serde_json::to_value(&ours).unwrap();
    contains(&written, &value, name);
    let again = read(&written).unwrap_or_else(|error| panic!("{name} is not read back: {error}"));
    assert_eq!(serde_json::to_value(&again).unwrap(), written, "{name}");

    let absent: BTreeSet<String> = fields(&value)
        .into_iter()
        .filter(|path| {
            let mut without = value.clone();
            remove(&mut without, path);
            read(&without).is_ok()
        })
        .collect();
    assert_eq!(absent, may_be_absent, "{name}: fields that may be absent");

    let mut newer = value.clone();
    if let Value::Object(object) = &mut newer {
        object.insert("ofTheNextVersion".into(), 2.into());
        assert_eq!(read(&newer).is_err(), refuses_unknown_fields, "{name}");
    }
}

/// Whether everything promised is written as it was promised; more may be written.
fn contains(written: &Value, promised: &Value, path: &str) {
    match (written, promised) {
        (Value::Object(written), Value::Object(promised)) => {
            for (key, promised) in promised {
                let path = format!("{path}.{key}");
                let written = written.get(key).unwrap_or_else(|| panic!("{path} is not written"));
                contains(written, promised, &path);
            }
        }
        (Value::Array(written), Value::Array(promised)) => {
            assert_eq!(written.len(), promised.len(), "{path}");
            for (at, (written, promised)) in written.iter().zip(promised).enumerate() {
                contains(written, promised, &format!("{path}.{at}"));
            }
        }
        _ => assert_eq!(written, promised, "{path}"),
    }
}

/// The paths of all fields.
fn fields(value: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
        let at = |key: &str| if path.is_empty() { key.into() } else { format!("{path}.{key}") };
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    let path = at(key);
                    walk(value, &path, found);
                    found.push(path);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    walk(value, &at(&index.to_string()), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

fn remove(value: &mut Value, path: &str) {
    let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut place = value;
    for step in parents.split('.').filter(|step| !step.is_empty()) {
        place = match place {
            Value::Array(items) => items.get_mut(step.parse::<usize>().unwrap()),
            other => other.get_mut(step),
        }
        .unwrap();
    }
    place.as_object_mut().unwrap().remove(last).unwrap();
}

macro_rules! files {
    ($( $name:ident: $type:ty, )+) => {
        $(
            #[test]
            fn $name() {
                holds::<$type>(include_str!(concat!("values/", stringify!($name), ".json")));
            }
        )+

        /// The names of the types that have a file.
        pub(crate) fn with_a_file() -> BTreeSet<&'static str> {
            let types = [$( stringify!($type) ),+];
            let last = |path: &'static str| path.rsplit("::").next().unwrap_or(path);
            types.into_iter().map(|path| last(path).trim_matches([' ', '>'])).collect()
        }

        #[test]
        fn every_file_is_tested() {
            let tested = BTreeSet::from([$( concat!(stringify!($name), ".json") ),+]);
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire_v1/values");
            for file in std::fs::read_dir(folder).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                assert!(tested.contains(name.as_str()), "{name}");
            }
        }
    };
}

files! {
    absences: eschool_core::diary::Absences,
    account: eschool_core::people::Account,
    account_entry: eschool_core::people::AccountEntry,
    allowed: eschool_core::access::Allowed,
    api_error: eschool_core::error::ApiError,
    archive: Vec<eschool_core::archive::ArchiveLine>,
    at: eschool_core::signin::At,
    attendance: eschool_core::journal::Attendance,
    attendance_codes: eschool_core::journal::AttendanceCodes,
    bell: eschool_core::calendar::Bell,
    calendar: Vec<eschool_core::calendar::CalendarSpan>,
    card_journal: eschool_core::people::CardJournal,
    case_evidence: eschool_core::diagnosis::CaseEvidence,
    class_sheet: eschool_core::diary::ClassSheet,
    closing: eschool_core::signin::Closing,
    consent: eschool_core::people::Consent,
    corrected: eschool_core::journal::Corrected,
    correction: eschool_core::journal::Correction,
    counter: eschool_core::policy::Counter,
    data_basis: eschool_core::people::DataBasis,
    device_name: eschool_core::signin::DeviceName,
    diary: eschool_core::diary::Diary,
    diary_slice: eschool_core::diary::DiarySlice,
    esia_person: eschool_core::signin::EsiaPerson,
    events: Vec<eschool_core::diary::DiaryEvent>,
    excuse: eschool_core::journal::Excuse,
    existing_mark: eschool_core::journal::ExistingMark,
    final_mark: eschool_core::journal::FinalMark,
    finding: eschool_core::diagnosis::Finding,
    given: eschool_core::diary::Given,
    grading: eschool_core::journal::Grading,
    grant: eschool_core::signin::Grant,
    guardianship: eschool_core::people::Guardianship,
    joined_year: eschool_core::diary::JoinedYear,
    kept_apart: eschool_core::people::KeptApart,
    lesson: eschool_core::journal::Lesson,
    lesson_draft: eschool_core::journal::LessonDraft,
    lesson_page: eschool_core::journal::LessonPage,
    mark: eschool_core::journal::Mark,
    mark_changes: eschool_core::journal::MarkChanges,
    mark_content: eschool_core::journal::MarkContent,
    mark_history: eschool_core::journal::MarkHistory,
    mark_revision: eschool_core::journal::MarkRevision,
    merge_plan: eschool_core::merge::MergePlan,
    policy: eschool_core::policy::SignInPolicy,
    recovery_answer: eschool_core::recovery::RecoveryAnswer,
    recovery_link: eschool_core::recovery::RecoveryLink,
    refusal: eschool_core::signin::Refusal,
    registration_card: eschool_core::people::RegistrationCard,
    remark: eschool_core::journal::Remark,
    rule_in_words: eschool_core::policy::RuleInWords,
    school: eschool_core::people::School,
    school_term: eschool_core::diary::SchoolTerm,
    staff_post: eschool_core::people::StaffPost,
    stay: eschool_core::journal::Stay,
    subgroup_membership: eschool_core::journal::SubgroupMembership,
    support_case: eschool_core::support::SupportCase,
    term: eschool_core::calendar::Term,
    term_slice: eschool_core::diary::TermSlice,
    term_summary: eschool_core::diary::TermSummary,
    timetable_lesson: eschool_core::calendar::TimetableLesson,
    typed_entry: eschool_core::people::TypedEntry,
    ways: eschool_core::diary::Ways,
    work: eschool_core::journal::Work,
    work_to_come: eschool_core::diary::WorkToCome,
    year_finals: eschool_core::diary::YearFinals,
}
