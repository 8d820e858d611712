//! Values that cross as the string they are parsed from: to parse what was printed gives the value
//! back, and so does JSON.

use std::{fmt::Debug, fmt::Display, str::FromStr};

use eschool_core::{
    id::AccountId,
    identity::{BirthDate, Email, FullName, Login, MobilePhone, Snils},
    journal::{ClassName, MarkValue, Mean, Weight},
    signin::CaseCode,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// A value that some text gave is given again by its print and by its JSON.
fn comes_back<T>(text: &str) -> Result<bool, TestCaseError>
where
    T: FromStr<Err: Debug> + Display + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let Ok(value) = text.parse::<T>() else { return Ok(false) };
    let printed = value.to_string();
    prop_assert_eq!(&printed.parse::<T>().unwrap(), &value, "{:?} {:?}", text, printed);
    prop_assert_eq!(
        &serde_json::to_string(&value).unwrap(),
        &serde_json::to_string(&printed).unwrap()
    );
    crosses(&value)?;
    Ok(true)
}

fn crosses<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    value: &T,
) -> Result<(), TestCaseError> {
    let json = serde_json::to_string(value).unwrap();
    prop_assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    Ok(())
}

fn every_type_comes_back(text: &str) -> Result<u32, TestCaseError> {
    let mut values = 0;
    values += u32::from(comes_back::<Snils>(text)?);
    values += u32::from(comes_back::<MobilePhone>(text)?);
    values += u32::from(comes_back::<Email>(text)?);
    values += u32::from(comes_back::<Login>(text)?);
    values += u32::from(comes_back::<ClassName>(text)?);
    values += u32::from(comes_back::<Weight>(text)?);
    values += u32::from(comes_back::<MarkValue>(text)?);
    values += u32::from(comes_back::<CaseCode>(text)?);
    values += u32::from(comes_back::<AccountId>(text)?);
    if let Ok(born) = text.parse::<BirthDate>() {
        prop_assert_eq!(born.date().to_string().parse(), Ok(born));
        crosses(&born)?;
        values += 1;
    }
    if let Ok(name) = FullName::new(text, text, Some(text)) {
        prop_assert_eq!(
            &FullName::new(name.family(), name.given(), name.patronymic().as_deref())
                .unwrap()
                .to_string(),
            &name.to_string()
        );
        crosses(&name)?;
        values += 1;
    }
    Ok(values)
}

#[test]
fn every_spelling_of_the_field_comes_back() {
    for text in [
        "112-233-445 95",
        "112\u{a0}233\u{2013}445 95",
        "000-000-600 06",
        "8 (912) 345-67-89",
        "+375 29 123-45-67",
        " Pupil@Example.org ",
        "ученик@пример.рф",
        " PR7_Test",
        "7 а",
        "10 ИТ",
        "11",
        "7-1",
        "5 кадет",
        "1,5",
        "0.01",
        "100",
        "5",
        "4−",
        "3+",
        "зачёт",
        "НЕЗАЧЕТ",
        "н/а",
        "осв.",
        ".",
        "•",
        "7q4 к2м",
        "019379AB-0000-7000-8000-000000000002",
        "29.02.2012",
        "Иванова  -  Петрова",
        "нет",
    ] {
        assert!(every_type_comes_back(text).unwrap() > 0, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn whatever_text_gave_a_value_gives_it_again(text in ".*") {
        every_type_comes_back(&text)?;
    }

    #[test]
    fn so_does_what_looks_like_one(text in prop_oneof![
        r"[0-9 \-.,+()]{1,20}",
        r"[ 0-9]{0,3}[ \-]?[а-яёЁА-Яa-zA-Z0-9ßıŉǰΐﬁ²½ \-]{0,14}",
        r"[1-5][+\-−–]?",
        r"[a-zA-Z0-9._%+а-я\-]{1,12}@[a-zа-я0-9\-]{1,9}(\.[a-zа-я]{1,5}){1,2}",
        r"[0-9A-ZА-Я]{3}[ \-]?[0-9A-ZА-Я]{3}",
        r"[0-3][0-9]\.[01][0-9]\.(19|20)[0-9]{2}",
    ]) {
        every_type_comes_back(&text)?;
    }

    #[test]
    fn every_number_comes_back(number in 1_u32..=999_999_999, control in 0_u8..=99, hundredths in 1_u32..=10_000, random: [u8; 8]) {
        if let Ok(snils) = Snils::from_digits(u64::from(number) * 100 + u64::from(control)) {
            prop_assert!(comes_back::<Snils>(&snils.to_string())?);
        }
        prop_assert!(comes_back::<Weight>(&Weight::from_hundredths(hundredths).unwrap().to_string())?);
        prop_assert!(comes_back::<CaseCode>(&CaseCode::from_random(random).to_string())?);
        let phone = format!("+79{number:09}");
        prop_assert!(comes_back::<MobilePhone>(&phone)?);
    }

    /// A mean is printed with two decimals, so it is its ratio that crosses.
    #[test]
    fn every_mean_comes_back(weights in 1_u64..=u64::MAX / 5, share in 0_u64..=4_000) {
        let sum = weights + u64::try_from(u128::from(weights) * u128::from(share) / 1_000).unwrap();
        let mean = Mean::from_ratio(sum, weights).unwrap();
        crosses(&mean)?;
        let ratio = serde_json::json!({"sum": mean.sum(), "weights": mean.weights()});
        prop_assert_eq!(serde_json::from_value::<Mean>(ratio).unwrap(), mean);
    }

    /// What a person did not type but a newer version sends.
    #[test]
    fn every_value_of_a_mark_is_kept(text in ".*") {
        let json = serde_json::to_string(&text).unwrap();
        let value: MarkValue = serde_json::from_str(&json).unwrap();
        if text.parse::<MarkValue>().is_err() {
            prop_assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
        crosses(&value)?;
    }
}
