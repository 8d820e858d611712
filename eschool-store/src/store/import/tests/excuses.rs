//! An import and what a class teacher excused.

use eschool_core::{
    id::AccountId,
    journal::{Attendance, AttendanceClass},
};
use uuid::Uuid;

use super::*;
use crate::{backend::Changes, store::excuses::KnownExcuse, testing::save};

const ANNA: &str = "Ёлкина Анна Олеговна";

/// A file that says «н» where an excuse was accepted does not undo it, however often it is imported;
/// a new absence of those days is excused, and one that a teacher set back stays so.
#[tokio::test]
async fn an_accepted_excuse_outlasts_an_import() {
    let lesson = |day: u32| format!("{day:02}.09.2024;7А;;1;Алгебра;;;;;;");
    let absent = |day: u32| format!("{day:02}.09.2024;7А;1;Алгебра;{ANNA};н");
    let texts = Texts::new()
        .with("lessons.csv", &[&lesson(2), &lesson(3), &lesson(4)])
        .with("attendance.csv", &[&absent(2), &absent(4)]);
    let installation = Installation::new();
    let first = installation.import(&texts).await;
    let rows = installation.journal(&first, "7А").await.attendance;
    assert!(rows.iter().all(|row| row.code == "н"));

    let pupil = rows[0].pupil;
    excuse(&installation, &first, pupil).await;
    // As the acceptance excused it.
    let mut excused = rows[0].clone();
    (excused.code, excused.class) = ("Б".into(), AttendanceClass::Ill);
    let attendance = vec![(first.school, excused)];
    save(&installation.backend, &Changes { attendance, ..Changes::default() }).await;
    let codes = async || -> Vec<String> {
        let mut rows: Vec<Attendance> = installation.journal(&first, "7А").await.attendance;
        rows.sort_by_key(|row| row.date);
        rows.into_iter().map(|row| row.code).collect()
    };
    assert_eq!(codes().await, ["Б", "н"]);
    for _ in 0..2 {
        let again = installation.import(&texts).await;
        assert_eq!((codes().await, again.changed), (vec!["Б".into(), "н".into()], 0));
    }
    let more = texts.with("attendance.csv", &[&absent(3)]);
    installation.import(&more).await;
    assert_eq!(codes().await, ["Б", "Б", "н"]);
    assert_eq!(installation.import(&more).await.changed, 0);

    let set_back = vec![(first.school, rows[0].clone())];
    save(&installation.backend, &Changes { attendance: set_back, ..Changes::default() }).await;
    assert_eq!(installation.import(&more).await.changed, 0);
    assert_eq!(codes().await, ["н", "Б", "н"]);
}

/// An accepted excuse for 2 and 3 September.
async fn excuse(installation: &Installation, report: &ImportReport, pupil: AccountId) {
    let accepted = serde_json::json!({
        "pupil": pupil, "by": pupil, "at": "2024-09-02T06:00:00Z",
        "from": "2024-09-02", "to": "2024-09-03", "class": "ill", "text": "Температура",
        "accepted": {"by": pupil, "at": "2024-09-02T07:00:00Z"},
    });
    let known =
        KnownExcuse { id: Uuid::from_u128(1), excuse: serde_json::from_value(accepted).unwrap() };
    let row = installation.store.seal_excuse(report.school, &known).unwrap();
    let excuses = vec![(report.school, row)];
    save(&installation.backend, &Changes { excuses, ..Changes::default() }).await;
}
