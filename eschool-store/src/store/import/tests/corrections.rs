//! Rows that were refused, handed back, corrected and fed back; and trials.

use super::*;
use crate::exchange::{FileKind, FileName};

const ANNA: &str = "Ёлкина Анна Олеговна";

/// A school with good rows and one bad row of every kind.
fn school() -> Texts {
    Texts::new()
        .with("calendar.csv", &["26.10.2024;04.11.2024;каникулы;;", "32.12.2024;;праздник;;"])
        .with("pupils.csv", &["7А;Клён;Яна;Ильинична;17.05.2011;123;;01.09.2024;;1"])
        .with(
            "parents.csv",
            &[
                &format!("Ёлкина;Яна;-;01.01.1985;+79123456789;{};мать;{ANNA};7А", snils(10)),
                &format!("Дуб;=Яков;;01.13.1980;+79123456780;{};отец;{ANNA};7А", snils(11)),
                &format!("Сосна;Яна;;01.01.1980;;{};мать;{ANNA};7А", snils(10)),
            ],
        )
        .with("lessons.csv", &["03.09.2024;7А;;1;Алгебра;;;;;;", "04.09.2024;7А;;x;Алгебра;;;;;;"])
        .with(
            "marks.csv",
            &[
                &format!("03.09.2024;7А;1;Алгебра;{ANNA};5;Ответ;;;"),
                &format!("03.09.2024;7А;1;Алгебра;{ANNA};55;Ответ;;;-хорошо"),
                &format!("04.09.2024;7А;1;Алгебра;{ANNA};4;Ответ;;;"),
            ],
        )
        .with("individual_homework.csv", &[&format!("03.09.2024;7А;1;Алгебра;{ANNA};карточка")])
        .with("finals.csv", &[&format!("7А;{ANNA};Алгебра;9 четверть;5")])
}

fn text(files: &SchoolFiles, kind: FileKind) -> String {
    String::from_utf8(files.get(kind).unwrap().to_vec()).unwrap()
}

fn corrected(files: &SchoolFiles, corrections: &[(FileKind, &str, &str)]) -> SchoolFiles {
    let mut files = files.clone();
    for (kind, wrong, right) in corrections {
        let text = text(&files, *kind);
        assert!(text.contains(wrong), "{text}");
        files.put(FileName::from(*kind), text.replacen(wrong, right, 1).into_bytes());
    }
    files
}

#[tokio::test]
async fn refused_rows_are_handed_back_as_typed_with_line_and_reason() {
    let installation = Installation::new();
    let texts = school();
    let report = installation.import(&texts).await;
    let files = report.refused_rows(&texts.files()).unwrap();
    let kinds: Vec<_> = files.iter().map(|(name, _)| name.to_string()).collect();
    let of = ["calendar", "pupils", "parents", "lessons", "marks", "finals"];
    assert_eq!(kinds, of.map(|stem| format!("{stem}.csv")));
    let expected = format!(
        "\u{feff}Дата;Класс;Урок;Предмет;Ученик;Отметка;Вид работы;Работа;Вес;Комментарий;Строка;Ошибка\r\n\
         03.09.2024;7А;1;Алгебра;{ANNA};55;Ответ;;;'-хорошо;3;Отметка: Отметка – число от 1 до 5 \
         (можно со знаком), «зачёт», «незачёт», «н/а», «осв» или точка\r\n\
         04.09.2024;7А;1;Алгебра;{ANNA};4;Ответ;;;;4;Урок: Такого урока у ученика нет\r\n"
    );
    assert_eq!(text(&files, FileKind::Marks), expected);
    let parents = text(&files, FileKind::Parents);
    // What would run as a formula does not; a conflict is among what a person has to settle.
    assert!(parents.contains("\r\nДуб;'=Яков;;01.13.1980;'+79123456780;"), "{parents}");
    assert!(parents.contains(";4;СНИЛС: "), "{parents}");
}

#[tokio::test]
async fn corrected_rows_are_taken_in_alone_and_settled() {
    let installation = Installation::new();
    let texts = school();
    let report = installation.import(&texts).await;
    assert_eq!(installation.registry(&report).await.refused_rows.len(), 3);
    let files = report.refused_rows(&texts.files()).unwrap();

    // As it was, nothing is taken and nothing is settled.
    let again = installation.correct(&report, &files).await;
    assert_eq!((again.changed, again.refused.len(), again.conflicts.len()), (0, 7, 1));

    let number = snils(11);
    let corrections = [
        (FileKind::Calendar, "32.12.2024", "31.12.2024"),
        (FileKind::Pupils, ";123;", ";;"),
        (FileKind::Parents, "'=Яков;;01.13.1980", "Яков;;01.03.1980"),
        (FileKind::Lessons, ";x;", ";1;"),
        (FileKind::Marks, ";55;", ";4;"),
        (FileKind::Finals, "9 четверть", "1 четверть"),
    ];
    let files = corrected(&files, &corrections);
    let before = installation.export(&report, FileForm::Csv).await;
    let taken = installation.correct(&report, &files).await;
    assert_eq!((refused(&taken), taken.conflicts.len()), (vec![], 1));
    assert_eq!((taken.counts.marks, taken.counts.lessons, taken.counts.finals), (2, 1, 1));

    // What came is what was corrected; what was there is there.
    let after = installation.export(&report, FileForm::Csv).await;
    for (kind, rows) in [
        (FileKind::Calendar, 1),
        (FileKind::Pupils, 1),
        (FileKind::Parents, 1),
        (FileKind::Lessons, 1),
        (FileKind::Marks, 2),
        (FileKind::IndividualHomework, 0),
        (FileKind::Finals, 1),
        (FileKind::Bells, 0),
    ] {
        let (before, after) = (text(&before, kind), text(&after, kind));
        let mut left: Vec<_> = after.lines().collect();
        for row in before.lines() {
            left.remove(left.iter().position(|line| *line == row).unwrap());
        }
        assert_eq!(left.len(), rows, "{kind:?}: {left:?}");
    }
    let parents = text(&after, FileKind::Parents);
    assert!(parents.contains(&format!("Дуб;Яков;;01.03.1980;'+79123456780;{number};отец;")));
    // The conflict alone is left of what was kept, under its own line.
    let kept = installation.registry(&report).await.refused_rows;
    assert_eq!(
        kept.iter().map(|row| (row.file.as_str(), row.line)).collect::<Vec<_>>(),
        [("parents.csv", 4)]
    );
    // Fed back once more, by whoever is not sure.
    let twice = installation.correct(&report, &files).await;
    assert_eq!((twice.changed, refused(&twice)), (0, vec![]));
}

#[tokio::test]
async fn what_is_still_wrong_is_kept_as_it_is_typed_now_under_its_own_line() {
    let installation = Installation::new();
    let texts = school();
    let report = installation.import(&texts).await;
    let files = report.refused_rows(&texts.files()).unwrap();
    let wrong = (FileKind::Parents, "01.13.1980;'+79123456780", "01.03.1980;8 495 000-00-00");
    let files = corrected(&files, &[wrong]);
    let again = installation.correct(&report, &files).await;
    let of_parents = again.refused.iter().find(|row| row.file == "parents.csv").unwrap();
    assert_eq!((of_parents.line, of_parents.code), (2, "phone_not_mobile"));
    let kept = installation.registry(&report).await.refused_rows;
    let kept: Vec<_> =
        kept.iter().map(|row| (row.file.as_str(), row.line, row.code.as_str())).collect();
    let codes = [
        ("parents.csv", 3, "phone_not_mobile"),
        ("parents.csv", 4, "snils_conflict"),
        ("pupils.csv", 4, "snils_malformed"),
    ];
    assert_eq!(kept, codes);
    // Handed back again, the row still knows its line.
    let parents = text(&again.refused_rows(&files).unwrap(), FileKind::Parents);
    assert!(parents.lines().next().unwrap().ends_with(";Класс;Строка;Ошибка"), "{parents}");
    assert!(
        parents.contains("8 495 000-00-00") && parents.contains(";7А;3;Телефон: "),
        "{parents}"
    );
}

#[tokio::test]
async fn a_row_of_too_many_cells_is_handed_back_with_all_of_them() {
    let installation = Installation::new();
    let texts = Texts::new().with("pupils.csv", &["7А;Клён;Яна;;;;;;;1;лишняя;ещё"]);
    let report = installation.import(&texts).await;
    let pupils = text(&report.refused_rows(&texts.files()).unwrap(), FileKind::Pupils);
    let mut lines = pupils.lines();
    assert!(lines.next().unwrap().ends_with(";Подгруппа;;;Строка;Ошибка"), "{pupils}");
    let reason = "В строке больше или меньше ячеек, чем в заголовке";
    assert_eq!(lines.next(), Some(format!("7А;Клён;Яна;;;;;;;1;лишняя;ещё;4;{reason}").as_str()));
}

#[tokio::test]
async fn corrections_of_an_unknown_school_are_refused() {
    use eschool_core::{error::CodedError as _, id::SchoolId};

    let installation = Installation::new();
    let files = school().files();
    let nobody = SchoolId(uuid::Uuid::nil());
    let options = ImportOptions::default();
    let refused = installation.store.import_corrections(nobody, &files, options, &mut |_| {}).await;
    assert_eq!(refused.unwrap_err().code(), "school_not_found");
}

#[tokio::test]
async fn a_dry_run_tells_what_would_be_and_writes_nothing() {
    let (installation, texts) = (Installation::new(), school());
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let would = installation.import_with(&texts.files(), dry).await;
    assert_eq!(installation.store.schools().await.unwrap(), []);
    assert_eq!(installation.store.audit(1).await.unwrap(), []);
    let is = installation.import(&texts).await;
    assert!(is.changed > 10);
    assert_eq!(ImportReport { school: is.school, ..would }, is);

    // Beside what is there, it tells the difference.
    let changed = texts.replaced("marks.csv", ";55;", ";3;");
    let files = installation.export(&is, FileForm::Csv).await;
    let would = installation.import_with(&changed.files(), dry).await;
    assert!(installation.export(&is, FileForm::Csv).await == files);
    let then = installation.import(&changed).await;
    assert_eq!(would, then);
    assert_eq!(then.changed, 1);
}
