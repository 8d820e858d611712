//! School № 3: a class of each age that signs in in its own way.

mod grade2;
mod grade5;
mod grade8;
mod homes;
mod staff;
mod weeks;

use crate::sample::school::{Class, School};

pub(super) static SCHOOL: School = School {
    name: "МБОУ «Берёзовская средняя школа № 3»",
    founder: "Отдел образования администрации Заречного муниципального округа",
    municipality: "Заречный муниципальный округ",
    classes: &[
        Class { name: "2А", grade: 2, week: &weeks::GRADE2, courses: grade2::COURSES },
        Class { name: "5Б", grade: 5, week: &weeks::GRADE5, courses: grade5::COURSES },
        Class { name: "8А", grade: 8, week: &weeks::GRADE8, courses: grade8::COURSES },
    ],
    teachers: staff::TEACHERS,
    homes: homes::HOMES,
    without_snils: &["Пушкарёва Людмила Степановна"],
    numbers_from: 0,
};
