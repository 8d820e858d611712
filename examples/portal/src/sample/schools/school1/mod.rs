//! School № 1: one class past the threshold, with a family that has a child in school № 3 as well.

mod grade9;
mod homes;
mod staff;
mod weeks;

use crate::sample::school::{Class, School};

pub(super) static SCHOOL: School = School {
    name: "МБОУ «Берёзовская средняя школа № 1»",
    founder: "Отдел образования администрации Заречного муниципального округа",
    municipality: "Заречный муниципальный округ",
    classes: &[Class { name: "9Б", grade: 9, week: &weeks::GRADE9, courses: grade9::COURSES }],
    teachers: staff::TEACHERS,
    homes: homes::HOMES,
    without_snils: &[],
    numbers_from: 1000,
};
