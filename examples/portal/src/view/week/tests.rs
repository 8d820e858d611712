use super::*;
use crate::view::NBSP;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn diary(first: NaiveDate, kinds: [(DayKind, Option<&str>); 7]) -> Diary {
    let range = DateRange::week_of(first);
    let days = range.days().zip(kinds).map(|(date, (kind, name))| {
        let entries = Vec::new();
        DiaryDay { date, kind, name: name.map(String::from), entries }
    });
    let pupil = "019379ab-0000-7000-8000-000000000001".parse().unwrap();
    Diary { pupil, range, days: days.collect() }
}

fn told(view: &WeekView) -> Vec<Vec<String>> {
    let block = |block: &Block| match block {
        Block::Day(day) => format!("{}, {}", day.weekday, day.day).replace(NBSP, " "),
        Block::Rest(rest) => {
            format!("{}, {}: {}", rest.weekdays, rest.days, rest.label).replace(NBSP, " ")
        }
    };
    view.pages.iter().map(|page| page.iter().map(block).collect()).collect()
}

#[test]
fn a_weekend_is_one_block_and_a_week_has_two_pages() {
    let ordinary = || (DayKind::Ordinary, None);
    let weekend = || (DayKind::Weekend, None);
    let week = diary(
        day(11, 16),
        [ordinary(), ordinary(), ordinary(), ordinary(), ordinary(), weekend(), weekend()],
    );
    let view = WeekView::of(week, day(11, 21));
    assert_eq!(
        told(&view),
        [
            vec!["Понедельник, 16 ноября", "Вторник, 17 ноября", "Среда, 18 ноября"],
            vec![
                "Четверг, 19 ноября",
                "Пятница, 20 ноября",
                "Суббота и воскресенье, 21–22 ноября: выходные",
            ],
        ]
    );
    assert!(view.is_this_week);
    assert_eq!((view.previous, view.next), (Some(day(11, 9)), Some(day(11, 23))));
}

#[test]
fn a_vacation_stands_together_and_a_holiday_in_it_apart() {
    let vacation = || (DayKind::Vacation, Some("осенние каникулы"));
    let week = diary(
        day(11, 2),
        [
            vacation(),
            vacation(),
            (DayKind::Holiday, Some("День народного единства")),
            vacation(),
            vacation(),
            vacation(),
            vacation(),
        ],
    );
    assert_eq!(
        told(&WeekView::of(week, day(11, 21))),
        [
            vec![
                "Понедельник и вторник, 2–3 ноября: осенние каникулы",
                "Среда, 4 ноября: День народного единства",
            ],
            vec!["Четверг – воскресенье, 5–8 ноября: осенние каникулы"],
        ]
    );
    let whole = diary(day(11, 2), std::array::from_fn(|_| vacation()));
    let view = WeekView::of(whole, day(11, 21));
    assert_eq!(told(&view), [["Понедельник – воскресенье, 2–8 ноября: осенние каникулы"]]);
}
