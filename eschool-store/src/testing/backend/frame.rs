//! A school's days: calendar, terms, bells, timetable.

use chrono::{NaiveTime, Weekday};
use eschool_core::{
    calendar::{Bell, CalendarRule, CalendarSpan, DateRange, Term, TermKind, TimetableLesson},
    journal::Subgroup,
};

use crate::{
    backend::{Backend, Changes, SchoolFrame},
    testing::{
        fixtures::{EXTREME_DAYS, class, class_id, days, school, school_id, unusual_texts},
        reading, save,
    },
};

/// Every rule, kind, weekday and text, in the order of saving, which is no order of values.
pub async fn a_frame_is_loaded_as_saved(backend: impl Backend) {
    let frame = frame();
    save(&backend, &with_frames(vec![(school_id(1), frame.clone())])).await;
    assert_eq!(reading(&backend).await.frame(school_id(1)).await.unwrap(), frame);
}

/// A frame replaces the former whole, what it no longer has goes; another school's stays.
pub async fn a_frame_replaces_the_former_whole(backend: impl Backend) {
    let frames = [1, 2].map(|n| (school_id(n), frame()));
    save(&backend, &with_frames(frames.into())).await;

    let mut second = frame();
    second.calendar.truncate(1);
    second.terms.reverse();
    second.bells = Vec::new();
    second.timetable.remove(0);
    let frames = vec![(school_id(1), second.clone())];
    save(&backend, &Changes { frames, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.frame(school_id(1)).await.unwrap(), second);
    assert_eq!(tx.frame(school_id(2)).await.unwrap(), frame());
    drop(tx);

    let frames = vec![(school_id(1), SchoolFrame::default())];
    save(&backend, &Changes { frames, ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.frame(school_id(1)).await.unwrap(), SchoolFrame::default());
    assert_eq!(tx.frame(school_id(2)).await.unwrap(), frame());
}

fn with_frames(frames: Vec<(eschool_core::id::SchoolId, SchoolFrame)>) -> Changes {
    Changes {
        schools: vec![school(1), school(2)],
        classes: [1, 2]
            .into_iter()
            .flat_map(|n| [class(school_id(n), 1, "7А"), class(school_id(n), 2, "7Б")])
            .collect(),
        frames,
        ..Changes::default()
    }
}

fn frame() -> SchoolFrame {
    use CalendarRule::{Holiday, Vacation, Working};
    const WEEK: [Weekday; 7] = [
        Weekday::Sun,
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
    ];
    let [earliest, latest] = EXTREME_DAYS;
    let ever = DateRange::new(earliest, latest).unwrap();
    let span = |days, rule, name: &str| CalendarSpan { days, rule, name: name.into() };

    let mut calendar = vec![
        span(days("2024-10-28", "2024-11-04"), Vacation, "осенние каникулы"),
        span(DateRange::day(earliest), Holiday, ""),
        span(ever, Vacation, ""),
    ];
    calendar.extend(WEEK.map(|day| span(days("2024-12-28", "2024-12-28"), Working(day), "")));
    calendar.extend(unusual_texts().iter().map(|text| span(ever, Holiday, text)));

    let term = |grade, name: &str, kind| Term { grade, name: name.into(), kind, days: ever };
    let mut terms: Vec<Term> =
        TermKind::KNOWN.iter().rev().map(|kind| term(11, kind.as_str(), kind.clone())).collect();
    terms.extend(unusual_texts().iter().map(|text| term(1, text, TermKind::from(text.as_str()))));

    let time = |text: &str| text.parse::<NaiveTime>().unwrap();
    let bell = |number, begins, ends| Bell { number, begins: time(begins), ends: time(ends) };
    let bells = vec![
        bell(255, "23:59:58", "23:59:59"),
        bell(0, "00:00:00", "00:45:00"),
        bell(1, "08:30:00", "09:15:00"),
        bell(1, "08:40:00", "09:25:00"),
    ];

    let lesson = |class, weekday, subgroup: Option<&str>, text: &str| TimetableLesson {
        class: class_id(class),
        subgroup: subgroup.map(|part| Subgroup(part.into())),
        weekday,
        number: 1,
        subject: text.into(),
        teacher: text.into(),
        room: text.into(),
    };
    let mut timetable: Vec<TimetableLesson> =
        (0..).zip(WEEK).map(|(n, weekday)| lesson(2 - n % 2, weekday, None, "")).collect();
    timetable.extend(unusual_texts().iter().map(|text| lesson(1, Weekday::Mon, Some(text), text)));
    SchoolFrame { calendar, terms, bells, timetable }
}
