//! The whole way by forms: in, about, out.

use crate::house::{Folder, House};

#[tokio::test]
async fn a_pupil_signs_in_reads_the_diary_and_signs_out() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.signed_in(&cards[0]).await;

    let door = browser.get("/").await;
    assert_eq!((door.status, door.header("location")), (303, Some("/home")));

    let week = browser.get("/week").await;
    let text = week.text();
    assert_eq!(week.status, 200);
    for told in [
        "Анна Ёлкина 5А класс",
        "Неделя 16–22 ноября 2026",
        "Понедельник, 16 ноября",
        "Урок 1 08:30–09:15 Русский язык",
        "каб. 204 · Рябинина Вера Львовна",
        "4− Словарный диктант вес 3 Внимательнее!",
        "5 Контрольная работа № 2 вес 5",
        "• долг, работа не сдана Домашняя работа: Задачи на дроби вес 1",
        "Дроби &#60;и&#62; проценты",
        "замена: вместо «Русский язык»",
        "Б пропуск по болезни",
        "Музыка каб. 115 · Соловьёва Ева Ильинична отменён",
        "Среда, 18 ноября сегодня",
        "оп опоздание",
        "лично вам Карточка № 3",
        "Английский язык каб. 207 · Стоун Алла Игоревна ещё не заполнен",
        "Четверг, 19 ноября по расписанию",
        "спортзал · Беговой Илья Ильич",
        "Суббота и воскресенье, 21–22 ноября выходные",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    // the other subgroup's lesson, and markup of a topic
    assert!(!text.contains("Weather") && !week.body.contains("<и>"));
    assert!(week.body.contains("Упр. 12\nПравило на с. 30"));

    let vacation = browser.get("/week?from=2026-11-01").await.text();
    assert!(vacation.contains("Неделя 26 октября – 1 ноября 2026"));
    assert!(vacation.contains("осенние каникулы"), "{vacation}");
    let holiday = browser.get("/week?from=04.11.2026").await.text();
    assert!(holiday.contains("Среда, 4 ноября День народного единства"), "{holiday}");
    assert!(browser.get("/week?from=").await.text().contains("16–22 ноября"));

    let term = browser.get("/term").await.text();
    for told in [
        "2 четверть 5 ноября – 29 декабря 2026",
        "Пропущено 1 урок по болезни: 1 опоздания: 1",
        "Долги («точки») 1 работа Математика",
        "Не заполнено учителями 1 урок",
        "Математика 5 • (долг, работа не сдана) 5 средний балл 5,00",
        "Русский язык 4− средний балл 4,00",
        "16.11, пн 4− Словарный диктант",
        "18.11, ср Карточка № 3 лично вам",
    ] {
        assert!(term.contains(told), "{told}\n{term}");
    }
    let first =
        browser.get("/term?name=1%20%D1%87%D0%B5%D1%82%D0%B2%D0%B5%D1%80%D1%82%D1%8C").await;
    assert!(first.text().contains("1 четверть 1 сентября – 25 октября 2026"));

    let left = browser.post_form("/sign-out", &[]).await;
    assert_eq!((left.status, left.header("location")), (303, Some("/?why=left")));
    // At a gateway that has no way out.
    let page = browser.get("/?why=left_here").await;
    assert!(page.text().contains("не с портала, через который входили"), "{}", page.text());
    assert!(browser.get("/?why=left").await.text().contains("Вы вышли из дневника."));
    let week = browser.get("/week").await;
    assert_eq!((week.status, week.header("location")), (303, Some("/")));
    house.stop().await;
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_with_its_time() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let signed_in = house.signed_in(&cards[1]).await;
    house.stop().await;

    let house = House::open(folder.path(), Vec::new(), crate::house::NOON).await;
    let mut browser = house.browser();
    browser.cookies = signed_in.cookies.clone();
    assert_eq!(browser.get("/week").await.status, 200);
    let again = House::open(folder.path(), vec![crate::house::school()], crate::house::NOON).await;
    assert!(again.printed.contains("ничего не изменилось"), "{}", again.printed);

    house.clock.advance(chrono::TimeDelta::days(31));
    let over = browser.get("/week").await;
    assert_eq!(over.header("location"), Some("/?why=ended"));
    assert!(!browser.cookies.contains_key("eschool_session"));
    let door = browser.get("/?why=ended").await.text();
    assert!(door.contains("Сеанс завершён. Войдите ещё раз"));
}

#[tokio::test]
async fn another_sign_in_on_the_device_ends_the_first() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.signed_in(&cards[0]).await;
    let mut former = browser.clone();
    let second = [("login", cards[1].login.as_str()), ("password", cards[1].password.as_str())];
    assert_eq!(browser.post_form("/sign-in", &second).await.status, 303);
    assert!(browser.get("/week").await.text().contains("Пётр Жуков"));
    assert_eq!(former.get("/week").await.header("location"), Some("/?why=ended"));
}
