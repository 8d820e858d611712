//! School years that go to an archive, out of the database, and back.

use std::{
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use eschool_core::{
    archive::{ArchiveLine, DropOrder, YearState},
    calendar::DateRange,
    diary::DiaryEvent,
    error::CodedError as _,
    id::{AccountId, SchoolId},
    journal::{
        AttendanceClass, AttendanceDraft, FinalMark, Homework, HomeworkDraft, LessonDraft,
        RemarkDraft,
    },
};
use uuid::Uuid;

use super::{
    Harness,
    families::TEACHER,
    journal_people::{ADMINISTRATOR, COLLEAGUE, algebra, at_work, mother, pupil, staff, work},
};
use crate::{
    Actor, ExcuseForm, YearArchiveError,
    backend::{Access, Backend, BackendError, Changes, ClassArchive, Registry, Tx, YearArchiveRow},
    testing::{
        fixtures::{
            account_id, class, class_id, day, final_mark, lesson, lesson_id, mark, mark_change,
            remark, school_id, work as work_row,
        },
        reading, save,
    },
};

const HERE: SchoolId = school_id(1);
const THERE: SchoolId = school_id(2);
const YEAR: i32 = 2024;
/// When the year is over.
const LATER: &str = "2026-01-20T09:00:00Z";

/// Archived, dropped and restored, a year is what it was, and its archive is the same file, byte by
/// byte. Meanwhile it is nowhere, its diary says so, nobody writes to it, and neither another year
/// nor another school has lost anything.
pub async fn an_archived_year_is_dropped_and_restored(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let store = &harness.store;
    let before = everything(&backend, HERE).await;
    let elsewhere = everything(&backend, THERE).await;
    let files = exported(&harness).await;
    let excuses = store.excuses(&mother(), HERE, account_id(1), september()).await.unwrap();
    let administrator = staff(ADMINISTRATOR);
    let by = Actor::Session(&administrator);

    let (file, made) = archived(&harness).await.unwrap();
    assert_eq!((made.state, made.lines), (YearState::Archived, count_lines(&file) - 1));
    assert_eq!(everything(&backend, HERE).await, before, "an archive changes nothing");
    let gone = drop_year(&harness, &file).await.unwrap();
    assert_eq!((gone.state, gone.digest), (YearState::Dropped, made.digest));
    let now = everything(&backend, HERE).await;
    assert_eq!(now.registry, before.registry, "people stay");
    let of_year = |class: usize| (&now.classes[class], &before.classes[class]);
    let (dropped, was) = of_year(0);
    assert_eq!(*dropped, ClassArchive::default());
    assert!(was.journal.lessons.len() > 2 && !was.mark_changes.is_empty());
    let (next_year, was) = of_year(1);
    assert_eq!(next_year, was);
    let years: Vec<_> = now.finals.iter().map(|mark| mark.year).collect();
    assert_eq!(years, [2025]);
    assert!(now.excuses.is_empty());
    assert_eq!(now.events, before.events[before.events.len() - 1..], "who follows counts on");
    assert_eq!(everything(&backend, THERE).await, elsewhere);
    assert_eq!(told_not_to(&harness).await, ["year_archived"; 6]);
    store.seal_audit().await.unwrap();
    assert!(store.verify_audit(None).await.unwrap().is_sound());

    let back = restore(&harness, &file).await.unwrap();
    assert_eq!((back.state, back.order), (YearState::Archived, None));
    assert_eq!(everything(&backend, HERE).await, before);
    assert_eq!(everything(&backend, THERE).await, elsewhere);
    assert_eq!(exported(&harness).await, files);
    let listed = store.excuses(&mother(), HERE, account_id(1), september()).await.unwrap();
    assert_eq!(listed, excuses);
    assert_eq!(archived(&harness).await.unwrap().0, file);
    assert_eq!(store.year_archives(by, HERE).await.unwrap().len(), 1);
    let actions = store.audit(100).await.unwrap().into_iter().rev().map(|entry| entry.action);
    let actions: Vec<_> = actions.filter(|action| action.starts_with("year_")).collect();
    let told =
        ["year_archived", "year_dropping", "year_dropped", "year_restoring", "year_restored"];
    assert_eq!(actions[..5], told);

    // A second time nothing is done.
    restore(&harness, &file).await.unwrap();
    drop_year(&harness, &file).await.unwrap();
    let again = drop_year(&harness, &file).await.unwrap();
    assert_eq!(again.state, YearState::Dropped);
    let whole = archived(&harness).await.unwrap_err();
    assert_eq!(whole.code(), "year_not_whole");
}

/// Whatever write a program is killed before, what was begun goes on, by the same call or back.
pub async fn an_interrupted_drop_and_restore_go_on(backend: impl Backend) {
    let backend = Arc::new(Stopping { backend, left: AtomicUsize::new(usize::MAX) });
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let before = everything(&backend, HERE).await;
    let (file, _) = archived(&harness).await.unwrap();
    let stopped_after = async |left, restores: bool| {
        backend.left.store(left, Ordering::SeqCst);
        let stopped = if restores {
            restore(&harness, &file).await
        } else {
            drop_year(&harness, &file).await
        };
        backend.left.store(usize::MAX, Ordering::SeqCst);
        usize::from(stopped.is_err())
    };
    let mut interrupted = 0;
    for left in 0..10 {
        interrupted += stopped_after(left, false).await;
        restore(&harness, &file).await.unwrap();
        assert_eq!(everything(&backend, HERE).await, before, "back, stopped after {left} writes");

        interrupted += stopped_after(left, false).await;
        let row = drop_year(&harness, &file).await.unwrap();
        assert_eq!(row.state, YearState::Dropped);
        assert_eq!(everything(&backend, HERE).await.classes[0], ClassArchive::default());
        interrupted += stopped_after(left, true).await;
        restore(&harness, &file).await.unwrap();
        assert_eq!(everything(&backend, HERE).await, before, "stopped after {left} writes");
    }
    assert!(interrupted > 10, "{interrupted}");
}

/// Whatever byte of an archive is missing or another, whosever it is: nothing is written.
pub async fn a_damaged_archive_restores_nothing(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let (file, _) = archived(&harness).await.unwrap();
    drop_year(&harness, &file).await.unwrap();
    let gone = everything(&backend, HERE).await;
    let text = String::from_utf8(file.clone()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let with = |place: usize, line: &str| {
        let mut lines = lines.clone();
        lines[place] = line;
        lines.concat()
    };
    let newer = lines[0].replacen("\"version\":1", "\"version\":2", 1);
    let none = lines[0].replacen("\"header\"", "\"footer\"", 1);
    let value = lines.iter().position(|line| line.starts_with("{\"mark\":")).unwrap();
    let other_value = lines[value].replacen("\"value\":\"5\"", "\"value\":\"4\"", 1);
    assert_ne!(other_value, lines[value]);
    for (damaged, code) in [
        (String::new(), "archive_not_one"),
        ("школа;год\n".into(), "archive_not_one"),
        (with(0, &none), "archive_not_one"),
        (with(0, &newer), "archive_newer"),
        (with(0, &format!("{}{}", lines[0], lines[0])), "archive_damaged"),
        (with(2, "\n"), "archive_damaged"),
        (with(value, &other_value), "archive_altered"),
        (with(value, ""), "archive_altered"),
        (format!("{text}{}", lines[1]), "archive_damaged"),
        (lines[..lines.len() - 1].concat(), "archive_cut_off"),
        (text[..text.len() - 9].into(), "archive_cut_off"),
    ] {
        let told = restore(&harness, damaged.as_bytes()).await.unwrap_err();
        assert_eq!(told.code(), code);
        let told = drop_year(&harness, damaged.as_bytes()).await.unwrap_err();
        assert_eq!(told.code(), code);
    }
    for end in (0..file.len()).step_by(97) {
        assert!(restore(&harness, &file[..end]).await.is_err(), "{end} bytes");
    }
    assert_eq!(everything(&backend, HERE).await, gone);

    // A whole archive, but not this one: proper by itself, and made of something else.
    let mut other = Vec::new();
    let by = Actor::Console;
    harness.store.archive_year(by, THERE, YEAR, &mut other, &mut |_| ()).await.unwrap();
    let told = drop_year(&harness, &other).await.unwrap_err();
    assert_eq!(told.code(), "archive_foreign");
    let stranger = forged(&lines, value, &other_value);
    let told = restore(&harness, stranger.as_bytes()).await.unwrap_err();
    assert_eq!(told.code(), "archive_foreign");
    assert_eq!(everything(&backend, HERE).await, gone);
    restore(&harness, &file).await.unwrap();
}

/// A year that runs, that was not archived, that is kept, that changed since, and somebody who
/// administers nothing: it stays where it is, and may be written.
pub async fn a_year_is_dropped_by_its_archive_and_in_time_alone(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let store = &harness.store;
    harness.clock.set("2025-07-31T09:00:00Z");
    assert_eq!(archived(&harness).await.unwrap_err().code(), "year_runs");
    harness.clock.set(LATER);
    assert_eq!(drop_year(&harness, b"").await.unwrap_err().code(), "archive_missing");
    let mut nothing = Vec::new();
    let none = store.archive_year(Actor::Console, HERE, 2020, &mut nothing, &mut |_| ()).await;
    assert_eq!((none.unwrap_err().code(), nothing), ("archive_nothing", vec![]));

    let (file, _) = archived(&harness).await.unwrap();
    let before = everything(&backend, HERE).await;
    for nobody in [staff(TEACHER), staff(COLLEAGUE), mother(), pupil(1)] {
        let by = Actor::Session(&nobody);
        let mut out = Vec::new();
        let told = store.archive_year(by, HERE, YEAR, &mut out, &mut |_| ()).await;
        assert_eq!((told.unwrap_err().code(), out), ("not_allowed", vec![]));
        let told = store.drop_year(by, HERE, YEAR, &mut &file[..], order(), &mut |_| ()).await;
        assert_eq!(told.unwrap_err().code(), "not_allowed");
        let told = store.restore_year(by, &mut Cursor::new(&file), &mut |_| ()).await;
        assert_eq!(told.unwrap_err().code(), "not_allowed");
        assert_eq!(store.year_archives(by, HERE).await.unwrap_err().code(), "not_allowed");
    }
    let by = Actor::Console;
    let without = store.drop_year(by, HERE, YEAR, &mut &file[..], None, &mut |_| ()).await;
    assert_eq!(without.unwrap_err().code(), "year_order_needed");
    assert_eq!(everything(&backend, HERE).await, before);

    // A mark comes in after the archive was made.
    let page = harness.page(before.classes[0].journal.lessons[0].id).await;
    let administrator = staff(ADMINISTRATOR);
    let topic = |draft: &mut LessonDraft| draft.topic = Some("Повторение".into());
    harness.change(&administrator, &page, topic).await.unwrap();
    let written = everything(&backend, HERE).await;
    assert_eq!(drop_year(&harness, &file).await.unwrap_err().code(), "archive_stale");
    assert_eq!(everything(&backend, HERE).await, written);
    let page = harness.page(page.lesson.id).await;
    harness.change(&administrator, &page, |draft| draft.topic = None).await.unwrap();
    let (anew, _) = archived(&harness).await.unwrap();
    assert_eq!(drop_year(&harness, &file).await.unwrap_err().code(), "archive_foreign");
    drop_year(&harness, &anew).await.unwrap();
}

/// A work of the year that a mark of the next one is for stays where that mark is read; whoever was
/// erased meanwhile gets no excuse back.
pub async fn what_others_need_outlives_a_dropped_year(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let before = everything(&backend, HERE).await;
    let owed = before.classes[0].journal.works[0].clone();
    let later = lesson(77, class_id(9), "2025-09-08", 3, "Алгебра");
    let closing = mark(77, 1, &later, &owed, "4");
    let changes = Changes {
        lessons: vec![(HERE, later.clone())],
        marks: vec![(HERE, closing)],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let before = everything(&backend, HERE).await;
    let (file, _) = archived(&harness).await.unwrap();
    drop_year(&harness, &file).await.unwrap();
    let range = DateRange::day(later.date);
    let mut tx = reading(&backend).await;
    let slice = tx.diary_slice(HERE, account_id(1), range).await.unwrap();
    assert_eq!(slice.works, [owed]);
    drop(tx);
    restore(&harness, &file).await.unwrap();
    assert_eq!(everything(&backend, HERE).await, before);

    drop_year(&harness, &file).await.unwrap();
    let mut tx = reading(&backend).await;
    let mut accounts = tx.registry(HERE).await.unwrap().accounts;
    drop(tx);
    accounts.retain(|account| account.id == account_id(1));
    accounts[0].name = eschool_core::identity::FullName::erased();
    save(&backend, &Changes { accounts, ..Changes::default() }).await;
    restore(&harness, &file).await.unwrap();
    let now = everything(&backend, HERE).await;
    assert_eq!((now.excuses, now.classes), (vec![], before.classes));
}

/// A school at work with journals of two years, as teachers, a parent and files wrote them; another
/// school has rows with the same identifiers.
async fn school_with_a_year<B: Backend>(backend: Arc<B>) -> Harness<Arc<B>> {
    let harness = at_work(Arc::clone(&backend), |changes| {
        let mut next = class(HERE, 9, "9А");
        next.year = 2025;
        changes.classes.extend([next, class(THERE, 8, "8Б")]);
        changes.finals.push((HERE, final_mark(1, "Алгебра", "5")));
        changes.finals.push((HERE, FinalMark { year: 2025, ..final_mark(1, "Алгебра", "4") }));
        changes.finals.push((THERE, final_mark(1, "Алгебра", "3")));
    })
    .await;
    let store = &harness.store;
    let draft = LessonDraft {
        topic: Some("Степени".into()),
        homework: Some(Homework { text: "№ 12".into(), due: None, materials: vec![] }),
        works: vec![work("у доски", &[(1, "5"), (3, ".")]), work("тест", &[(1, "5-")])],
        attendance: vec![AttendanceDraft { pupil: account_id(2), code: "УП".into() }],
        individual_homework: vec![HomeworkDraft {
            pupil: account_id(2),
            homework: Homework { text: "Карточка".into(), due: None, materials: vec![] },
        }],
        remarks: ["Забыла тетрадь", "Опоздала"]
            .map(|text| RemarkDraft { pupil: account_id(1), text: text.into() })
            .into(),
        ..algebra("2024-09-02", 1)
    };
    let page = harness.new_lesson(draft).await;
    let corrected = |draft: &mut LessonDraft| {
        draft.works[0].marks[1].value = "4".parse().unwrap();
        draft.works[1].marks.clear();
    };
    harness.change(&staff(TEACHER), &page, corrected).await.unwrap();
    harness.new_lesson(algebra("2024-09-03", 2)).await;
    let excuse = ExcuseForm {
        pupil: account_id(1),
        days: DateRange::new(day("2024-09-03"), day("2024-09-04")).unwrap(),
        lessons: vec![],
        class: AttendanceClass::Ill,
        text: "Температура".into(),
    };
    store.tell_excuse(&mother(), HERE, excuse).await.unwrap();

    // By a file: the lesson of the year after, and the other school's, which has the identifiers of
    // this one's lesson.
    let next = lesson(7, class_id(9), "2025-09-01", 1, "Алгебра");
    let work = work_row(7, &next);
    let given = mark(7, 1, &next, &work, "5");
    let mut there = page.lesson.clone();
    there.class = class_id(8);
    let mut there_work = page.works[0].clone();
    there_work.title = "Другая школа".into();
    let there_mark = mark(9, 1, &there, &there_work, "3");
    let changes = Changes {
        lessons: vec![
            (HERE, lesson(8, class_id(8), "2024-09-04", 5, "Химия")),
            (HERE, next.clone()),
            (THERE, there.clone()),
        ],
        works: vec![(HERE, work), (THERE, there_work)],
        mark_changes: vec![mark_change(HERE, &given, "2"), mark_change(THERE, &there_mark, "2")],
        marks: vec![(HERE, given), (THERE, there_mark)],
        remarks: vec![(HERE, remark(1, &next, 0)), (THERE, remark(1, &there, 0))],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    assert_eq!(lesson_id(8), changes.lessons[0].1.id);
    harness.clock.set(LATER);
    harness
}

/// All of a school that an archive may touch, and what it may not.
#[derive(Debug, PartialEq)]
struct Everything {
    registry: Registry,
    /// By class: that of the year, that of the next.
    classes: Vec<ClassArchive>,
    finals: Vec<FinalMark>,
    excuses: Vec<(AccountId, Uuid, DateRange)>,
    events: Vec<DiaryEvent>,
}

async fn everything(backend: &impl Backend, school: SchoolId) -> Everything {
    let mut tx = reading(backend).await;
    let registry = tx.registry(school).await.unwrap();
    let mut classes = Vec::new();
    for id in [class_id(8), class_id(9)] {
        classes.push(tx.class_archive(school, id).await.unwrap());
    }
    let pupils: Vec<_> = registry.accounts.iter().map(|account| account.id).collect();
    let excuses = tx.excuses(school, &pupils, september()).await.unwrap();
    Everything {
        classes,
        finals: tx.school_finals(school).await.unwrap(),
        excuses: excuses.into_iter().map(|row| (row.pupil, row.id, row.days)).collect(),
        events: tx.events(school, 0, None, 1000).await.unwrap(),
        registry,
    }
}

/// What whoever reads or writes the year is told.
async fn told_not_to<B: Backend>(harness: &Harness<B>) -> Vec<&'static str> {
    let store = &harness.store;
    let child = account_id(1);
    let mut told = Vec::new();
    let read = store.diary(&mother(), HERE, child, september()).await.unwrap_err();
    told.push(read.code());
    let week = store.week(&mother(), HERE, child, Some(day("2024-09-03"))).await.unwrap_err();
    told.push(week.code());
    let year = store.joined_year(&mother(), HERE, child, Some(YEAR)).await.unwrap_err();
    told.push(year.code());
    let administrator = staff(ADMINISTRATOR);
    let new = store.save_lesson(&administrator, HERE, None, algebra("2024-09-05", 1)).await;
    told.push(new.unwrap_err().code());
    let (class, subject) = (class_id(8), "Алгебра");
    let finals = vec![final_mark(3, subject, "5")];
    let saved = store.save_finals(&administrator, HERE, class, subject, &[], finals);
    told.push(saved.await.unwrap_err().code());
    let excuse = ExcuseForm {
        pupil: child,
        days: DateRange::day(day("2024-09-05")),
        lessons: vec![],
        class: AttendanceClass::Ill,
        text: "Болела".into(),
    };
    told.push(store.tell_excuse(&mother(), HERE, excuse).await.unwrap_err().code());
    told
}

#[cfg(feature = "exchange")]
async fn exported<B: Backend>(harness: &Harness<B>) -> Vec<Vec<u8>> {
    let form = crate::exchange::FileForm::Csv;
    let options = crate::ExportOptions { year: Some(YEAR), form };
    let files = harness.store.export_for_operator(HERE, options).await.unwrap();
    files.iter().map(|(_, bytes)| bytes.to_vec()).collect()
}

#[cfg(not(feature = "exchange"))]
async fn exported<B: Backend>(_: &Harness<B>) -> Vec<Vec<u8>> {
    Vec::new()
}

async fn archived<B: Backend>(
    harness: &Harness<B>,
) -> Result<(Vec<u8>, YearArchiveRow), YearArchiveError> {
    let (mut file, administrator) = (Vec::new(), staff(ADMINISTRATOR));
    let by = Actor::Session(&administrator);
    let row = harness.store.archive_year(by, HERE, YEAR, &mut file, &mut |_| ()).await?;
    Ok((file, row))
}

async fn drop_year<B: Backend>(
    harness: &Harness<B>,
    mut file: &[u8],
) -> Result<YearArchiveRow, YearArchiveError> {
    let administrator = staff(ADMINISTRATOR);
    let by = Actor::Session(&administrator);
    harness.store.drop_year(by, HERE, YEAR, &mut file, order(), &mut |_| ()).await
}

async fn restore<B: Backend>(
    harness: &Harness<B>,
    file: &[u8],
) -> Result<YearArchiveRow, YearArchiveError> {
    let administrator = staff(ADMINISTRATOR);
    let by = Actor::Session(&administrator);
    harness.store.restore_year(by, &mut Cursor::new(file), &mut |_| ()).await
}

fn order() -> Option<DropOrder> {
    Some(DropOrder { number: "12-од".into(), date: day("2026-01-15") })
}

fn september() -> DateRange {
    DateRange::new(day("2024-09-01"), day("2024-09-30")).unwrap()
}

fn count_lines(file: &[u8]) -> u64 {
    file.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// An archive in which a line is another, and whose end says so: nobody's keys are needed for it.
fn forged(lines: &[&str], place: usize, line: &str) -> String {
    use sha2::{Digest as _, Sha256};

    let mut lines = lines.to_vec();
    lines[place] = line;
    let (end, before) = lines.split_last().unwrap();
    let digest = Sha256::digest(before.concat().as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let Ok(ArchiveLine::End(mut end)) = serde_json::from_str(end) else { panic!("an end") };
    end.sha256 = digest;
    let end = serde_json::to_string(&ArchiveLine::End(end)).unwrap();
    format!("{}{end}\n", before.concat())
}

/// A backend that begins so many writers, and then none.
#[derive(Debug)]
struct Stopping<B> {
    backend: B,
    left: AtomicUsize,
}

#[async_trait]
impl<B: Backend> Backend for Stopping<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let is_writer = access != Access::Read;
        let left = |left: usize| left.checked_sub(1);
        if is_writer && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_err() {
            return Err(BackendError::Unavailable("the program was killed".into()));
        }
        self.backend.begin(access).await
    }
}
