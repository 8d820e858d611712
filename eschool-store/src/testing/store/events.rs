//! What happened in diaries.

use std::collections::BTreeMap;

use eschool_core::{
    access::AccessError,
    calendar::TimetableLesson,
    diary::{Change, Diary, DiaryEvent, changes},
    error::CodedError as _,
    journal::{AttendanceDraft, Homework, LateMarkDraft, LessonDraft, LessonPage, RemarkDraft},
};

use super::{
    Harness,
    families::{FATHER, TEACHER},
    journal_people::{
        ADMINISTRATOR, COLLEAGUE, PUPILS, algebra, at_work, mother, pupil, seen, staff, work,
    },
};
use crate::{
    DiaryError, LessonError, Session,
    backend::{Backend, SchoolFrame},
    testing::fixtures::{account_id, class_id, day, days, school_id},
};

/// What somebody is told after a cursor.
async fn told<B: Backend>(harness: &Harness<B>, who: &Session, cursor: u64) -> Vec<String> {
    let page = harness.store.events_since(who, school_id(1), cursor, 100).await.unwrap();
    page.events
        .iter()
        .map(|event| format!("{} {}", event.pupil.0.as_u128(), event.what.kind()))
        .collect()
}

/// What a lesson brings is told to the families it is about, and to the staff who see the diaries.
pub async fn events_are_told_to_who_may_read_the_diary(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let draft = LessonDraft {
        works: vec![work("тест", &[(1, "4"), (3, ".")])],
        ..algebra("2024-09-02", 1)
    };
    let page = harness.new_lesson(draft).await;
    let added = |pupil: u128| format!("{pupil} lesson_added");
    let marked = |pupil: u128| format!("{pupil} mark_new");
    assert_eq!(told(&harness, &pupil(1), 0).await, [added(1), marked(1)]);
    assert_eq!(told(&harness, &mother(), 0).await, [added(1), marked(1), added(2)]);
    let all = [added(1), marked(1), added(2), added(3), marked(3)];
    assert_eq!(told(&harness, &staff(TEACHER), 0).await, all);
    assert_eq!(told(&harness, &staff(ADMINISTRATOR), 0).await, all);
    // A subject teacher sees lessons, not diaries.
    for nobody in [staff(COLLEAGUE), staff(FATHER)] {
        let refused = harness.store.events_since(&nobody, school_id(1), 0, 100).await;
        assert!(matches!(refused, Err(DiaryError::Access(AccessError::NotAllowed))), "{refused:?}");
    }
    let elsewhere = harness.store.events_since(&mother(), school_id(2), 0, 100).await;
    assert_eq!(elsewhere.unwrap_err().code(), "not_allowed");

    // Алла has left: what happens then is told to nobody of her family.
    harness.clock.set("2024-10-11T09:00:00Z");
    harness
        .change(&staff(TEACHER), &page, |draft| draft.topic = Some("Степени".into()))
        .await
        .unwrap();
    assert_eq!(told(&harness, &mother(), 0).await.len(), 3, "Анна's alone");
    let closed = harness.store.events_since(&pupil(2), school_id(1), 0, 100).await;
    assert_eq!(closed.unwrap_err().code(), "account_closed");
}

/// Who follows a cursor is told everything once.
pub async fn events_are_followed_by_a_cursor(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let anna = pupil(1);
    let first = harness.store.events_since(&anna, school_id(1), 0, 100).await.unwrap();
    assert_eq!(first.events.len(), 1);
    let none = harness.store.events_since(&anna, school_id(1), first.next, 100).await.unwrap();
    assert_eq!((none.events, none.next), (vec![], first.next));
    harness
        .change(&staff(TEACHER), &page, |draft| {
            draft.topic = Some("Степени".into());
            draft.works = vec![work("тест", &[(1, "4"), (1, "5")])];
        })
        .await
        .unwrap();
    let (mut cursor, mut kinds) = (first.next, Vec::new());
    loop {
        let next = harness.store.events_since(&anna, school_id(1), cursor, 1).await.unwrap();
        let [event] = &next.events[..] else { break };
        assert!(event.cursor > cursor && event.cursor == next.next);
        kinds.push(event.what.kind().to_owned());
        cursor = next.next;
    }
    assert_eq!(kinds, ["topic_changed", "mark_new", "mark_new"]);
    let limit = harness.store.events_since(&anna, school_id(1), 0, u32::MAX).await.unwrap();
    assert_eq!(limit.events.len(), 4);
}

/// A look by staff is noted for every pupil they were told of; a family's is not.
pub async fn staff_who_follow_events_are_audited(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let draft =
        LessonDraft { works: vec![work("тест", &[(1, "4")])], ..algebra("2024-09-02", 1) };
    harness.new_lesson(draft).await;
    let before = harness.store.audit(100).await.unwrap().len();
    told(&harness, &mother(), 0).await;
    assert_eq!(harness.store.audit(100).await.unwrap().len(), before);
    told(&harness, &staff(ADMINISTRATOR), 0).await;
    let entries = harness.store.audit(100).await.unwrap();
    let mut looks: Vec<_> = entries[..entries.len() - before]
        .iter()
        .map(|entry| (entry.action.as_str(), entry.actor, entry.subject))
        .collect();
    looks.sort();
    let look = |pupil| ("events_read", Some(ADMINISTRATOR.id()), Some(pupil));
    assert_eq!(looks, PUPILS.map(look));
    // Told of nobody, nobody was looked at.
    let last = harness.store.events_since(&staff(ADMINISTRATOR), school_id(1), 99, 100).await;
    assert_eq!(last.unwrap().events, []);
    assert_eq!(harness.store.audit(100).await.unwrap().len(), entries.len());
}

/// A debt that is handed in later is told on its own day, homework whose day moves on the day it
/// was given, and what was planned gives way to what is written.
pub async fn events_tell_of_other_days_too(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let planned = |weekday: &str, subject: &str| TimetableLesson {
            class: class_id(8),
            subgroup: None,
            weekday: weekday.parse().unwrap(),
            number: 1,
            subject: subject.into(),
            teacher: String::new(),
            room: String::new(),
        };
        let timetable = vec![planned("Wed", "Алгебра"), planned("Thu", "Химия")];
        let frame = SchoolFrame { timetable, ..SchoolFrame::default() };
        changes.frames.push((school_id(1), frame));
    })
    .await;
    let homework = Homework { text: "№ 12".into(), due: None, materials: vec![] };
    let first = LessonDraft {
        homework: Some(homework),
        works: vec![work("тест", &[(1, ".")])],
        ..algebra("2024-09-02", 1)
    };
    let first = harness.new_lesson(first).await;
    let anna = pupil(1);
    let cursor = harness.store.events_since(&anna, school_id(1), 0, 500).await.unwrap().next;
    let late =
        LateMarkDraft { work: first.works[0].id, mark: work("", &[(1, "4")]).marks.remove(0) };
    let second = LessonDraft { late_marks: vec![late], ..algebra("2024-09-06", 1) };
    harness.new_lesson(second).await;
    let page = harness.store.events_since(&anna, school_id(1), cursor, 500).await.unwrap();
    let told: Vec<_> = page.events.iter().map(|event| event.what.text_ru()).collect();
    assert_eq!(
        told,
        [
            "Алгебра, 2 сентября: срок задания изменён к 6 сентября: № 12",
            "Алгебра, 2 сентября: долг закрыт 6 сентября отметкой 4 – тест",
            "Алгебра, 4 сентября, 1-й урок убран",
            "Химия, 5 сентября, 1-й урок убран",
            "Алгебра, 6 сентября, 1-й урок добавлен",
            "Алгебра, 6 сентября: отметка 4 – тест",
        ]
    );
}

/// Random lessons by two editors, one of whom often holds an old page, beside a model that is a
/// list of pages: what is stored is what the model holds, and the events of each write are what lies
/// between the diaries before and after it.
pub async fn what_two_editors_write_and_what_is_told_agree(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let editors = [staff(TEACHER), staff(ADMINISTRATOR)];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut model: Vec<LessonPage> = Vec::new();
    let mut held: [BTreeMap<usize, LessonPage>; 2] = Default::default();
    let (mut cursor, mut saved, mut conflicts, mut refused) = (0, 0, 0, 0);
    for _ in 0..60 {
        let editor = random.below(2);
        let (held_page, draft) = if model.is_empty() || random.below(5) == 0 {
            (None, algebra(random.date(), random.number()))
        } else {
            let at = random.below(model.len());
            let page = held[editor].entry(at).or_insert_with(|| model[at].clone());
            (Some((at, page.clone())), page.draft())
        };
        let draft = random.changed(draft, &model);
        let before = diaries(&harness).await;
        let expected = held_page.as_ref().and_then(|(_, page)| seen(page));
        let result =
            harness.store.save_lesson(&editors[editor], school_id(1), expected, draft).await;
        match (result, held_page) {
            (Ok(page), None) => {
                assert_eq!(page.version, 1);
                held[editor].insert(model.len(), page.clone());
                model.push(page);
                saved += 1;
            }
            (Ok(page), Some((at, old))) => {
                assert_eq!(old, model[at], "an old page was written over a new one");
                held[editor].insert(at, page.clone());
                model[at] = page;
                saved += 1;
            }
            (Err(LessonError::Conflict(now)), Some((at, old))) => {
                assert_ne!(old, model[at]);
                assert_eq!(*now, model[at]);
                held[editor].insert(at, *now);
                conflicts += 1;
            }
            (Err(LessonError::Page(_)), _) => refused += 1,
            (Err(error), _) => panic!("{error}"),
        }
        for page in &model {
            assert_eq!(harness.page(page.lesson.id).await, *page);
        }
        let after = diaries(&harness).await;
        let page =
            harness.store.events_since(&editors[1], school_id(1), cursor, 500).await.unwrap();
        cursor = page.next;
        for (before, after) in before.iter().zip(&after) {
            let of_pupil = page.events.iter().filter(|event| event.pupil == after.pupil);
            let told: Vec<&Change> = of_pupil.map(|event: &DiaryEvent| &event.what).collect();
            let expected = changes(before, after);
            let expected: Vec<&Change> = expected.iter().collect();
            assert_eq!(told, expected);
        }
    }
    assert!(saved > 15 && conflicts > 3 && refused > 3, "{saved} {conflicts} {refused}");
}

/// The whole of September in the diary of each pupil.
async fn diaries<B: Backend>(harness: &Harness<B>) -> Vec<Diary> {
    let mut diaries = Vec::new();
    for account in PUPILS {
        let session = pupil(account.0.as_u128());
        let range = days("2024-09-02", "2024-09-30");
        diaries.push(harness.store.diary(&session, school_id(1), account, range).await.unwrap());
    }
    diaries
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn date(&mut self) -> &'static str {
        ["2024-09-03", "2024-09-05", "2024-09-09", "2024-09-13", "2024-09-14"][self.below(5)]
    }

    fn number(&mut self) -> u8 {
        u8::try_from(1 + self.below(3)).unwrap()
    }

    fn value(&mut self) -> &'static str {
        [".", "3", "4", "5-", "н/а"][self.below(5)]
    }

    /// A draft with one to three things changed.
    fn changed(&mut self, mut draft: LessonDraft, pages: &[LessonPage]) -> LessonDraft {
        for _ in 0..=self.below(3) {
            let whose = 1 + u128::try_from(self.below(3)).unwrap();
            match self.below(12) {
                0 => draft.topic = Some(format!("Тема {}", self.below(3))),
                1 => draft.date = day(self.date()),
                2 => draft.number = self.number(),
                3 => draft.cancelled = !draft.cancelled,
                4 => {
                    let text = format!("№ {}", self.below(3));
                    draft.homework = Some(Homework { text, due: None, materials: vec![] });
                }
                5 => draft.homework = None,
                6 => draft.works.push(work("тест", &[(whose, self.value())])),
                7 => {
                    if let Some(work) = draft.works.first_mut() {
                        work.title = format!("тест {}", self.below(3));
                    }
                }
                8 => {
                    let marks = draft.works.iter_mut().flat_map(|work| &mut work.marks);
                    if let Some(mark) = marks.last() {
                        mark.value = self.value().parse().unwrap();
                    }
                }
                9 => draft.works.truncate(1),
                10 => {
                    let works: Vec<_> = pages.iter().flat_map(|page| &page.works).collect();
                    if !works.is_empty() {
                        let late = works[self.below(works.len())].id;
                        let mark = work("", &[(whose, self.value())]).marks.remove(0);
                        draft.late_marks.push(LateMarkDraft { work: late, mark });
                    }
                }
                _ => {
                    let pupil = account_id(whose);
                    draft.attendance.retain(|row| row.pupil != pupil);
                    let code = ["Б", "УП", "оп"][self.below(3)].into();
                    let row = AttendanceDraft { pupil, code };
                    draft.attendance.push(row);
                    let text = format!("Замечание {}", self.below(2));
                    draft.remarks.push(RemarkDraft { pupil, text });
                }
            }
        }
        draft
    }
}
