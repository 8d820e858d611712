//! What is read out of a format that has texts alone, and guesses where it is not asked for one.

use eschool_core::{
    identity::{BirthDate, FullName, MobilePhone, Patronymic, Snils},
    journal::{AttendanceClass, MarkValue, Weight},
};
use serde::{Deserialize, de::DeserializeOwned};

#[derive(Deserialize)]
struct Row {
    snils: Snils,
    phone: Option<MobilePhone>,
    born: BirthDate,
    mark: MarkValue,
    weight: Weight,
    class: AttendanceClass,
    patronymic: Patronymic,
}

fn rows<T: DeserializeOwned>(text: &str) -> Vec<csv::Result<T>> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect()
}

#[test]
fn a_cell_that_looks_like_a_number_is_the_text_it_is() {
    let read = rows::<Row>(
        "snils,phone,born,mark,weight,class,patronymic\n\
         11223344595,79123456789,2010-08-31,5,2,7,none\n\
         11223344595,,2010-08-31,true,1.5,true,not_asked\n",
    );
    let [first, second] =
        <[Row; 2]>::try_from(read.into_iter().map(Result::unwrap).collect::<Vec<_>>())
            .ok()
            .unwrap();
    assert_eq!(first.snils, Snils::parse("112-233-445 95").unwrap());
    assert_eq!(first.phone, MobilePhone::parse("+79123456789").ok());
    assert_eq!(first.born, "31.08.2010".parse().unwrap());
    assert_eq!(first.mark, "5".parse().unwrap());
    assert_eq!(first.weight, "2".parse().unwrap());
    assert_eq!(first.class, AttendanceClass::Unknown("7".into()));
    assert_eq!(first.patronymic, Patronymic::None);
    assert_eq!(second.phone, None);
    assert_eq!(second.mark, MarkValue::Unknown("true".into()));
    assert_eq!(second.weight, "1.5".parse().unwrap());
    assert_eq!(second.class, AttendanceClass::Unknown("true".into()));
    assert_eq!(second.patronymic, Patronymic::Unknown("not_asked".into()));
}

#[test]
fn a_cell_that_is_refused_is_not_shown() {
    fn refusal<T: DeserializeOwned>(cell: &str) -> String {
        #[derive(Deserialize)]
        struct One<T> {
            #[serde(rename = "cell")]
            _cell: T,
        }
        let mut read = rows::<One<T>>(&format!("cell\n{cell}\n"));
        read.pop().unwrap().err().unwrap().to_string()
    }
    for told in [
        refusal::<Snils>("11223344596"),
        refusal::<MobilePhone>("11223344596"),
        refusal::<BirthDate>("11223344596"),
        refusal::<Patronymic>("11223344596"),
        refusal::<Patronymic>("true"),
        refusal::<FullName>("11223344596"),
    ] {
        assert!(!told.contains("1122") && !told.contains("true"), "{told}");
    }
}
