//! What is given out of a school, taken in again.

use eschool_core::{
    error::CodedError as _,
    id::{AccountId, MarkId, PersonId, SchoolId},
    journal::{Lesson, Mark},
    people::Duty,
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole},
};
use proptest::prelude::*;

use super::*;
use crate::{
    Session,
    backend::{Changes, DutyRow},
    exchange::FileKind,
    testing::save,
};

/// A school with something of everything.
fn school() -> Texts {
    let anna = "Ёлкина Анна Олеговна";
    Texts::new()
        .with(
            "calendar.csv",
            &["26.10.2024;04.11.2024;каникулы;;осенние", "28.12.2024;;учебный;Пн;суббота"],
        )
        .with(
            "parents.csv",
            &[
                &format!("Ёлкина;Яна;-;01.01.1985;+79123456789;{};мать;{anna};7А", snils(10)),
                &format!("Дуб;Яна;;;;;=бабушка;{anna};7А"),
                &format!("Дуб;Яков;;;9123456780;;отец;{anna};7А"),
            ],
        )
        .with("staff.csv", &["Клён;Пётр;Ильич;01.01.1980;;;Алгебра;7А"])
        .with("timetable.csv", &["7А;Вт;2;Химия;1;Клён П. И.;12", "7А;Пн;1;Алгебра;;;"])
        .with(
            "lessons.csv",
            &[
                "03.09.2024;7А;;1;Алгебра;;;Клён П. И.;12;=1+1;\"§ 1;\nвыучить\"",
                "02.09.2024;7А;1;2;Химия;Физика;;;;;",
                "02.09.2024;7А;;1;Алгебра;;да;;;;",
            ],
        )
        .with(
            "marks.csv",
            &[
                &format!("03.09.2024;7А;1;Алгебра;{anna};4-;Ответ;устно;1,5;-1 за почерк"),
                &format!("03.09.2024;7А;1;Алгебра;{anna};4-;Ответ;устно;1,5;-1 за почерк"),
                &format!("03.09.2024;7А;1;Алгебра;{anna};.;;;;"),
                &format!("02.09.2024;7А;2;Химия;{anna};5;;;;"),
            ],
        )
        .with("attendance.csv", &[&format!("02.09.2024;7А;2;Химия;{anna};оп")])
        .with(
            "individual_homework.csv",
            &[
                &format!("03.09.2024;7А;1;Алгебра;{anna};карточка 2"),
                &format!("03.09.2024;7А;1;Алгебра;{anna};карточка 1"),
            ],
        )
        .with(
            "finals.csv",
            &[&format!("7А;{anna};Алгебра;год;н/а"), &format!("7А;{anna};Алгебра;1 четверть;5")],
        )
}

fn text(files: &SchoolFiles, kind: FileKind) -> &str {
    std::str::from_utf8(files.get(kind).unwrap()).unwrap()
}

#[tokio::test]
async fn a_school_that_is_given_out_and_taken_in_gives_the_same_bytes() {
    let first = Installation::new();
    let report = first.import(&school()).await;
    for form in [FileForm::Csv, FileForm::Xlsx] {
        let files = first.export(&report, form).await;
        assert_eq!(files.iter().count(), FileKind::ALL.len());
        let second = Installation::new();
        let again = second.try_import(&files).await.unwrap();
        assert_eq!(again.refused, [], "{form:?}");
        for again_in in [FileForm::Csv, FileForm::Xlsx] {
            let (ours, theirs) =
                (first.export(&report, again_in).await, second.export(&again, again_in).await);
            for (name, bytes) in ours.iter() {
                assert!(theirs.get(name.kind) == Some(bytes), "{name} through {form:?}");
            }
        }
        // Taken in where it came from, it changes nothing.
        assert_eq!(first.try_import(&files).await.unwrap().changed, 0, "{form:?}");
    }
}

#[tokio::test]
async fn a_mark_for_work_of_another_day_or_of_the_former_class_is_given_out_and_known_again() {
    let (anna, pyotr) = ("Ёлкина Анна Олеговна", "Сосна Пётр Ильич");
    let former = format!("7А;Ёлкина;Анна;Олеговна;17.05.2011;{};;01.09.2024;;1", snils(1));
    let moved = former.replace(";;1", ";02.09.2024;1")
        + "\n"
        + &former.replace("7А", "7Б").replace("01.09.2024", "03.09.2024");
    let texts = Texts::new()
        .replaced("pupils.csv", &former, &moved)
        .with(
            "lessons.csv",
            &[
                "02.09.2024;7А;;1;Алгебра;;;;;;",
                "03.09.2024;7А;;1;Химия;;;;;;",
                "03.09.2024;7А;;2;Физика;;;;;;",
                "04.09.2024;7А;;1;Алгебра;;;;;;",
                "04.09.2024;7Б;;1;Алгебра;;;;;;",
            ],
        )
        .with(
            "marks.csv",
            &[
                &format!("02.09.2024;7А;1;Алгебра;{anna};.;Ответ;устно;2;"),
                &format!("02.09.2024;7А;1;Алгебра;{pyotr};.;Ответ;устно;2;"),
            ],
        );
    let first = Installation::new();
    let report = first.import(&texts).await;
    assert_eq!(refused(&report), []);
    let (own, other) = (first.journal(&report, "7А").await, first.journal(&report, "7Б").await);
    let [of_anna, of_pyotr] = &own.marks[..] else { panic!("two marks") };
    let late = |n: u8, lesson: &Lesson, given: &Mark| {
        let id = MarkId(uuid::Uuid::from_bytes([0xff - n; 16]));
        let (lesson, date, value) = (lesson.id, lesson.date, "4".parse().unwrap());
        (report.school, Mark { id, lesson, date, value, ..given.clone() })
    };
    let last = own.lessons.last().unwrap();
    let marks = vec![late(1, last, of_pyotr), late(2, &other.lessons[0], of_anna)];
    save(&first.backend, &Changes { marks, ..Changes::default() }).await;

    let files = first.export(&report, FileForm::Csv).await;
    let given: Vec<_> = text(&files, FileKind::Marks).lines().skip(1).collect();
    assert_eq!(
        given,
        [
            &format!("02.09.2024;7А;1;Алгебра;{anna};.;Ответ;устно;2;"),
            &format!("02.09.2024;7А;1;Алгебра;{pyotr};.;Ответ;устно;2;"),
            &format!("04.09.2024;7А;1;Алгебра;{pyotr};4;Ответ;устно;2;"),
            &format!("04.09.2024;7Б;1;Алгебра;{anna};4;Ответ;устно;2;"),
        ]
    );
    let again = first.try_import(&files).await.unwrap();
    assert_eq!((refused(&again), again.changed), (vec![], 0));
    // Where they are new they are marks of the later lessons.
    let second = Installation::new();
    let there = second.try_import(&files).await.unwrap();
    assert!(second.export(&there, FileForm::Csv).await == files);
    assert_eq!(second.journal(&there, "7Б").await.former_works, []);
}

#[tokio::test]
async fn rows_stand_by_day_and_name_and_no_cell_is_run_as_a_formula() {
    let installation = Installation::new();
    let report = installation.import(&school()).await;
    let files = installation.export(&report, FileForm::Csv).await;
    let expected = "\u{feff}Дата;Класс;Урок;Предмет;Ученик;Отметка;Вид работы;Работа;Вес;Комментарий\r\n\
        02.09.2024;7А;2;Химия;Ёлкина Анна Олеговна;5;;;1;\r\n\
        03.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;4-;Ответ;устно;1.5;'-1 за почерк\r\n\
        03.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;4-;Ответ;устно;1.5;'-1 за почерк\r\n\
        03.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;.;;;1;\r\n";
    assert_eq!(text(&files, FileKind::Marks), expected);
    let lessons = text(&files, FileKind::Lessons);
    assert!(lessons.contains(";'=1+1;\"§ 1;\nвыучить\"\r\n"), "{lessons}");
    let parents = text(&files, FileKind::Parents);
    assert!(parents.contains("Ёлкина;Яна;-;01.01.1985;'+79123456789;"), "{parents}");
    let finals = text(&files, FileKind::Finals);
    assert!(finals.ends_with(";1 четверть;5\r\n7А;Ёлкина Анна Олеговна;Алгебра;год;н/а\r\n"));
}

#[tokio::test]
async fn what_is_closed_here_is_not_given_out_to_be_opened_elsewhere() {
    let installation = Installation::new();
    let report = installation.import(&school()).await;
    let mut bonds = installation.registry(&report).await.guardianships;
    bonds.iter_mut().for_each(|bond| bond.barred = true);
    let guardianships = bonds.into_iter().map(|bond| (report.school, bond)).collect();
    save(&installation.backend, &Changes { guardianships, ..Changes::default() }).await;
    let files = installation.export(&report, FileForm::Csv).await;
    assert_eq!(text(&files, FileKind::Parents).lines().count(), 1);
}

/// A session of somebody who came as a member of staff.
fn staff(school: SchoolId, account: AccountId) -> Session {
    let roles = vec![GrantedRole::Staff { class_teacher_of: Vec::new(), duties: Vec::new() }];
    Session {
        person: PersonId(account.0),
        accounts: vec![AccountGrant { account, school, roles }],
        method: SignInMethod::Esia,
        choose: false,
        chosen: None,
        password_ends: None,
        expires_at: DateTime::<Utc>::MAX_UTC,
        app: None,
    }
}

#[tokio::test]
async fn an_administrator_is_given_the_school_and_a_registrar_its_people() {
    let installation = Installation::new();
    let report = installation.import(&school()).await;
    let school = report.school;
    let teacher = installation.registry(&report).await.staff[0].account;
    let session = staff(school, teacher);
    let with = async |duty: Option<Duty>| {
        let since = day("2024-09-01");
        let duties = duty.map(|duty| (school, DutyRow { account: teacher, duty, since }));
        let duties = duties.into_iter().collect();
        save(&installation.backend, &Changes { duties, ..Changes::default() }).await;
        installation.store.export_school(&session, school, ExportOptions::default()).await
    };
    let refused = with(None).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    let audited = async || installation.store.audit(1).await.unwrap().remove(0);
    assert_eq!(audited().await.action, "import");

    let people = with(Some(Duty::Registrar)).await.unwrap();
    let kinds: Vec<_> = people.iter().map(|(name, _)| name.kind).collect();
    use FileKind::{Bells, Calendar, Parents, Periods, Pupils, School, Staff};
    assert_eq!(kinds, [School, Calendar, Periods, Bells, Pupils, Parents, Staff]);
    let entry = audited().await;
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("export", "people"));
    assert_eq!((entry.school, entry.actor), (Some(school), Some(teacher)));

    let all = with(Some(Duty::Administrator)).await.unwrap();
    assert_eq!(all.iter().count(), FileKind::ALL.len());
    assert_eq!(audited().await.outcome, "everything");
    // Of another school, nobody here.
    let elsewhere = SchoolId(teacher.0);
    let options = ExportOptions::default();
    let refused = installation.store.export_school(&session, elsewhere, options).await;
    assert_eq!(refused.unwrap_err().code(), "not_allowed");
}

#[tokio::test]
async fn a_year_is_given_out_by_itself() {
    let installation = Installation::new();
    let report = installation.import(&school()).await;
    let options = ExportOptions { year: Some(2023), ..ExportOptions::default() };
    let files = installation.store.export_for_operator(report.school, options).await.unwrap();
    for kind in [FileKind::Periods, FileKind::Pupils, FileKind::Marks, FileKind::Finals] {
        assert_eq!(text(&files, kind).lines().count(), 1, "{kind:?}");
    }
}

/// Rows of a few people of whom every row says the same, in any number and order.
fn parent_rows() -> impl Strategy<Value = Vec<String>> {
    let people = (20..26_u64).map(|number| match number {
        20 => format!("Дуб;Яков;;;;{}", snils(number)),
        21 => "Дуб;Иван;Ильич;01.01.1980;9123456721;".into(),
        22 => "Дуб;Олег;-;02.01.1980;;".into(),
        _ => format!("Клён;Яна;Львовна;03.01.19{number};91234567{number};{}", snils(number)),
    });
    let people = prop::sample::select(people.collect::<Vec<_>>());
    let child = prop::sample::select(vec!["Ёлкина Анна Олеговна", "Сосна Пётр Ильич"]);
    let kinship = prop::sample::select(vec!["", "мать", "тётя", "-"]);
    let row = (people, kinship, child)
        .prop_map(|(person, kinship, child)| format!("{person};{kinship};{child};7А"));
    prop::collection::vec(row, 0..10)
}

fn mark_rows() -> impl Strategy<Value = Vec<String>> {
    let value = prop::sample::select(vec!["5", "4-", "3+", ".", "н/а", "зачёт"]);
    let row = (value, 1..3_u8, "[а-в=+'-]{0,2}", "[а-в=@ ]{0,3}").prop_map(
        |(value, number, kind, words)| {
            let pupil = "Ёлкина Анна Олеговна";
            format!("03.09.2024;7А;{number};Алгебра;{pupil};{value};{kind};{words};;{words}")
        },
    );
    prop::collection::vec(row, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_school_goes_through_its_files_unchanged(
        parents in parent_rows(),
        marks in mark_rows(),
        form in prop::sample::select(vec![FileForm::Csv, FileForm::Xlsx]),
    ) {
        fn rows(rows: &[String]) -> Vec<&str> {
            rows.iter().map(String::as_str).collect()
        }
        let texts = Texts::new()
            .with("parents.csv", &rows(&parents))
            .with("lessons.csv", &[
                "03.09.2024;7А;;1;Алгебра;;;;;;", "03.09.2024;7А;;2;Алгебра;;;;;;",
            ])
            .with("marks.csv", &rows(&marks));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (there, back, twice) = runtime.block_on(async {
            let (first, second) = (Installation::new(), Installation::new());
            let report = first.import(&texts).await;
            assert_eq!(report.refused, []);
            let files = first.export(&report, form).await;
            let again = second.try_import(&files).await.unwrap();
            assert_eq!(again.refused, []);
            let twice = first.try_import(&files).await.unwrap();
            (files, second.export(&again, form).await, twice.changed)
        });
        prop_assert!(there == back);
        prop_assert_eq!(twice, 0);
    }
}
