//! Cyrillic in Latin letters, as logins are written.

use alloc::{string::String, vec::Vec};

use crate::{
    identity::{cyrillic_look_alike, has_latin_look_alikes},
    letters::lower,
};

/// Transliterates by ГОСТ 7.79-2000, system B, and keeps of the result what a login may hold:
/// lower-case Latin letters and digits. The accents by which the standard tells letters apart
/// (*ъ* \`\`, *ы* y\`, *ь* \`, *э* e\`) are left out, as is everything between words.
///
/// ```
/// use eschool_core::people::transliterate;
///
/// assert_eq!(transliterate("Щербаков-Юрьев"), "shherbakovyurev");
/// assert_eq!(transliterate("Цыганова"), "cyganova");
/// assert_eq!(transliterate("Цветаева"), "czvetaeva");
/// assert_eq!(transliterate("Їжакевич"), "yizhakevich");
/// ```
///
/// # Which column
///
/// The standard has a column per language, and a name does not tell its own. A letter that Russian
/// has is read as Russian, so *и* is *i* in a Ukrainian name too; *і ї є ґ* are read as Ukrainian,
/// *ў* as Belarusian, *ѣ ѳ ѵ* as Russian before 1918, *ѓ ѕ ј ќ љ њ џ* as Macedonian, *ѫ* as
/// Bulgarian. The standard has no column for the other languages of Russia; a letter that they make
/// of one of these with a mark is written as the plain letter, which is our reading.
///
/// Latin letters in a Cyrillic word are taken for the Cyrillic ones they look like, as
/// [names are compared](crate::identity::fold_name).
#[must_use]
pub fn transliterate(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '(' | ')')) {
        spell(&letters(word), &mut latin);
    }
    latin
}

/// The letters of a word in lower case, none of them typed as a letter and a mark above it.
fn letters(word: &str) -> Vec<char> {
    let mistyped = has_latin_look_alikes(word);
    let mut letters: Vec<char> = Vec::with_capacity(word.len());
    for c in word.chars().map(lower) {
        let c = if mistyped { cyrillic_look_alike(c).unwrap_or(c) } else { c };
        let joined = match (letters.last(), c) {
            (Some('и'), '\u{306}') => 'й',
            (Some('у'), '\u{306}') => 'ў',
            (Some('е'), '\u{308}') => 'ё',
            (Some('і'), '\u{308}') => 'ї',
            _ => {
                letters.push(c);
                continue;
            }
        };
        letters.pop();
        letters.push(joined);
    }
    letters
}

fn spell(letters: &[char], latin: &mut String) {
    for (i, c) in letters.iter().copied().enumerate() {
        match c {
            'ц' => {
                let next = letters.get(i + 1).map_or("", |next| latin_of(*next));
                latin.push_str(if next.starts_with(['i', 'e', 'y', 'j']) { "c" } else { "cz" });
            }
            c if c.is_ascii_alphanumeric() => latin.push(c),
            c => latin.push_str(latin_of(c)),
        }
    }
}

/// A Cyrillic letter without the standard's accents; *ц* stands for itself before no vowel.
const fn latin_of(letter: char) -> &'static str {
    match letter {
        'а' | 'ә' | 'ӑ' | 'ӓ' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ѓ' | 'ғ' | 'ҕ' => "g",
        'д' => "d",
        'е' | 'э' | 'ӗ' => "e",
        'ё' => "yo",
        'є' | 'ѣ' => "ye",
        'ж' | 'җ' | 'ӝ' | 'ӂ' => "zh",
        'з' | 'ѕ' | 'ҙ' | 'ӟ' => "z",
        'и' | 'і' | 'ӣ' | 'ӥ' => "i",
        'ї' => "yi",
        'й' | 'ј' => "j",
        'к' | 'ќ' | 'қ' | 'ҡ' => "k",
        'л' | 'љ' => "l",
        'м' => "m",
        'н' | 'њ' | 'ң' | 'ҥ' | 'ӈ' => "n",
        'о' | 'ѫ' | 'ө' | 'ӧ' => "o",
        'п' => "p",
        'р' => "r",
        'с' | 'ҫ' => "s",
        'т' => "t",
        'у' | 'ў' | 'ү' | 'ұ' | 'ӱ' | 'ӳ' => "u",
        'ф' => "f",
        'ѳ' => "fh",
        'х' | 'ҳ' => "x",
        'һ' => "h",
        'ц' => "cz",
        'ч' | 'ҷ' | 'ӵ' => "ch",
        'џ' => "dh",
        'ш' => "sh",
        'щ' => "shh",
        'ы' | 'ӹ' => "y",
        'ю' => "yu",
        'я' => "ya",
        'ѵ' => "yh",
        // ъ, ь and the apostrophe are accents alone
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use proptest::prelude::*;

    use super::*;

    /// The Russian column of the standard's table, accents and all.
    const RUSSIAN: [(&str, &str); 32] = [
        ("а", "a"),
        ("б", "b"),
        ("в", "v"),
        ("г", "g"),
        ("д", "d"),
        ("е", "e"),
        ("ё", "yo"),
        ("ж", "zh"),
        ("з", "z"),
        ("и", "i"),
        ("й", "j"),
        ("к", "k"),
        ("л", "l"),
        ("м", "m"),
        ("н", "n"),
        ("о", "o"),
        ("п", "p"),
        ("р", "r"),
        ("с", "s"),
        ("т", "t"),
        ("у", "u"),
        ("ф", "f"),
        ("х", "x"),
        ("ч", "ch"),
        ("ш", "sh"),
        ("щ", "shh"),
        ("ъ", "``"),
        ("ы", "y`"),
        ("ь", "`"),
        ("э", "e`"),
        ("ю", "yu"),
        ("я", "ya"),
    ];

    /// What other columns have and the Russian one lacks.
    const OTHERS: [(&str, &str); 17] = [
        ("і", "i"),
        ("ї", "yi"),
        ("є", "ye"),
        ("ґ", "g`"),
        ("ў", "u`"),
        ("ѣ", "ye"),
        ("ѳ", "fh"),
        ("ѵ", "yh"),
        ("ѫ", "o`"),
        ("ѓ", "g`"),
        ("ѕ", "z`"),
        ("ј", "j"),
        ("ќ", "k`"),
        ("љ", "l`"),
        ("њ", "n`"),
        ("џ", "dh"),
        ("’", "'"),
    ];

    #[test]
    fn every_letter_is_the_standards_without_its_accents() {
        for (letter, standard) in RUSSIAN.into_iter().chain(OTHERS) {
            let plain = standard.replace(['`', '\''], "");
            assert_eq!(transliterate(letter), plain, "{letter}");
            assert_eq!(transliterate(&letter.to_uppercase()), plain, "{letter}");
        }
    }

    #[test]
    fn c_stands_before_i_e_y_j_and_cz_elsewhere() {
        for (text, latin) in [
            ("Цицерон", "ciceron"),
            ("цех", "cex"),
            ("цэ", "ce"),
            ("Цыбин", "cybin"),
            ("Цюй", "cyuj"),
            ("Бацян", "bacyan"),
            ("цё", "cyo"),
            ("цй", "cj"),
            ("Ціцин", "cicin"),
            ("Цєп", "cyep"),
            ("Цаплин", "czaplin"),
            ("Швец", "shvecz"),
            ("Шниц-Ели", "shniczeli"),
            ("Цвейг", "czvejg"),
            ("Ницца", "niczcza"),
            ("Цьомра", "czomra"),
        ] {
            assert_eq!(transliterate(text), latin, "{text}");
        }
    }

    #[test]
    fn names_are_spelled_as_the_standard_spells_them() {
        for (name, latin) in [
            ("Хрящёва", "xryashhyova"),
            ("Подъячева", "podyacheva"),
            ("Эйхенбаум", "ejxenbaum"),
            ("Ильин", "ilin"),
            ("Кириллов", "kirillov"),
            ("Ґудзь", "gudz"),
            ("Єрмоленко", "yermolenko"),
            ("Дзюбаў", "dzyubau"),
            ("Мар’яненко", "maryanenko"),
            ("Гайфуллин-Ҡәҙер", "gajfullinkazer"),
            ("Ӟуч", "zuch"),
            ("O'Нил", "onil"),
            ("Smith", "smith"),
        ] {
            assert_eq!(transliterate(name), latin, "{name}");
        }
    }

    #[test]
    fn what_was_typed_amiss_is_read_as_it_was_meant() {
        for (typed, meant) in [
            ("Сергеи\u{306}чук", "Сергейчук"),
            ("Семе\u{308}нов", "Семёнов"),
            ("Дзюбау\u{306}", "Дзюбаў"),
            ("Украі\u{308}нець", "Українець"),
            ("Kyвaлдинa", "Кувалдина"),
            ("Cаxарова", "Сахарова"),
        ] {
            assert_eq!(transliterate(typed), transliterate(meant), "{typed}");
        }
        // a Latin word stays Latin beside a Cyrillic one
        assert_eq!(transliterate("Иванова (Cox)"), "ivanovacox");
    }

    proptest! {
        #[test]
        fn any_text_gives_what_a_login_may_hold(text in any::<String>()) {
            let latin = transliterate(&text);
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            prop_assert!(latin.chars().all(fits), "{latin}");
            prop_assert_eq!(transliterate(&latin), latin.to_string());
        }
    }
}
