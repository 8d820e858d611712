//! Schools never see each other's rows, and an empty database answers every question.

use chrono::NaiveDate;
use eschool_core::{
    diary::{Change, DiaryEvent, DiarySlice},
    id::{AccountId, SchoolId},
    identity::FullName,
    journal::{FinalMark, Lesson, LessonPage, Mark, Work},
    people::StaffPost,
    policy::Counter,
};

use super::registry_of;
use crate::{
    backend::{
        Access, Backend, Changes, ClassJournal, ClassPupils, MarkChange, Member, Registry,
        SchoolFrame, Tx,
    },
    testing::{
        fixtures::{
            account_id, at, class_id, days, final_mark, lesson_id, login_key, mark_id, person_id,
            sample, school_id, token, work_id,
        },
        reading, save,
    },
};

/// Two schools use the same identifiers of classes, accounts, lessons, works and marks; each has
/// its own rows under them, and keeps them when the other's change.
pub async fn two_schools_with_the_same_identifiers_stay_apart(backend: impl Backend) {
    let (first, second) = (sample(1), sample(2));
    save(&backend, &first).await;
    save(&backend, &told(1)).await;
    let alone = everything(&mut *reading(&backend).await, school_id(1)).await;
    save(&backend, &second).await;
    save(&backend, &told(2)).await;

    let mut tx = reading(&backend).await;
    let here = everything(&mut *tx, school_id(1)).await;
    let there = everything(&mut *tx, school_id(2)).await;
    assert_eq!(here, alone);
    assert_eq!(here.registry, registry_of(&first));
    assert_eq!(there.registry, registry_of(&second));
    assert_ne!(here.slice.lessons, there.slice.lessons);
    assert_ne!(here.pages, there.pages);
    assert_ne!(here.events, there.events);
    assert_ne!(here.staff, there.staff);
    assert_eq!(tx.schools().await.unwrap(), [first.schools, second.schools].concat());
    drop(tx);

    // A third of the rows of the second school change; the first notices nothing.
    let mut changed = sample(2);
    for (_, lesson) in &mut changed.lessons {
        lesson.topic = Some("Другая тема".into());
        lesson.number += 10;
    }
    for (_, mark) in &mut changed.marks {
        mark.value = "2".parse().unwrap();
    }
    changed.claims.clear();
    for account in &mut changed.accounts {
        (account.snils, account.phone, account.email) = (None, None, None);
    }
    changed.frames = vec![(school_id(2), SchoolFrame::default())];
    changed.settled_rows = vec![(school_id(2), "roditeli.csv".into(), 2)];
    changed.emptied_lessons = changed.lessons.iter().map(|(id, lesson)| (*id, lesson.id)).collect();
    changed.individual_homework.clear();
    changed.remarks.clear();
    changed.removed_finals = changed.finals.clone();
    save(&backend, &changed).await;
    let mut tx = reading(&backend).await;
    assert_eq!(everything(&mut *tx, school_id(1)).await, alone);
    assert_ne!(everything(&mut *tx, school_id(2)).await, there);
}

/// What belongs to one school is not found under another's identifier.
pub async fn a_row_is_not_found_under_another_school(backend: impl Backend) {
    save(&backend, &sample(1)).await;
    save(&backend, &told(1)).await;
    let mut tx = reading(&backend).await;
    assert_eq!(everything(&mut *tx, school_id(2)).await, Everything::none());
}

/// Every load of an empty database gives an empty answer, to a reader and to a writer.
pub async fn an_empty_database_answers(backend: impl Backend) {
    for access in [Access::Read, Access::Write] {
        assert_empty(&mut *backend.begin(access).await.unwrap()).await;
    }
}

/// Empty changes change nothing.
pub async fn empty_changes_are_taken(backend: impl Backend) {
    save(&backend, &Changes::default()).await;
    save(&backend, &sample(1)).await;
    let mut tx = reading(&backend).await;
    let before = everything(&mut *tx, school_id(1)).await;
    drop(tx);
    save(&backend, &Changes::default()).await;
    assert_eq!(everything(&mut *reading(&backend).await, school_id(1)).await, before);
}

/// Nothing that the sample school or a transaction's case saves is there.
pub(super) async fn assert_empty(tx: &mut dyn Tx) {
    assert_eq!(tx.schools().await.unwrap(), []);
    assert_eq!(everything(tx, school_id(1)).await, Everything::none());
    assert_eq!(tx.claims(&[login_key("pr1_pupil")]).await.unwrap(), []);
    assert_eq!(tx.credential(&login_key("pr1_pupil")).await.unwrap(), None);
    assert_eq!(tx.counter(&login_key("pr1_pupil")).await.unwrap(), Counter::default());
    assert_eq!(tx.devices(&token(1)).await.unwrap(), []);
    assert_eq!(tx.session(person_id(1), &token(1)).await.unwrap(), None);
    let people = [1, 2, 3, 11, 12, 21].map(person_id);
    assert_eq!(tx.accounts_of(&people).await.unwrap(), []);
    assert_eq!(tx.cases_until(at("9999-12-31T00:00:00Z"), 10).await.unwrap(), []);
    assert_eq!(tx.invitation(&token(1)).await.unwrap(), None);
    assert_eq!(tx.mergeable_accounts().await.unwrap(), []);
    assert_eq!(tx.merges(10).await.unwrap(), []);
    assert_eq!(tx.kept_apart(None).await.unwrap(), []);
    assert_eq!(tx.audit(10).await.unwrap(), []);
}

/// What every load that names a school gives for the sample's identifiers.
#[derive(Debug, PartialEq)]
pub(super) struct Everything {
    registry: Registry,
    frame: SchoolFrame,
    journals: [ClassJournal; 2],
    finals: Vec<FinalMark>,
    pupils_finals: Vec<FinalMark>,
    slice: DiarySlice,
    members: Vec<Member>,
    cards: usize,
    pages: Vec<Option<LessonPage>>,
    days: ClassJournal,
    lessons: Vec<Lesson>,
    end: Option<NaiveDate>,
    works: Vec<(Work, Option<Lesson>)>,
    marks: Vec<Mark>,
    mark_changes: Vec<MarkChange>,
    pupils: ClassPupils,
    staff: Vec<(StaffPost, FullName)>,
    last_event: u64,
    events: [Vec<DiaryEvent>; 2],
}

impl Everything {
    fn none() -> Self {
        Self {
            registry: Registry::default(),
            frame: SchoolFrame::default(),
            journals: [ClassJournal::default(), ClassJournal::default()],
            finals: Vec::new(),
            pupils_finals: Vec::new(),
            slice: empty_slice(account_id(1)),
            members: Vec::new(),
            cards: 0,
            pages: vec![None; 5],
            days: ClassJournal::default(),
            lessons: Vec::new(),
            end: None,
            works: Vec::new(),
            marks: Vec::new(),
            mark_changes: Vec::new(),
            pupils: ClassPupils::default(),
            staff: Vec::new(),
            last_event: 0,
            events: [Vec::new(), Vec::new()],
        }
    }
}

/// Everything of a school with the sample's identifiers.
pub(super) async fn everything(tx: &mut dyn Tx, school: SchoolId) -> Everything {
    let pupil = account_id(1);
    let accounts = [1, 2, 3, 11, 12, 21].map(|n| (school, account_id(n)));
    let journals = [
        tx.class_journal(school, class_id(1)).await.unwrap(),
        tx.class_journal(school, class_id(2)).await.unwrap(),
    ];
    // The sample's identifiers are the same in every school; else the comparison says little.
    for journal in &journals {
        assert!(journal.lessons.iter().all(|lesson| lesson.id < lesson_id(10)));
        assert!(journal.marks.iter().all(|mark| mark.id < mark_id(10)));
    }
    let mut pages = Vec::new();
    for n in 1..=5 {
        pages.push(tx.lesson_page(school, lesson_id(n)).await.unwrap());
    }
    let (class, september) = (class_id(1), days("2024-09-01", "2024-09-30"));
    let works = [1, 2].map(work_id);
    let pupils = [1, 2, 3].map(account_id);
    let registry = tx.registry(school).await.unwrap();
    assert_eq!(tx.classes(school).await.unwrap(), registry.classes);
    Everything {
        registry,
        frame: tx.frame(school).await.unwrap(),
        journals,
        finals: tx.school_finals(school).await.unwrap(),
        pupils_finals: tx.finals(school, pupil).await.unwrap(),
        slice: tx.diary_slice(school, pupil, september).await.unwrap(),
        members: tx.members(&accounts).await.unwrap(),
        cards: tx.school_credentials(school).await.unwrap().len(),
        pages,
        days: tx.journal_days(school, class, september).await.unwrap(),
        lessons: tx.lessons_between(school, class, september).await.unwrap(),
        end: tx.journal_end(school, class).await.unwrap(),
        works: tx.works(school, &works).await.unwrap(),
        marks: tx.marks_for(school, &pupils, &works).await.unwrap(),
        mark_changes: tx.mark_changes(school, lesson_id(1)).await.unwrap(),
        pupils: tx.class_pupils(school, class).await.unwrap(),
        staff: tx.staff(school).await.unwrap(),
        last_event: tx.last_event(school).await.unwrap(),
        events: [
            tx.events(school, 0, None, 10).await.unwrap(),
            tx.events(school, 0, Some(&pupils), 10).await.unwrap(),
        ],
    }
}

/// What happened in the diaries of a school, under the cursors that every school has; the words tell
/// which school it is.
fn told(n: u128) -> Changes {
    let event = |cursor, pupil| DiaryEvent {
        cursor,
        pupil: account_id(pupil),
        at: at("2024-09-02T08:30:00Z"),
        what: Change::FinalNew { mark: final_mark(pupil, &format!("Школа № {n}"), "5") },
    };
    // The second school has told of one thing more.
    let events = (1..).zip((1..=3).take(usize::try_from(n).unwrap()));
    let events = events.map(|(cursor, pupil)| (school_id(n), event(cursor, pupil))).collect();
    Changes { events, ..Changes::default() }
}

/// The slice of a pupil of whom nothing is known, in a school of which nothing is.
pub(super) fn empty_slice(pupil: AccountId) -> DiarySlice {
    DiarySlice {
        pupil,
        stays: Vec::new(),
        subgroups: Vec::new(),
        calendar: Vec::new(),
        bells: Vec::new(),
        timetable: Vec::new(),
        journal_ends: Vec::new(),
        lessons: Vec::new(),
        upcoming: Vec::new(),
        works: Vec::new(),
        marks: Vec::new(),
        attendance: Vec::new(),
        individual_homework: Vec::new(),
        remarks: Vec::new(),
    }
}
