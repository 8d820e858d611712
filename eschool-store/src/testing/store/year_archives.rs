//! School years that go to an archive, out of the database, and back.

use std::{
    io::Cursor,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use chrono::NaiveDate;
use eschool_core::{
    archive::{ArchiveLine, DropOrder, YearState},
    calendar::DateRange,
    diary::DiaryEvent,
    error::CodedError as _,
    id::{AccountId, SchoolId},
    identity::FullName,
    journal::{
        AttendanceClass, AttendanceDraft, FinalMark, Homework, HomeworkDraft, Lesson, LessonDraft,
        RemarkDraft, Stay, Work,
    },
    people::School,
};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    Harness,
    families::TEACHER,
    harness::join,
    journal_people::{ADMINISTRATOR, COLLEAGUE, algebra, at_work, mother, pupil, staff, work},
};
use crate::{
    Actor, ExcuseForm, YearArchiveError,
    backend::{
        Access, Backend, BackendError, Changes, ClassArchive, ExcuseRow, Registry, StoredAccount,
        Tx, YearArchiveRow,
    },
    testing::{
        fixtures::{
            account_id, class, class_id, day, final_mark, lesson, lesson_id, mark, mark_change,
            remark, school_id, sealed, work as work_row,
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
    assert_eq!(told_not_to_read(&harness).await, ["year_archived"; 5]);
    assert_eq!(told_not_to_write(&harness, day("2024-09-05")).await, ["year_archived"; 3]);
    store.seal_audit().await.unwrap();
    assert!(store.verify_audit(None).await.unwrap().is_sound());

    let back = restore(&harness, &file).await.unwrap();
    assert_eq!((back.state, back.order), (YearState::Archived, order()), "for who asks why");
    assert_eq!(everything(&backend, HERE).await, before);
    assert_eq!(everything(&backend, THERE).await, elsewhere);
    assert_eq!(exported(&harness).await, files);
    let listed = store.excuses(&mother(), HERE, account_id(1), september()).await.unwrap();
    assert_eq!(listed, excuses);
    assert_eq!(store.year_archives(by, HERE).await.unwrap().len(), 1);
    let actions = store.audit(100).await.unwrap().into_iter().rev().map(|entry| entry.action);
    let actions: Vec<_> = actions.filter(|action| action.starts_with("year_")).collect();
    let told = [
        "year_archived",
        "year_held",
        "year_dropping",
        "year_dropped",
        "year_restoring",
        "year_restored",
    ];
    assert_eq!(actions[..6], told);
    let (again, row) = archived(&harness).await.unwrap();
    assert_eq!((again == file, row.order), (true, None));

    // A second time nothing is done.
    restore(&harness, &file).await.unwrap();
    drop_year(&harness, &file).await.unwrap();
    restore(&harness, &file).await.unwrap();
    let without = store.drop_year(by, HERE, YEAR, &mut &file[..], None, &mut |_| ()).await;
    assert_eq!(without.unwrap_err().code(), "year_order_needed", "an order is for one drop");
    drop_year(&harness, &file).await.unwrap();
    let again = drop_year(&harness, &file).await.unwrap();
    assert_eq!(again.state, YearState::Dropped);
    let whole = archived(&harness).await.unwrap_err();
    assert_eq!(whole.code(), "year_not_whole");
}

/// Whatever write a program is killed before, what was begun goes on, by the same call or back.
pub async fn an_interrupted_drop_and_restore_go_on(backend: impl Backend) {
    let backend = Arc::new(Stopping::over(backend));
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
    for left in 0..24 {
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

/// Lessons that a class is given in August go with its year: nobody writes them while it is held or
/// dropped, nor excuses who was absent, and the diary of those days tells so.
pub async fn lessons_of_august_go_with_their_class(backend: impl Backend) {
    let backend = Arc::new(Stopping::over(backend));
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let (store, administrator) = (&harness.store, staff(ADMINISTRATOR));
    let (august, child) = (day("2025-08-20"), account_id(1));
    let absent = AttendanceDraft { pupil: child, code: "н".into() };
    let draft = LessonDraft { attendance: vec![absent], ..algebra("2025-08-20", 1) };
    let page = harness.new_lesson(draft).await;
    let excuse = excuse_of(august);
    let excuse = store.tell_excuse(&mother(), HERE, excuse).await.unwrap();
    let before = everything(&backend, HERE).await;
    let (file, _) = archived(&harness).await.unwrap();
    // Killed once it is held, and once it is about to go.
    for left in [1, 2] {
        backend.left.store(left, Ordering::SeqCst);
        assert!(drop_year(&harness, &file).await.is_err());
        backend.left.store(usize::MAX, Ordering::SeqCst);
        let state = store.year_archives(Actor::Console, HERE).await.unwrap()[0].state;
        assert_eq!(state, [YearState::Held, YearState::Dropping][left - 1]);
        for on in [august, day("2024-09-05")] {
            assert_eq!(told_not_to_write(&harness, on).await, ["year_archived"; 3], "{on}");
        }
        let topic = |draft: &mut LessonDraft| draft.topic = Some("Повторение".into());
        let told = harness.change(&administrator, &page, topic).await.unwrap_err();
        assert_eq!(told.code(), "year_archived");
        let of_september = store.excuses(&mother(), HERE, child, september()).await.unwrap();
        for known in [of_september[0].id, excuse.id] {
            let told = store.accept_excuse(&administrator, HERE, child, known).await.unwrap_err();
            assert_eq!(told.code(), "year_archived", "{state:?}");
        }
    }
    assert_eq!(everything(&backend, HERE).await, before);
    drop_year(&harness, &file).await.unwrap();
    let told = store.diary(&mother(), HERE, child, DateRange::day(august)).await.unwrap_err();
    assert_eq!(told.code(), "year_archived");
    // A week that merely touches the year is shown, anything longer is not.
    store.week(&mother(), HERE, child, Some(day("2024-08-28"))).await.unwrap();
    let into_the_year = DateRange::new(day("2024-08-26"), day("2024-09-03")).unwrap();
    let told = store.diary(&mother(), HERE, child, into_the_year).await.unwrap_err();
    assert_eq!(told.code(), "year_archived");
    restore(&harness, &file).await.unwrap();
    assert_eq!(everything(&backend, HERE).await, before);
}

/// A drop that compared the year waits; meanwhile it is let go, written to, and held anew by another
/// drop of the same archive. The first one finds a year that is held by the same archive, but not by
/// itself, and drops nothing.
pub async fn who_lost_a_hold_drops_nothing(backend: impl Backend) {
    let backend = Arc::new(Stopping::over(backend));
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let (file, _) = archived(&harness).await.unwrap();
    backend.pause.store(2, Ordering::SeqCst);
    let first: Pin<Box<dyn Future<Output = &str> + '_>> =
        Box::pin(async { code(drop_year(&harness, &file).await) });
    let meanwhile: Pin<Box<dyn Future<Output = &str> + '_>> = Box::pin(async {
        backend.paused.notified().await;
        restore(&harness, &file).await.unwrap();
        harness.new_lesson(algebra("2024-09-05", 1)).await;
        backend.left.store(1, Ordering::SeqCst);
        assert!(drop_year(&harness, &file).await.is_err());
        backend.left.store(usize::MAX, Ordering::SeqCst);
        backend.go_on.notify_one();
        ""
    });
    assert_eq!(join([first, meanwhile].into_iter()).await, ["archive_overtaken", ""]);
    let now = everything(&backend, HERE).await;
    let lessons = &now.classes[0].journal.lessons;
    assert!(lessons.iter().any(|lesson| lesson.date == day("2024-09-05")), "it is still there");
    let rows = harness.store.year_archives(Actor::Console, HERE).await.unwrap();
    assert_eq!(rows[0].state, YearState::Held);
}

/// A year that could not be compared with its archive, whatever kept from it, is nobody's to hold.
pub async fn a_year_that_cannot_be_compared_is_let_go(backend: impl Backend) {
    let backend = Arc::new(Stopping::over(backend));
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let (file, _) = archived(&harness).await.unwrap();
    backend.reads.store(1, Ordering::SeqCst);
    let told = drop_year(&harness, &file).await.unwrap_err();
    backend.reads.store(usize::MAX, Ordering::SeqCst);
    assert_eq!(told.code(), "store_unavailable");
    harness.new_lesson(algebra("2024-09-05", 1)).await;
    let audit = harness.store.audit(10).await.unwrap();
    let of_year = audit.iter().filter(|entry| entry.action.starts_with("year_"));
    let actions: Vec<_> = of_year.map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["year_released", "year_held", "year_archived"]);
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
        (text.chars().take(text.chars().count() - 9).collect(), "archive_cut_off"),
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

/// A work of the year that a mark of the next one is for stays where that mark is read.
pub async fn what_others_need_outlives_a_dropped_year(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let (owed, later) = owing(&harness, &backend).await;
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
}

/// A work of one year and a mark for it in the next, both dropped and restored, each in either order:
/// the work is there as long as one of them needs it, comes back with either, and is nobody's once
/// both are gone.
pub async fn a_work_goes_with_the_last_year_that_needs_it(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let (owed, later) = owing(&harness, &backend).await;
    harness.clock.set("2026-08-20T09:00:00Z");
    let before = everything(&backend, HERE).await;
    let (first, _) = archived(&harness).await.unwrap();
    let (next, _) = archived_year(&harness, YEAR + 1).await.unwrap();
    let kinds = String::from_utf8(next.clone()).unwrap();
    assert_eq!(kinds.matches("{\"formerWork\":").count(), 1);
    let known = async || {
        let works = reading(&backend).await.works(HERE, &[owed.id]).await.unwrap();
        works.into_iter().map(|(work, _)| work).collect::<Vec<_>>()
    };
    let files = [(YEAR, &first), (YEAR + 1, &next)];
    for (drops, restores) in
        [([0, 1], [1, 0]), ([1, 0], [1, 0]), ([0, 1], [0, 1]), ([1, 0], [0, 1])]
    {
        for (place, nth) in drops.into_iter().enumerate() {
            let (year, file) = files[nth];
            assert_eq!(known().await, std::slice::from_ref(&owed), "{drops:?} {place}");
            dropped_year(&harness, year, file).await.unwrap();
        }
        assert_eq!(known().await, [], "{drops:?}");
        for nth in restores {
            restore(&harness, files[nth].1).await.unwrap();
            assert_eq!(known().await, std::slice::from_ref(&owed), "{restores:?}");
        }
        let mut tx = reading(&backend).await;
        let slice = tx.diary_slice(HERE, account_id(1), DateRange::day(later.date)).await.unwrap();
        assert_eq!(slice.works, std::slice::from_ref(&owed));
        drop(tx);
        assert_eq!(everything(&backend, HERE).await, before, "{drops:?} {restores:?}");
        // A year whose earlier one is away gives the same file.
        dropped_year(&harness, YEAR, &first).await.unwrap();
        assert_eq!(archived_year(&harness, YEAR + 1).await.unwrap().0, next);
        restore(&harness, &first).await.unwrap();
    }
}

/// The lesson of a work is in an archive: a mark for it that stands in the next year is corrected and
/// goes along with its lesson, and nobody gets a new one.
pub async fn a_mark_for_a_work_in_an_archive_is_corrected(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let stay = |n| {
        let (class, from) = (class_id(9), day("2025-09-01"));
        (HERE, Stay { pupil: account_id(n), class, from, to: None })
    };
    save(&backend, &Changes { stays: vec![stay(1), stay(3)], ..Changes::default() }).await;
    let (owed, later) = owing(&harness, &backend).await;
    let (file, _) = archived(&harness).await.unwrap();
    drop_year(&harness, &file).await.unwrap();
    let administrator = staff(ADMINISTRATOR);
    let page = harness.store.lesson(&administrator, HERE, later.id).await.unwrap();
    let corrected = |draft: &mut LessonDraft| {
        draft.late_marks[0].mark.value = "5".parse().unwrap();
        draft.date = day("2025-09-09");
    };
    let page = harness.change(&administrator, &page, corrected).await.unwrap();
    let stands = (page.marks[0].work, page.marks[0].value.to_string(), page.marks[0].date);
    assert_eq!(stands, (owed.id, "5".into(), day("2025-09-09")));
    let another = |draft: &mut LessonDraft| {
        let mut late = draft.late_marks[0].clone();
        (late.mark.id, late.mark.pupil) = (None, account_id(3));
        draft.late_marks.push(late);
    };
    let told = harness.change(&administrator, &page, another).await.unwrap_err();
    assert_eq!(told.code(), "work_unknown");

    // The work stays for as long as somebody has a mark for it.
    let others = mark(78, 3, &later, &owed, "3");
    save(&backend, &Changes { marks: vec![(HERE, others)], ..Changes::default() }).await;
    let works = async || reading(&backend).await.works(HERE, &[owed.id]).await.unwrap();
    for left in [1, 0] {
        let page = harness.store.lesson(&administrator, HERE, later.id).await.unwrap();
        let taken_back = |draft: &mut LessonDraft| drop(draft.late_marks.remove(0));
        let page = harness.change(&administrator, &page, taken_back).await.unwrap();
        assert_eq!((page.marks.len(), works().await.len()), (left, left));
    }
    restore(&harness, &file).await.unwrap();
    assert_eq!(works().await.len(), 1);
}

/// Who is erased before a year comes back, or while it does, gets no excuse back.
pub async fn nobody_erased_meanwhile_gets_an_excuse_back(backend: impl Backend) {
    let backend = Arc::new(Stopping::over(backend));
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let before = everything(&backend, HERE).await;
    let (file, _) = archived(&harness).await.unwrap();
    drop_year(&harness, &file).await.unwrap();
    backend.pause.store(2, Ordering::SeqCst);
    let restored: Pin<Box<dyn Future<Output = &str> + '_>> =
        Box::pin(async { code(restore(&harness, &file).await) });
    let meanwhile: Pin<Box<dyn Future<Output = &str> + '_>> = Box::pin(async {
        backend.paused.notified().await;
        erase(&backend, 1).await;
        backend.go_on.notify_one();
        ""
    });
    assert_eq!(join([restored, meanwhile].into_iter()).await, ["", ""]);
    let now = everything(&backend, HERE).await;
    assert_eq!((now.excuses, now.classes), (vec![], before.classes));
}

/// An excuse that does not open holds up no archive and no drop: it is told of, and stays where it is.
pub async fn what_does_not_open_stays_and_is_told(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let days = DateRange::day(day("2024-09-06"));
    let (id, pupil) = (Uuid::from_u128(1), account_id(3));
    let row = ExcuseRow { id, pupil, days, excuse: sealed(HERE, pupil, "excuse", "болен") };
    save(&backend, &Changes { excuses: vec![(HERE, row)], ..Changes::default() }).await;
    let before = everything(&backend, HERE).await;
    let (mut file, by) = (Vec::new(), Actor::Console);
    let told = harness.store.archive_year(by, HERE, YEAR, &mut file, &mut |_| ()).await;
    assert_eq!(told.unwrap_err().code(), "rows_unreadable");
    let told = drop_year(&harness, &file).await.unwrap_err();
    assert_eq!(told.code(), "rows_unreadable");
    let state = harness.store.year_archives(by, HERE).await.unwrap()[0].state;
    assert_eq!(state, YearState::Dropped);
    assert_eq!(everything(&backend, HERE).await.excuses, [(pupil, id, days)]);
    restore(&harness, &file).await.unwrap();
    assert_eq!(everything(&backend, HERE).await, before);
}

/// School, class and a pupil have other names by now, and who left was erased: what goes is still
/// what the archive says.
pub async fn a_new_name_keeps_no_year(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = school_with_a_year(Arc::clone(&backend)).await;
    let beside = class(HERE, 10, "8Б");
    let lesson = lesson(66, class_id(10), "2024-09-04", 1, "Химия");
    let changes =
        Changes { classes: vec![beside], lessons: vec![(HERE, lesson)], ..Changes::default() };
    save(&backend, &changes).await;
    let (file, _) = archived(&harness).await.unwrap();
    let mut tx = reading(&backend).await;
    let registry = tx.registry(HERE).await.unwrap();
    let school = tx.school(HERE).await.unwrap().unwrap();
    drop(tx);
    let mut changes = Changes::default();
    changes.schools.push(School { name: "Лицей № 7".into(), ..school });
    let pupil = registry.accounts.into_iter().find(|account| account.id == account_id(3)).unwrap();
    let name = FullName::new("Яблонев", "Олег", None).unwrap();
    changes.accounts.push(StoredAccount { name, ..pupil });
    changes.classes.push(class(HERE, 8, "8Я"));
    save(&backend, &changes).await;
    erase(&backend, 1).await;
    let before = everything(&backend, HERE).await;
    let row = drop_year(&harness, &file).await.unwrap();
    assert_eq!(row.state, YearState::Dropped);
    restore(&harness, &file).await.unwrap();
    assert_eq!(everything(&backend, HERE).await, before);
}

/// A pupil's holder is erased.
async fn erase(backend: &impl Backend, pupil: u128) {
    let mut accounts = reading(backend).await.registry(HERE).await.unwrap().accounts;
    accounts.retain(|account| account.id == account_id(pupil));
    accounts[0].name = FullName::erased();
    let erased = vec![(HERE, account_id(pupil))];
    save(backend, &Changes { accounts, erased, ..Changes::default() }).await;
}

/// A work of the year that a mark of the next one is for, and the lesson of that mark.
async fn owing<B: Backend>(harness: &Harness<Arc<B>>, backend: &Arc<B>) -> (Work, Lesson) {
    let owed = everything(backend, HERE).await.classes[0].journal.works[0].clone();
    let later = lesson(77, class_id(9), "2025-09-08", 3, "Алгебра");
    let marks = vec![(HERE, mark(77, 1, &later, &owed, "4"))];
    let lessons = vec![(HERE, later.clone())];
    save(backend, &Changes { lessons, marks, ..Changes::default() }).await;
    harness.clock.set(LATER);
    (owed, later)
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
    let days = DateRange::new(day("2024-09-03"), day("2024-09-04")).unwrap();
    let excuse = ExcuseForm { days, ..excuse_of(days.from()) };
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

/// What whoever reads the year is told.
async fn told_not_to_read<B: Backend>(harness: &Harness<B>) -> Vec<&'static str> {
    let store = &harness.store;
    let child = account_id(1);
    let read = store.diary(&mother(), HERE, child, september()).await.unwrap_err();
    let week = store.week(&mother(), HERE, child, Some(day("2024-09-03"))).await.unwrap_err();
    let year = store.joined_year(&mother(), HERE, child, Some(YEAR)).await.unwrap_err();
    let (administrator, class) = (staff(ADMINISTRATOR), class_id(8));
    let finals = store.class_finals(&administrator, HERE, class, "Алгебра").await.unwrap_err();
    vec![read.code(), week.code(), year.code(), finals.code(), not_exported(harness).await]
}

/// What whoever writes to the year is told: a new lesson and an excuse of a day, a final mark.
async fn told_not_to_write<B: Backend>(harness: &Harness<B>, on: NaiveDate) -> Vec<&'static str> {
    let store = &harness.store;
    let mut told = Vec::new();
    let administrator = staff(ADMINISTRATOR);
    let draft = LessonDraft { date: on, ..algebra("2024-09-05", 6) };
    let new = store.save_lesson(&administrator, HERE, None, draft).await;
    told.push(new.unwrap_err().code());
    let (class, subject) = (class_id(8), "Алгебра");
    let finals = vec![final_mark(3, subject, "5")];
    let saved = store.save_finals(&administrator, HERE, class, subject, &[], finals);
    told.push(saved.await.unwrap_err().code());
    told.push(store.tell_excuse(&mother(), HERE, excuse_of(on)).await.unwrap_err().code());
    told
}

fn excuse_of(on: NaiveDate) -> ExcuseForm {
    ExcuseForm {
        pupil: account_id(1),
        days: DateRange::day(on),
        lessons: vec![],
        class: AttendanceClass::Ill,
        text: "Температура".into(),
    }
}

#[cfg(feature = "exchange")]
async fn not_exported<B: Backend>(harness: &Harness<B>) -> &'static str {
    let options = crate::ExportOptions { year: Some(YEAR), ..crate::ExportOptions::default() };
    harness.store.export_for_operator(HERE, options).await.unwrap_err().code()
}

#[cfg(not(feature = "exchange"))]
async fn not_exported<B: Backend>(_: &Harness<B>) -> &'static str {
    "year_archived"
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
    archived_year(harness, YEAR).await
}

async fn archived_year<B: Backend>(
    harness: &Harness<B>,
    year: i32,
) -> Result<(Vec<u8>, YearArchiveRow), YearArchiveError> {
    let (mut file, administrator) = (Vec::new(), staff(ADMINISTRATOR));
    let by = Actor::Session(&administrator);
    let row = harness.store.archive_year(by, HERE, year, &mut file, &mut |_| ()).await?;
    Ok((file, row))
}

async fn drop_year<B: Backend>(
    harness: &Harness<B>,
    file: &[u8],
) -> Result<YearArchiveRow, YearArchiveError> {
    dropped_year(harness, YEAR, file).await
}

async fn dropped_year<B: Backend>(
    harness: &Harness<B>,
    year: i32,
    mut file: &[u8],
) -> Result<YearArchiveRow, YearArchiveError> {
    let administrator = staff(ADMINISTRATOR);
    let by = Actor::Session(&administrator);
    harness.store.drop_year(by, HERE, year, &mut file, order(), &mut |_| ()).await
}

/// The code of what was told; none where it was done.
fn code(done: Result<YearArchiveRow, YearArchiveError>) -> &'static str {
    done.map_or_else(|error| error.code(), |_| "")
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

/// A backend that begins so many writers and readers, and then none; before one writer it waits.
#[derive(Debug)]
struct Stopping<B> {
    backend: B,
    left: AtomicUsize,
    reads: AtomicUsize,
    /// Which writer from now on waits.
    pause: AtomicUsize,
    paused: Notify,
    go_on: Notify,
}

impl<B> Stopping<B> {
    fn over(backend: B) -> Self {
        let [left, reads, pause] = [0; 3].map(|_| AtomicUsize::new(usize::MAX));
        Self { backend, left, reads, pause, paused: Notify::new(), go_on: Notify::new() }
    }
}

#[async_trait]
impl<B: Backend> Backend for Stopping<B> {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let is_writer = access != Access::Read;
        if is_writer && self.pause.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.paused.notify_one();
            self.go_on.notified().await;
        }
        let left = if is_writer { &self.left } else { &self.reads };
        let less = |left: usize| left.checked_sub(1);
        if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_err() {
            return Err(BackendError::Unavailable("the program was killed".into()));
        }
        self.backend.begin(access).await
    }
}
