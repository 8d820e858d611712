//! Random families: a second import never changes anything.

use proptest::prelude::*;

use super::*;

/// A few values that run into each other all the time.
fn parent_row() -> impl Strategy<Value = String> {
    let pick = |values: Vec<&str>| {
        prop::sample::select(values.into_iter().map(String::from).collect::<Vec<_>>())
    };
    let numbers: Vec<_> = (10..13).map(snils).collect();
    let snils = prop_oneof![Just(String::new()), prop::sample::select(numbers)];
    (
        pick(vec!["Дуб", "Клён"]),
        pick(vec!["", "-", "Ильич", "Львович"]),
        pick(vec!["", "01.01.1985", "02.01.1985"]),
        pick(vec!["", "9123456701", "9123456702", "9123456701, 9123456702"]),
        snils,
        pick(vec!["", "отец", "опекун"]),
        pick(vec!["Ёлкина Анна Олеговна", "Сосна Пётр Ильич"]),
    )
        .prop_map(|(family, patronymic, born, phone, snils, kinship, child)| {
            format!("{family};Яков;{patronymic};{born};{phone};{snils};{kinship};{child};7А")
        })
}

/// Rows of staff and pupils of the same few values.
fn staff_row() -> impl Strategy<Value = String> {
    (parent_row(), prop::sample::select(vec!["Химия", "Физика", ""])).prop_map(|(row, subject)| {
        let cells: Vec<_> = row.split(';').take(6).collect();
        format!("{};{subject};", cells.join(";"))
    })
}

fn pupil_row() -> impl Strategy<Value = String> {
    (parent_row(), prop::sample::select(vec!["7А", "7Б"])).prop_map(|(row, class)| {
        let cells: Vec<_> = row.split(';').collect();
        let [family, given, patronymic, born, snils] = [0, 1, 2, 3, 5].map(|i| cells[i]);
        format!("{class};{family};{given};{patronymic};{born};{snils};;01.09.2024;;")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_second_import_changes_nothing(
        parents in prop::collection::vec(parent_row(), 0..12),
        staff in prop::collection::vec(staff_row(), 0..5),
        pupils in prop::collection::vec(pupil_row(), 0..5),
    ) {
        fn rows(rows: &[String]) -> Vec<&str> {
            rows.iter().map(String::as_str).collect()
        }
        let texts = Texts::new()
            .with("pupils.csv", &rows(&pupils))
            .with("parents.csv", &rows(&parents))
            .with("staff.csv", &rows(&staff));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (first, again) = runtime.block_on(async {
            let installation = Installation::new();
            let first = installation.import(&texts).await;
            (first, installation.import(&texts).await)
        });
        prop_assert_eq!(again.changed, 0);
        prop_assert_eq!(&again.refused, &first.refused);
        prop_assert_eq!(&again.conflicts, &first.conflicts);
        prop_assert_eq!(again.counts, first.counts);
        prop_assert_eq!(&again.incomplete, &first.incomplete);
    }
}
