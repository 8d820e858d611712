//! Attendance in words.

use eschool_core::journal::AttendanceClass;

/// What a class of attendance means, as a family reads it; the code alone where this version knows
/// no more.
pub(crate) fn meaning(class: &AttendanceClass) -> &'static str {
    match class {
        AttendanceClass::Present => "на уроке",
        AttendanceClass::Late => "опоздание",
        AttendanceClass::Ill => "пропуск по болезни",
        AttendanceClass::Excused => "пропуск по уважительной причине",
        AttendanceClass::Unexcused => "пропуск без уважительной причины",
        AttendanceClass::Unspecified => "пропуск, причина не указана",
        AttendanceClass::Unknown(_) => "отметка о посещении",
    }
}

/// How it is shown: an absence stands out more than a delay.
pub(crate) fn style(class: &AttendanceClass) -> &'static str {
    if class.is_absence() {
        "absent"
    } else if *class == AttendanceClass::Late {
        "late"
    } else {
        "present"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_words_of_its_own() {
        let words: std::collections::BTreeSet<_> =
            AttendanceClass::KNOWN.iter().map(meaning).collect();
        assert_eq!(words.len(), AttendanceClass::KNOWN.len());
        assert_eq!(style(&AttendanceClass::Ill), "absent");
        assert_eq!(style(&AttendanceClass::Late), "late");
        assert_eq!(style(&AttendanceClass::Present), "present");
    }
}
