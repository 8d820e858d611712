//! The next school year, opened and undone.

use std::sync::Arc;

use eschool_core::{
    archive::DropOrder,
    error::CodedError as _,
    id::SchoolId,
    journal::{NewYear, Stay, YearConflict, YearGap},
    people::StaffPost,
    policy::SignInPolicy,
};

use super::{
    Harness,
    families::{MOTHER, TEACHER, bond},
    journal_people::{ADMINISTRATOR, algebra, school_at_work, staff},
};
use crate::{
    Actor, NewYearError, YearForeseen,
    backend::{Backend, Changes},
    testing::{
        fixtures::{account_id, class, class_id, day, membership, person_id, school_id},
        reading, save,
    },
};

const HERE: SchoolId = school_id(1);
const CONSOLE: Actor<'static> = Actor::Console;

/// «8А» becomes «9А» with whom it has, its part and its class teacher; «11А» leaves, and with it the
/// adults who have no other child here close. A second time nothing is done.
pub async fn a_class_becomes_the_next_one(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = with_graduates(Arc::clone(&backend)).await;
    let store = &harness.store;
    let YearForeseen { plan, closing } = foreseen(&harness).await;
    assert_eq!(plan.conflicts, []);
    assert_eq!(plan.gaps, [YearGap::Calendar, YearGap::Terms(9)]);
    let closing: Vec<_> = closing.iter().map(|(id, closing)| (*id, closing.closed_from)).collect();
    let last = day("2025-06-26");
    assert_eq!(closing, [(account_id(5), last), (account_id(15), last)]);
    assert!(reading(&backend).await.new_years(HERE).await.unwrap().is_empty(), "only foreseen");

    let administrator = staff(ADMINISTRATOR);
    let id = store.open_new_year(Actor::Session(&administrator), HERE, &plan).await.unwrap();
    let mut tx = reading(&backend).await;
    let registry = tx.registry(HERE).await.unwrap();
    let made = registry.classes.iter().find(|class| class.year == 2025).unwrap();
    assert_eq!(made.name.to_string(), "9А");
    let here: Vec<_> = registry.stays.iter().filter(|stay| stay.class == made.id).collect();
    let pupils: Vec<_> = here.iter().map(|stay| stay.pupil).collect();
    assert_eq!(pupils, [account_id(1), account_id(3)], "who left in October is not among them");
    assert!(here.iter().all(|stay| stay.from == day("2025-09-01") && stay.to.is_none()));
    let of_graduate = registry.stays.iter().find(|stay| stay.pupil == account_id(5)).unwrap();
    assert_eq!(of_graduate.to, Some(day("2025-06-25")));
    assert!(registry.subgroups.iter().any(|part| part.class == made.id));
    let leads = registry.staff.iter().find(|post| post.account == TEACHER.id()).unwrap();
    assert_eq!(leads.class_teacher_of, Some(made.id));
    let years = tx.new_years(HERE).await.unwrap();
    assert_eq!((years.len(), years[0].id, years[0].actor), (1, id, Some(ADMINISTRATOR.id())));
    drop(tx);
    let audit = store.audit(2).await.unwrap();
    assert!(audit.iter().any(|e| e.outcome == "left" && e.subject == Some(account_id(5))));

    assert_eq!(store.open_new_year(CONSOLE, HERE, &plan).await.unwrap(), id);
    assert_eq!(reading(&backend).await.registry(HERE).await.unwrap(), registry);
}

/// Undone, the school is what it was; once a lesson, a move or a timetable of the new year is there,
/// it is not undone any more.
pub async fn a_new_year_is_undone_while_nothing_was_written_to_it(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = with_graduates(Arc::clone(&backend)).await;
    let store = &harness.store;
    let all = async || {
        let mut tx = reading(&backend).await;
        (tx.registry(HERE).await.unwrap(), tx.frame(HERE).await.unwrap())
    };
    let before = all().await;
    let plan = foreseen(&harness).await.plan;
    let first = store.open_new_year(CONSOLE, HERE, &plan).await.unwrap();
    assert_ne!(all().await, before);
    store.undo_new_year(CONSOLE, HERE, first).await.unwrap();
    assert_eq!(all().await, before);
    let twice = store.undo_new_year(CONSOLE, HERE, first).await.unwrap_err();
    assert_eq!(twice.code(), "year_undone");
    let elsewhere = store.undo_new_year(CONSOLE, school_id(2), first).await.unwrap_err();
    assert_eq!(elsewhere.code(), "year_not_found");

    let second = store.open_new_year(CONSOLE, HERE, &plan).await.unwrap();
    let registry = all().await.0;
    let made = registry.classes.iter().find(|class| class.year == 2025).unwrap().id;
    let undone = async || store.undo_new_year(CONSOLE, HERE, second).await.unwrap_err().code();
    // Somebody comes into the new class.
    let moved = eschool_core::journal::Stay {
        pupil: account_id(2),
        class: made,
        from: day("2025-09-01"),
        to: None,
    };
    save(&backend, &Changes { stays: vec![(HERE, moved)], ..Changes::default() }).await;
    assert_eq!(undone().await, "year_written_since");
    let mut away = Changes::default();
    away.removed.stays = vec![(HERE, moved)];
    save(&backend, &away).await;
    // Somebody of it leaves before it begins.
    let left = eschool_core::journal::Stay {
        to: Some(day("2025-08-01")),
        ..*registry.stays.iter().find(|stay| stay.pupil == account_id(1)).unwrap()
    };
    save(&backend, &Changes { stays: vec![(HERE, left)], ..Changes::default() }).await;
    assert_eq!(undone().await, "year_written_since");
    let whole = registry.stays.iter().map(|stay| (HERE, *stay)).collect();
    save(&backend, &Changes { stays: whole, ..Changes::default() }).await;
    // A lesson of it is there.
    let mut lesson = algebra("2025-09-01", 1);
    lesson.class = made;
    harness.clock.set("2025-09-01T09:00:00Z");
    harness.new_lesson(lesson).await;
    let written = all().await;
    assert_eq!(undone().await, "year_written_since");
    assert_eq!(all().await, written);
}

/// A year that was archived, dropped or not, is not undone, however little there is in it.
pub async fn a_year_in_an_archive_is_not_undone(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = with_graduates(Arc::clone(&backend)).await;
    let store = &harness.store;
    let plan = foreseen(&harness).await.plan;
    let id = store.open_new_year(CONSOLE, HERE, &plan).await.unwrap();
    harness.clock.set("2026-08-20T09:00:00Z");
    let mut file = Vec::new();
    store.archive_year(CONSOLE, HERE, 2025, &mut file, &mut |_| ()).await.unwrap();
    let undone = store.undo_new_year(CONSOLE, HERE, id).await.unwrap_err();
    assert_eq!(undone.code(), "year_written_since");
    let order = Some(DropOrder { number: "12-од".into(), date: day("2026-08-15") });
    let mut archive = &file[..];
    store.drop_year(CONSOLE, HERE, 2025, &mut archive, order, &mut |_| ()).await.unwrap();
    let registry = reading(&backend).await.registry(HERE).await.unwrap();
    let undone = store.undo_new_year(CONSOLE, HERE, id).await.unwrap_err();
    assert_eq!(undone.code(), "year_written_since");
    assert_eq!(reading(&backend).await.registry(HERE).await.unwrap(), registry);
}

/// Who leaves with the last day, or was moved by hand into a class of the next year, is left alone
/// and in nobody's way: the year opens, is listed, and is undone.
pub async fn who_leaves_with_the_last_day_is_left_alone(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = with_graduates(Arc::clone(&backend)).await;
    let store = &harness.store;
    let mut by_hand = class(HERE, 99, "9Б");
    by_hand.year = 2025;
    let stay = |pupil, class, from, to: &str| {
        let to = to.parse().ok();
        (HERE, Stay { pupil: account_id(pupil), class: class_id(class), from: day(from), to })
    };
    let mut part = membership(3, class_id(8), "1", "2024-09-01");
    part.to = Some(day("2025-08-31"));
    let changes = Changes {
        classes: vec![by_hand],
        stays: vec![
            stay(1, 8, "2024-09-01", "2025-08-31"),
            stay(1, 99, "2025-09-01", ""),
            stay(3, 8, "2024-09-01", ""),
        ],
        subgroups: vec![(HERE, part)],
        ..Changes::default()
    };
    save(&backend, &changes).await;
    let before = reading(&backend).await.registry(HERE).await.unwrap();
    let plan = foreseen(&harness).await.plan;
    assert_eq!(plan.conflicts, []);
    let id = store.open_new_year(CONSOLE, HERE, &plan).await.unwrap();
    let registry = reading(&backend).await.registry(HERE).await.unwrap();
    let of_one = |rows: &[Stay]| -> Vec<Stay> {
        rows.iter().filter(|stay| stay.pupil == account_id(1)).copied().collect()
    };
    assert_eq!(of_one(&registry.stays), of_one(&before.stays));
    assert_eq!(store.new_years(CONSOLE, HERE).await.unwrap().len(), 1);
    assert_eq!(store.audit(1).await.unwrap()[0].action, "new_years_read");
    store.undo_new_year(CONSOLE, HERE, id).await.unwrap();
    assert_eq!(reading(&backend).await.registry(HERE).await.unwrap(), before);

    let wrong = NewYear { graduated: Some(day("2023-06-25")), ..plan.year };
    let wrong = store.foresee_new_year(CONSOLE, HERE, wrong).await.unwrap().plan;
    assert_eq!(wrong.conflicts, [YearConflict::GraduatedThen(day("2023-06-25"))]);
    let told = store.open_new_year(CONSOLE, HERE, &wrong).await.unwrap_err();
    assert_eq!(told.code(), "year_conflicts");
}

/// Once a graduate was erased the year is not undone: nobody comes back without a name.
pub async fn a_new_year_brings_back_nobody_erased(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = with_graduates(Arc::clone(&backend)).await;
    let store = &harness.store;
    let plan = foreseen(&harness).await.plan;
    assert_eq!(store.audit(1).await.unwrap()[0].action, "new_year_foreseen");
    let id = store.open_new_year(CONSOLE, HERE, &plan).await.unwrap();
    harness.clock.set("2025-07-01T09:00:00Z");
    store.erase_person(CONSOLE, person_id(5)).await.unwrap();
    let erased = reading(&backend).await.registry(HERE).await.unwrap();
    let told = store.undo_new_year(CONSOLE, HERE, id).await.unwrap_err();
    assert_eq!(told.code(), "year_erased_since");
    assert_eq!(reading(&backend).await.registry(HERE).await.unwrap(), erased);
}

/// A school whose only class leaves: once a graduate is in a class again, made by hand, the year is
/// not undone.
pub async fn a_graduate_who_stays_is_in_one_class(backend: impl Backend) {
    let backend = Arc::new(backend);
    let mut changes = graduates();
    changes.classes.retain(|class| class.school != HERE || class.id == class_id(11));
    changes.stays.retain(|(school, stay)| *school != HERE || stay.class == class_id(11));
    changes.staff.retain(|(_, post)| post.class_teacher_of != Some(class_id(8)));
    changes.subgroups.clear();
    let harness = Harness::with(Arc::clone(&backend), changes, SignInPolicy::ryazan_2022()).await;
    let store = &harness.store;
    let plan = foreseen(&harness).await.plan;
    let id = store.open_new_year(CONSOLE, HERE, &plan).await.unwrap();
    let mut by_hand = class(HERE, 99, "11Б");
    by_hand.year = 2025;
    let stay =
        Stay { pupil: account_id(5), class: class_id(99), from: day("2025-09-01"), to: None };
    let stays = vec![(HERE, stay)];
    save(&backend, &Changes { classes: vec![by_hand], stays, ..Changes::default() }).await;
    let told = store.undo_new_year(CONSOLE, HERE, id).await.unwrap_err();
    assert_eq!(told.code(), "year_written_since");
    let mut away = Changes::default();
    away.removed.stays = vec![(HERE, stay)];
    save(&backend, &away).await;
    store.undo_new_year(CONSOLE, HERE, id).await.unwrap();
}

/// What has to be settled, a plan that is out of date, an empty school and somebody who administers
/// nothing: not opened, and nothing written.
pub async fn a_new_year_in_doubt_is_not_opened(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = with_graduates(Arc::clone(&backend)).await;
    let store = &harness.store;
    let code = async |plan, by: Actor<'_>| {
        let told: Result<_, NewYearError> = store.open_new_year(by, HERE, plan).await;
        told.map_or_else(|error| error.code(), |_| "")
    };
    let plan = foreseen(&harness).await.plan;
    let teacher = staff(TEACHER);
    assert_eq!(code(&plan, Actor::Session(&teacher)).await, "not_allowed");
    let year = plan.year;
    let look = store.foresee_new_year(Actor::Session(&teacher), HERE, year).await.unwrap_err();
    assert_eq!(look.code(), "not_allowed");
    let mut early = class(HERE, 99, "9А");
    early.year = 2025;
    save(&backend, &Changes { classes: vec![early], ..Changes::default() }).await;
    assert_eq!(code(&plan, CONSOLE).await, "year_plan_stale");
    let anew = foreseen(&harness).await.plan;
    assert_eq!(anew.conflicts, [YearConflict::ClassTaken("9А".parse().unwrap())]);
    assert_eq!(code(&anew, CONSOLE).await, "year_conflicts");
    let much_later = NewYear::beginning(day("2030-09-01"));
    let empty = store.foresee_new_year(CONSOLE, HERE, much_later).await.unwrap();
    assert_eq!(code(&empty.plan, CONSOLE).await, "year_nothing");
    assert!(reading(&backend).await.new_years(HERE).await.unwrap().is_empty());
}

async fn foreseen<B: Backend>(harness: &Harness<B>) -> YearForeseen {
    let year =
        NewYear { graduated: Some(day("2025-06-25")), ..NewYear::beginning(day("2025-09-01")) };
    harness.store.foresee_new_year(CONSOLE, HERE, year).await.unwrap()
}

/// The school at work with a class 11А: the pupil 5 and the mother 15; the mother of Анна has that
/// child too, and stays.
async fn with_graduates<B: Backend>(backend: B) -> Harness<B> {
    Harness::with(backend, graduates(), SignInPolicy::ryazan_2022()).await
}

fn graduates() -> Changes {
    let mut changes = school_at_work();
    changes.classes.push(class(HERE, 11, "11А"));
    let graduate = super::families::Known {
        account: 5,
        person: 5,
        name: ("Ясенева", "Зоя"),
        born: "02.02.2007",
        snils: "",
        phone: "",
        ..MOTHER
    };
    let mother = super::families::Known { account: 15, person: 15, ..graduate };
    graduate.save(&mut changes);
    mother.save(&mut changes);
    let mut stay = changes.stays[0];
    (stay.1.pupil, stay.1.class) = (account_id(5), class_id(11));
    changes.stays.push(stay);
    changes.guardianships.extend([bond(mother, 5), bond(MOTHER, 5)]);
    changes.subgroups.push((HERE, membership(1, class_id(8), "1", "2024-09-01")));
    changes.staff.push((
        HERE,
        StaffPost {
            account: ADMINISTRATOR.id(),
            subject: String::new(),
            class_teacher_of: Some(class_id(11)),
            until: None,
        },
    ));
    changes
}
