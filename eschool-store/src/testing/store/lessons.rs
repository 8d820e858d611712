//! Lessons, written whole.

use std::sync::Arc;

use chrono::NaiveDate;
use eschool_core::{
    access::AccessError,
    calendar::DateRange,
    error::CodedError as _,
    journal::{AttendanceDraft, Homework, HomeworkDraft, LateMarkDraft, LessonDraft, RemarkDraft},
    people::StaffPost,
};

use super::{
    families::{FATHER, Known, TEACHER},
    harness::{Yielding, join},
    journal_people::{
        ADMINISTRATOR, COLLEAGUE, algebra, at_work, mother, pupil, seen, staff, work,
    },
};
use crate::{
    LessonError, SeenLesson, Session,
    backend::Backend,
    testing::{
        fixtures::{account_id, class_id, day, lesson, lesson_id, school_id},
        reading,
    },
};

/// A lesson with everything that can stand in it is written at once, read back the same, and read
/// in the diaries of its pupils.
pub async fn a_lesson_is_saved_whole(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let draft = LessonDraft {
        topic: Some("Степени".into()),
        homework: Some(Homework { text: "№ 12".into(), due: None, materials: vec![] }),
        works: vec![work("у доски", &[(1, "4"), (3, ".")]), work("тест", &[(1, "5-")])],
        attendance: vec![AttendanceDraft { pupil: account_id(2), code: "УП".into() }],
        individual_homework: vec![HomeworkDraft {
            pupil: account_id(2),
            homework: Homework {
                text: "Карточка".into(),
                due: Some(day("2024-09-05")),
                materials: vec![],
            },
        }],
        remarks: ["Забыла тетрадь", "Опоздала"]
            .map(|text| RemarkDraft { pupil: account_id(1), text: text.into() })
            .into(),
        ..algebra("2024-09-02", 1)
    };
    let page = harness.new_lesson(draft).await;
    assert_eq!(page.version, 1);
    assert_eq!(harness.page(page.lesson.id).await, page);
    assert_eq!((page.works.len(), page.marks.len(), page.remarks.len()), (2, 3, 2));

    let school = school_id(1);
    let read = async |session: &Session, of: u128| {
        let week = DateRange::week_of(day("2024-09-02"));
        let diary = harness.store.diary(session, school, account_id(of), week).await.unwrap();
        diary.days[0].entries[0].clone()
    };
    let anna = read(&pupil(1), 1).await;
    let told: Vec<_> =
        anna.marks.iter().map(|mark| (mark.value.to_string(), mark.title.clone())).collect();
    assert_eq!(
        told,
        [("4".into(), "у доски".into()), ("5-".into(), "тест".into())] as [(String, String); 2]
    );
    let said: Vec<_> = anna.remarks.iter().map(|remark| remark.text.as_str()).collect();
    assert_eq!(said, ["Забыла тетрадь", "Опоздала"]);
    assert_eq!(anna.topic.as_deref(), Some("Степени"));
    let alla = read(&mother(), 2).await;
    assert_eq!(alla.attendance.unwrap().code, "УП");
    assert_eq!(alla.individual_homework[0].due, Some(day("2024-09-05")));
    assert!(alla.remarks.is_empty() && alla.marks.is_empty());
}

/// Two editors: the second is shown what stands there now, and nothing of the first is lost.
pub async fn the_second_of_two_editors_sees_the_conflict(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (teacher, administrator) = (staff(TEACHER), staff(ADMINISTRATOR));
    let draft =
        LessonDraft { works: vec![work("тест", &[(1, "4")])], ..algebra("2024-09-02", 1) };
    let page = harness.new_lesson(draft).await;

    let first = harness.change(&teacher, &page, |draft| draft.topic = Some("Степени".into())).await;
    let first = first.unwrap();
    assert_eq!(first.version, 2);
    let second = harness
        .change(&administrator, &page, |draft| draft.works[0].marks[0].value = "5".parse().unwrap())
        .await;
    let Err(LessonError::Conflict(now)) = second else { panic!("a conflict: {second:?}") };
    assert_eq!(*now, first);
    assert_eq!(harness.page(page.lesson.id).await, first);

    let merged = harness
        .change(&administrator, &now, |draft| draft.works[0].marks[0].value = "5".parse().unwrap())
        .await
        .unwrap();
    assert_eq!((merged.version, merged.lesson.topic.as_deref()), (3, Some("Степени")));
    assert_eq!(merged.marks[0].value.to_string(), "5");
    // A state that never was is none that was seen.
    let later = Some(SeenLesson { lesson: merged.lesson.id, version: 9 });
    let refused = harness.store.save_lesson(&teacher, school_id(1), later, merged.draft()).await;
    assert_eq!(refused.unwrap_err().code(), "lesson_conflict");
}

/// Of two who save one lesson at the same moment, one lands; the other is shown what it wrote.
pub async fn one_of_two_editors_at_once_lands(backend: impl Backend) {
    let backend = Arc::new(Yielding(backend));
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    // Neither waits for a connection to be opened.
    let both = (reading(&backend).await, reading(&backend).await);
    drop(both);
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let editors = [(TEACHER, "Степени"), (ADMINISTRATOR, "Корни")].map(|(who, topic)| {
        let (store, seen) = (harness.store.clone(), seen(&page));
        let mut draft = page.draft();
        draft.topic = Some(topic.into());
        async move { store.save_lesson(&staff(who), school_id(1), seen, draft).await }
    });
    let (mut landed, mut shown) = (Vec::new(), Vec::new());
    for result in join(editors.into_iter()).await {
        match result {
            Ok(page) => landed.push(page),
            Err(LessonError::Conflict(page)) => shown.push(*page),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((landed.len(), &landed), (1, &shown));
    assert_eq!(harness.page(page.lesson.id).await, landed[0]);
}

/// What cannot stand is told, and nothing of the draft is written.
pub async fn a_refused_lesson_leaves_no_trace(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let there = lesson(7, class_id(8), "2024-09-02", 5, "Химия");
        changes.lessons.push((school_id(1), there));
    })
    .await;
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let audited = harness.store.audit(100).await.unwrap();
    let teacher = staff(TEACHER);
    for (change, code) in [
        ((|draft| draft.number = 5) as fn(&mut LessonDraft), "lesson_repeated"),
        (|draft| draft.date = day("2024-09-01"), "no_school_day"),
        (|draft| draft.date = day("2042-09-02"), "page_date_outside_year"),
        (|draft| draft.date = NaiveDate::MIN, "page_date_outside_year"),
        (|draft| draft.works = vec![work("тест", &[(4, "5")])], "pupil_elsewhere"),
        (
            |draft| {
                let pupil = account_id(1);
                draft.attendance = vec![AttendanceDraft { pupil, code: "ЩЩ".into() }];
            },
            "code_unknown",
        ),
    ] {
        let refused = harness
            .change(&teacher, &page, |draft| {
                draft.topic = Some("Степени".into());
                change(draft);
            })
            .await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    // On an hour that is taken no new lesson comes either.
    let again = harness.store.save_lesson(&teacher, school_id(1), None, algebra("2024-09-02", 1));
    assert_eq!(again.await.unwrap_err().code(), "lesson_repeated");
    let class = class_id(404);
    let nowhere = LessonDraft { class, ..algebra("2024-09-02", 2) };
    let administrator = staff(ADMINISTRATOR);
    let refused = harness.store.save_lesson(&administrator, school_id(1), None, nowhere).await;
    assert_eq!(refused.unwrap_err().code(), "page_class_unknown");
    assert_eq!(harness.store.audit(100).await.unwrap(), audited);
    assert_eq!(harness.page(page.lesson.id).await, page);

    let unknown = Some(SeenLesson { lesson: lesson_id(404), version: 1 });
    let refused = harness.store.save_lesson(&teacher, school_id(1), unknown, page.draft()).await;
    assert_eq!(refused.unwrap_err().code(), "lesson_not_found");
    let refused = harness.store.lesson(&staff(COLLEAGUE), school_id(1), lesson_id(404)).await;
    assert_eq!(refused.unwrap_err().code(), "lesson_not_found");
    // Who does not work here learns of no identifier whether a lesson has it.
    for who in [mother(), pupil(1), staff(FATHER)] {
        for id in [lesson_id(404), page.lesson.id] {
            let refused = harness.store.lesson(&who, school_id(1), id).await.unwrap_err();
            assert_eq!(refused.code(), "not_allowed", "{who:?}");
            let refused = harness.store.mark_history(&who, school_id(1), id).await.unwrap_err();
            assert_eq!(refused.code(), "not_allowed", "{who:?}");
            let seen = Some(SeenLesson { lesson: id, version: 0 });
            let refused = harness.store.save_lesson(&who, school_id(1), seen, page.draft()).await;
            assert_eq!(refused.unwrap_err().code(), "not_allowed", "{who:?}");
        }
    }
}

/// Who gives a lesson writes it, and an administrator; who leads the class sees it.
pub async fn lessons_are_their_teachers_to_write(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        // Somebody of the teacher's name, and a subject of the colleague's, until the summer.
        Known { account: 42, person: 42, snils: "", ..TEACHER }.save(changes);
        for account in [account_id(42), COLLEAGUE.id()] {
            let until = Some(day("2024-08-31"));
            let subject = "Алгебра".into();
            let post = StaffPost { account, subject, class_teacher_of: None, until };
            changes.staff.push((school_id(1), post));
        }
    })
    .await;
    let school = school_id(1);
    let chemistry = || LessonDraft {
        subject: "Химия".into(),
        teacher: "Берёзкина А.".into(),
        ..algebra("2024-09-02", 2)
    };
    let colleague = staff(COLLEAGUE);
    let theirs = harness.store.save_lesson(&colleague, school, None, chemistry()).await.unwrap();
    let ours = harness.new_lesson(algebra("2024-09-02", 1)).await;

    let strangers = [mother(), pupil(1), staff(FATHER)];
    let topic = |draft: &mut LessonDraft| draft.topic = Some("Тема".into());
    for (who, page, may_look, may_write) in [
        (&staff(TEACHER), &ours, true, true),
        (&staff(TEACHER), &theirs, true, false), // leads the class
        (&colleague, &ours, false, false),
        (&colleague, &theirs, true, true),
        (&staff(ADMINISTRATOR), &ours, true, true),
        (&strangers[0], &ours, false, false),
        (&strangers[1], &ours, false, false),
        (&strangers[2], &ours, false, false),
    ] {
        let page =
            harness.store.lesson(&staff(ADMINISTRATOR), school, page.lesson.id).await.unwrap();
        let looked = harness.store.lesson(who, school, page.lesson.id).await;
        assert_eq!(looked.is_ok(), may_look, "{who:?}");
        let written = harness.change(who, &page, topic).await;
        match written {
            Ok(_) => assert!(may_write, "{who:?}"),
            Err(LessonError::Access(AccessError::NotAllowed)) => assert!(!may_write, "{who:?}"),
            Err(error) => panic!("{error}"),
        }
    }
    let ours = harness.page(ours.lesson.id).await;
    for (change, what) in [
        ((|draft| draft.teacher = "Берёзкина А.".into()) as fn(&mut LessonDraft), "hands it over"),
        (|draft| draft.subject = "Химия".into(), "has no post of the subject"),
        (|draft| draft.teacher = String::new(), "leaves it to nobody"),
    ] {
        let refused = harness.change(&staff(TEACHER), &ours, change).await;
        assert!(matches!(refused, Err(LessonError::Access(_))), "{what}");
    }
    let taken =
        LessonDraft { teacher: "Берёзкина А.".into(), ..algebra("2024-09-02", 3) };
    let refused = harness.store.save_lesson(&colleague, school, None, taken).await;
    assert!(matches!(refused, Err(LessonError::Access(_))), "teaches no algebra any more");
    let elsewhere = harness.store.save_lesson(&colleague, school_id(2), None, chemistry()).await;
    assert!(matches!(elsewhere, Err(LessonError::Access(_))), "another school");
    let handed = harness
        .change(&staff(ADMINISTRATOR), &ours, |draft| draft.teacher = "Берёзкина А.".into())
        .await;
    assert!(handed.is_ok());
}

/// What became of a mark is kept: what it was, what it is, who did it and when; also of one that is
/// no more.
pub async fn marks_have_a_history(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let draft = LessonDraft {
        works: vec![work("тест", &[(1, "."), (3, "5")])],
        ..algebra("2024-09-02", 1)
    };
    let page = harness.new_lesson(draft).await;
    let (teacher, administrator) = (staff(TEACHER), staff(ADMINISTRATOR));
    harness.clock.set("2024-09-03T09:00:00Z");
    let page = harness
        .change(&teacher, &page, |draft| draft.works[0].marks[0].value = "3".parse().unwrap())
        .await
        .unwrap();
    harness.clock.set("2024-09-04T09:00:00Z");
    let page = harness
        .change(&administrator, &page, |draft| {
            let mark = &mut draft.works[0].marks[0];
            (mark.value, mark.comment) = ("4".parse().unwrap(), Some("апелляция".into()));
        })
        .await
        .unwrap();
    harness.clock.set("2024-09-05T09:00:00Z");
    let marks: Vec<_> = page.marks.iter().map(|mark| mark.id).collect();
    let page = harness.change(&teacher, &page, |draft| draft.works.clear()).await.unwrap();
    assert!(page.marks.is_empty());

    let history = harness.store.mark_history(&teacher, school_id(1), page.lesson.id).await.unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|change| {
            let new = change.new.as_ref().map(ToString::to_string);
            (change.mark, change.old.to_string(), new, change.by.unwrap(), change.at.to_string())
        })
        .collect();
    let (by_teacher, by_other) = (TEACHER.id(), ADMINISTRATOR.id());
    let at = |day: u8| format!("2024-09-0{day} 09:00:00 UTC");
    assert_eq!(
        told,
        [
            (marks[0], ".".into(), Some("3".into()), by_teacher, at(3)),
            (marks[0], "3".into(), Some("4".into()), by_other, at(4)),
            (marks[0], "4".into(), None, by_teacher, at(5)),
            (marks[1], "5".into(), None, by_teacher, at(5)),
        ]
    );
    assert_eq!(history[1].comment.as_deref(), Some("апелляция"));
    assert!(history.iter().all(|change| change.pupil != account_id(2)));
    let refused = harness.store.mark_history(&staff(COLLEAGUE), school_id(1), page.lesson.id).await;
    assert!(matches!(refused, Err(LessonError::Access(_))));
}

/// A lesson that is moved takes along what stands in it; a work that was handed in elsewhere stays
/// before that.
pub async fn a_moved_lesson_takes_along_what_stands_in_it(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let draft = LessonDraft {
        works: vec![work("тест", &[(1, "4"), (3, ".")])],
        attendance: vec![AttendanceDraft { pupil: account_id(1), code: "оп".into() }],
        remarks: vec![RemarkDraft { pupil: account_id(1), text: "Опоздала".into() }],
        ..algebra("2024-09-02", 1)
    };
    let page = harness.new_lesson(draft).await;
    let teacher = staff(TEACHER);
    let moved =
        harness.change(&teacher, &page, |draft| draft.date = day("2024-09-04")).await.unwrap();
    assert!(moved.marks.iter().all(|mark| mark.date == day("2024-09-04")));
    assert_eq!(harness.page(page.lesson.id).await, moved);
    let entries = async |date: &str| {
        let range = DateRange::day(day(date));
        let diary = harness.store.diary(&pupil(1), school_id(1), account_id(1), range).await;
        diary.unwrap().days.remove(0).entries
    };
    assert!(entries("2024-09-02").await.is_empty());
    let [there] = &entries("2024-09-04").await[..] else { panic!("one lesson") };
    assert_eq!((there.marks.len(), there.remarks.len(), there.attendance.is_some()), (1, 1, true));

    let handed_in =
        LateMarkDraft { work: page.works[0].id, mark: work("", &[(3, "5")]).marks.remove(0) };
    let late = LessonDraft { late_marks: vec![handed_in], ..algebra("2024-09-06", 1) };
    harness.new_lesson(late).await;
    for (change, code) in [
        ((|draft| draft.date = day("2024-09-09")) as fn(&mut LessonDraft), "work_elsewhere"),
        (|draft| draft.works.clear(), "work_unknown"),
    ] {
        let refused = harness.change(&teacher, &moved, change).await.unwrap_err();
        assert_eq!(refused.code(), code);
    }
}

/// Who gives back what was there writes nothing; every other look and write is on record.
pub async fn looks_at_lessons_and_writes_are_audited(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let administrator = staff(ADMINISTRATOR);
    let same = harness.change(&administrator, &page, |_| {}).await.unwrap();
    assert_eq!(same, page);
    harness.page(page.lesson.id).await;
    harness.change(&administrator, &page, |draft| draft.room = "7".into()).await.unwrap();
    let refused = harness.store.lesson(&mother(), school_id(1), page.lesson.id).await;
    assert!(refused.is_err());
    // A conflict shows the whole page.
    let never = Some(SeenLesson { lesson: page.lesson.id, version: 0 });
    let conflict =
        harness.store.save_lesson(&administrator, school_id(1), never, page.draft()).await;
    assert!(matches!(conflict, Err(LessonError::Conflict(_))));
    let told: Vec<_> = harness.store.audit(100).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .rev()
        .map(|entry| (entry.action.as_str(), entry.actor, entry.school, entry.lesson))
        .collect();
    let (school, lesson) = (Some(school_id(1)), Some(page.lesson.id));
    assert_eq!(
        told,
        [
            ("lesson_saved", Some(TEACHER.id()), school, lesson),
            ("lesson_read", Some(TEACHER.id()), school, lesson),
            ("lesson_saved", Some(ADMINISTRATOR.id()), school, lesson),
            ("lesson_read", Some(ADMINISTRATOR.id()), school, lesson),
        ]
    );
}
