//! Single words of a program.

/// Kotlin's hard keywords: names that need their quotation marks.
const KEYWORDS: [&str; 28] = [
    "as",
    "break",
    "class",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "when",
    "while",
];

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text with whole words replaced.
pub(super) fn renamed(text: &str, names: &[(&str, &str)]) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().map(Some).chain([None]) {
        if let Some(letter) = c.filter(|c| is_of_word(*c)) {
            word.push(letter);
            continue;
        }
        let new = names.iter().find(|(old, _)| *old == word).map(|(_, new)| *new);
        mended.push_str(new.unwrap_or(&word));
        word.clear();
        mended.extend(c);
    }
    mended
}

/// The text with no quotation marks around names that do without; comments keep theirs.
pub(super) fn unquoted(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('*') {
            mended.push_str(line);
            continue;
        }
        let mut parts = line.split('`');
        mended.extend(parts.next());
        while let Some(name) = parts.next() {
            let needs_none = !KEYWORDS.contains(&name) && name.chars().all(is_of_word);
            let mark = if needs_none { "" } else { "`" };
            mended.push_str(mark);
            mended.push_str(name);
            if let Some(after) = parts.next() {
                mended.push_str(mark);
                mended.push_str(after);
            }
        }
    }
    mended
}

/// The text without what says of a type that it is itself, and the comment before: a class of that name
/// is written by hand in the same package.
pub(super) fn without_own_names(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for line in text.lines() {
        let names =
            line.strip_prefix("public typealias ").and_then(|names| names.split_once(" = "));
        if names.is_none_or(|(name, class)| name != class) {
            kept.push(line);
        } else if kept.last().is_some_and(|line| line.trim() == "*/") {
            while kept.pop().is_some_and(|line| line.trim() != "/**") {}
        }
    }
    let mut text = kept.join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_renamed_and_no_part_of_one() {
        assert_eq!(renamed("v1, v12, av1, (v1)", &[("v1", "value")]), "value, v12, av1, (value)");
    }

    #[test]
    fn a_class_by_hand_has_no_other_name() {
        let text = "val a = 1\n/**\n * A number.\n */\npublic typealias Snils = Snils\n\
                    public typealias Id = UUID\n";
        assert_eq!(without_own_names(text), "val a = 1\npublic typealias Id = UUID\n");
    }

    #[test]
    fn a_keyword_keeps_its_marks() {
        assert_eq!(unquoted("val `id`: `object`\n * `id`\n"), "val id: `object`\n * `id`\n");
    }
}
