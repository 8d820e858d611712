//! Numbers as Russian text.

use super::NBSP;

/// A decimal with a comma: «4,17».
pub(crate) fn decimal(shown: &str) -> String {
    shown.replace('.', ",")
}

/// The form of a noun that goes with a number: «1 урок, 2 урока, 5 уроков, 11 уроков».
pub(crate) fn plural(n: u64, [one, few, many]: [&str; 3]) -> &str {
    match (n % 10, n % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// The number with its noun: «5 уроков».
pub(crate) fn counted(n: impl Into<u64>, forms: [&str; 3]) -> String {
    let n = n.into();
    format!("{}{NBSP}{}", grouped(n), plural(n, forms))
}

/// The digits in groups of three from five digits on: «12 447».
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(NBSP);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_go_with_numbers() {
        let lessons = ["урок", "урока", "уроков"];
        for (n, expected) in [
            (0, "0_уроков"),
            (1, "1_урок"),
            (2, "2_урока"),
            (5, "5_уроков"),
            (11, "11_уроков"),
            (14, "14_уроков"),
            (21, "21_урок"),
            (104, "104_урока"),
            (112, "112_уроков"),
            (1234, "1234_урока"),
            (12_447, "12_447_уроков"),
            (1_000_001, "1_000_001_урок"),
        ] {
            assert_eq!(counted(n as u64, lessons).replace(NBSP, "_"), expected);
        }
        assert_eq!(decimal("4.17"), "4,17");
    }
}
