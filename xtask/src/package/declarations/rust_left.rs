//! What must not be shipped: declarations in whose comments Rust is left.

use super::names::Names;

/// What is left of Rust in the comments of some declarations, each by its name: a line for each.
pub(in crate::package) fn rust_left(declarations: &[(String, String)]) -> Vec<String> {
    let texts = || declarations.iter().map(|(_, text)| text.as_str());
    let names =
        Names::of(texts().flat_map(|text| lines(text).filter(|(it, _)| !it).map(|it| it.1)));
    let mut left = Vec::new();
    for (name, text) in declarations {
        for (_, line) in lines(text).filter(|(is_comment, _)| *is_comment) {
            if let Some(what) = amiss(line, &names) {
                left.push(format!("{name}: {what} in `{}`", line.trim()));
            }
        }
    }
    left
}

/// The lines of a text, and whether each belongs to a comment.
fn lines(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut in_comment = false;
    text.lines().map(move |line| {
        let begins = line.trim_start().starts_with("/**");
        let is_comment = in_comment || begins;
        in_comment = is_comment && !line.trim_end().ends_with("*/");
        (is_comment, line)
    })
}

fn amiss(line: &str, names: &Names) -> Option<String> {
    if let Some(mark) = ["::", "[`", "]: crate"].into_iter().find(|mark| line.contains(mark)) {
        return Some(format!("`{mark}`"));
    }
    if line.split("](").skip(1).any(|target| !target.starts_with("http")) {
        return Some("a link that leads nowhere".into());
    }
    let is_variant = |code: &str| {
        let parts: Vec<_> = code.split('.').collect();
        parts.len() == 2 && parts.iter().all(|part| part.starts_with(char::is_uppercase))
    };
    let codes = line.split('`').skip(1).step_by(2);
    let mut other = codes.filter(|code| is_variant(code) || names.told(code) != **code);
    other.next().map(|code| format!("the name {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(comment: &str) -> Vec<String> {
        let code =
            "export interface A {\n    writtenAt: string;\n    code: \"snils_checksum\";\n}\n";
        rust_left(&[
            ("a".into(), format!("/**\n * {comment}\n */\nexport type B = string;\n")),
            ("b".into(), code.into()),
        ])
    }

    #[test]
    fn rust_in_a_comment_is_found() {
        for rust in [
            "See `crate::journal`.",
            "See [`A`].",
            "[`a`]: crate::a",
            "It [is so](Self::so).",
            "When `written_at` says.",
            "When `A.written_at` says.",
            "When it is `A.SnilsChecksum`.",
            "When it is `B.Unknown`.",
        ] {
            assert_eq!(left(rust).len(), 1, "{rust}");
        }
        for sound in ["Throws `snils_checksum`.", "`writtenAt`, `nobody_has_it`, [1], `a: b`."] {
            assert_eq!(left(sound), [""; 0], "{sound}");
        }
    }
}
