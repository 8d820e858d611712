//! The core's phones beside those of libphonenumber, in every spelling people use.
//!
//! It stands here and not in the core because libphonenumber takes longer to build than the core
//! with all its tests.

use eschool_core::{error::CodedError as _, identity::MobilePhone};
use rlibphonenumber::{PhoneNumber, PhoneNumberType, Region};

/// The last nine digits of more than 10 000 numbers: evenly over all that begin with 9, and the
/// ends, where a figure too many or too few would show.
fn numbers() -> impl Iterator<Item = u32> {
    let evenly = (0..1_000_000_000_u32).step_by(99_991);
    [1, 999, 1_000_000, 999_999_998, 999_999_999].into_iter().chain(evenly)
}

/// A number in every spelling, its three beginnings `+7`, `8`, `7` and none.
fn spellings(last_nine: u32) -> Vec<String> {
    let all = format!("9{last_nine:09}");
    let (code, rest) = all.split_at(3);
    let (three, rest) = rest.split_at(3);
    let (two, last) = rest.split_at(2);
    let mut spellings = Vec::new();
    for begins in ["+7", "8", "7", ""] {
        let spaced = if begins.is_empty() { String::new() } else { format!("{begins} ") };
        let dashed = if begins.is_empty() { String::new() } else { format!("{begins}-") };
        spellings.extend([
            format!("{begins}{all}"),
            format!("{begins}({code}){three}{two}{last}"),
            format!("{begins}({code}){three}-{two}-{last}"),
            format!("{spaced}({code}) {three}-{two}-{last}"),
            format!("{spaced}{code} {three}-{two}-{last}"),
            format!("{spaced}{code} {three} {two} {last}"),
            format!("{dashed}{code}-{three}-{two}-{last}"),
            format!("{dashed}{code}-{three}-{two}{last}"),
            format!(" {spaced}{code}  {three}  {two}{last} "),
            format!("{spaced}{code}.{three}.{two}.{last}"),
        ]);
        for space in ['\u{a0}', '\u{3000}'] {
            spellings.push(format!("{spaced}{code}{space}{three}{space}{two}{space}{last}"));
        }
        for dash in ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}'] {
            spellings.push(format!("{spaced}{code} {three}{dash}{two}{dash}{last}"));
        }
        for dash in ['\u{2212}', '\u{ad}'] {
            spellings.push(format!("{spaced}{code} {three}{dash}{two}{dash}{last}"));
        }
    }
    spellings
}

/// Why a text is refused.
fn code(text: &str) -> &'static str {
    MobilePhone::parse(text).map_or_else(|error| error.code(), |_| "taken")
}

#[test]
fn a_mobile_number_in_any_spelling_is_the_one_libphonenumber_reads() {
    let mut compared = 0;
    for last_nine in numbers() {
        for text in spellings(last_nine) {
            let ours = MobilePhone::parse(&text).map(|phone| phone.to_string());
            let theirs = PhoneNumber::parse(&text, Some(Region::RU)).map(|number| {
                // Which numbers are given out changes every month; none of them is of another type.
                let is_mobile = number.get_type() == PhoneNumberType::Mobile;
                assert_eq!(number.is_valid(), is_mobile, "{text}");
                number.to_string()
            });
            assert_eq!(ours.unwrap(), theirs.unwrap(), "{text}");
            compared += 1;
        }
    }
    assert!(numbers().count() >= 10_000, "{} numbers", numbers().count());
    assert_eq!(compared, numbers().count() * 80);
}

#[test]
fn what_libphonenumber_calls_no_mobile_of_russia_is_none_here() {
    // 300 to 899 without 6xx and 7xx, which are Kazakhstan's: areas and services.
    for area in (300..600).chain(800..900) {
        for text in [format!("+7{area}1234567"), format!("8 ({area}) 123-45-67")] {
            assert_eq!(code(&text), "phone_not_mobile", "{text}");
            let theirs = PhoneNumber::parse(&text, Some(Region::RU)).unwrap();
            assert_ne!(theirs.get_type(), PhoneNumberType::Mobile, "{text}");
        }
    }
}

#[test]
fn a_number_of_kazakhstan_needs_its_plus() {
    for network in 700..800 {
        for begins in ["8", "7", "8 ", "7 ", "8-", "7-", ""] {
            for text in
                [format!("{begins}{network}1234567"), format!("{begins}{network} 123-45-67")]
            {
                assert_eq!(code(&text), "phone_not_mobile", "{text}");
            }
        }
        let with_plus = format!("+7{network}1234567");
        assert_eq!(MobilePhone::parse(&with_plus).unwrap().to_string(), with_plus);
    }
}

#[test]
fn another_country_needs_its_plus() {
    for (with_plus, shown) in [
        ("+375 29 123-45-67", "+375291234567"),
        ("+374 91 123456", "+37491123456"),
        ("+998 90 123 45 67", "+998901234567"),
        ("+49 1512 3456789", "+4915123456789"),
        ("+1 202 555 0123", "+12025550123"),
        ("+86 139 1234 5678", "+8613912345678"),
    ] {
        let ours = MobilePhone::parse(with_plus).unwrap();
        assert_eq!(ours.to_string(), shown);
        let theirs = PhoneNumber::parse(with_plus, Some(Region::RU)).unwrap();
        assert_eq!(theirs.to_string(), shown);
        let without = with_plus.trim_start_matches('+');
        assert_eq!(code(without), "phone_malformed", "{without}");
    }
}
