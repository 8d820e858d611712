//! Comments without Rust: no examples, no paths, no links that lead nowhere, and the names that
//! TypeScript has.

use super::names::Names;

/// How long a line may be.
const LONGEST: usize = 100;

/// What a comment is made of.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Lines that flow.
    Flow(String),
    /// A heading.
    Heading(String),
    /// An example of another language than Rust, as it stands.
    Code(Vec<String>),
    /// An example of Rust, which is not told.
    Rust,
}

/// A comment as wasm-bindgen or tsify writes it, as it is shipped.
pub(super) fn comment(lines: &[String], indent: &str, names: &Names) -> Vec<String> {
    let width = LONGEST - indent.len() - " * ".len();
    let mut said: Vec<Vec<String>> = Vec::new();
    for part in kept(parts(&bare(lines))) {
        said.push(match part {
            Part::Flow(text) => wrapped(&mended(&text, names), width),
            Part::Heading(text) => vec![mended(&text, names)],
            Part::Code(lines) => lines,
            Part::Rust => continue,
        });
    }
    let is_item = |lines: &[String]| lines.first().is_some_and(|line| is_item(line));
    let mut told: Vec<String> = Vec::new();
    for (at, lines) in said.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| said.get(before));
        if before.is_some_and(|before| !(is_item(before) && is_item(lines))) {
            told.push(String::new());
        }
        told.extend(lines.iter().cloned());
    }
    match told.as_slice() {
        [] => Vec::new(),
        [one] if one.chars().count() + "/**  */".len() <= width + " * ".len() => {
            vec![format!("{indent}/** {one} */")]
        }
        many => {
            let begin = [format!("{indent}/**")].into_iter();
            let lines = many.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned());
            begin.chain(lines).chain([format!("{indent} */")]).collect()
        }
    }
}

/// The lines without the marks of a comment.
fn bare(lines: &[String]) -> Vec<String> {
    let text = lines.join("\n");
    let text = text.trim().trim_start_matches("/**").trim_end_matches("*/");
    let bare = |line: &str| {
        let line = line.trim();
        line.strip_prefix("* ").or(line.strip_prefix('*')).unwrap_or(line).trim_end().to_owned()
    };
    text.lines().map(bare).collect()
}

fn parts(lines: &[String]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut code: Option<(bool, Vec<String>)> = None;
    let mut goes_on = false;
    for line in lines {
        let text = line.trim_start();
        if let Some(language) = text.strip_prefix("```") {
            match code.take() {
                Some((true, _)) => parts.push(Part::Rust),
                Some((false, mut lines)) => {
                    lines.push("```".into());
                    parts.push(Part::Code(lines));
                }
                None => code = Some((is_rust(language), vec![text.to_owned()])),
            }
            goes_on = false;
        } else if let Some((_, lines)) = &mut code {
            lines.push(line.clone());
        } else if text.is_empty() || is_definition(text) {
            goes_on = false;
        } else if text.starts_with("# ") || text.starts_with("## ") {
            parts.push(Part::Heading(text.to_owned()));
            goes_on = false;
        } else {
            match parts.last_mut() {
                Some(Part::Flow(flow)) if goes_on && !is_item(text) => {
                    flow.push(' ');
                    flow.push_str(text);
                }
                _ => parts.push(Part::Flow(text.to_owned())),
            }
            goes_on = true;
        }
    }
    parts
}

/// Whether a line is one of a list or of a table.
fn is_item(line: &str) -> bool {
    line.starts_with("- ") || line.starts_with("| ")
}

/// Whether an example is one of Rust's: all are that say nothing else.
fn is_rust(language: &str) -> bool {
    const OTHER: [&str; 5] = ["json", "text", "toml", "ts", "js"];
    !OTHER.contains(&language.trim())
}

/// A line that says where the links of a name lead: ``[`name`]: path``.
fn is_definition(line: &str) -> bool {
    line.starts_with('[') && line.split_once("]: ").is_some_and(|(name, _)| !name.contains(' '))
}

/// What is left without the examples: no sentence that only leads to one, no heading above nothing.
fn kept(parts: Vec<Part>) -> Vec<Part> {
    let mut kept: Vec<Part> = Vec::new();
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Flow(text) if text.ends_with(':') => {
                if !matches!(parts.peek(), None | Some(Part::Rust | Part::Heading(_))) {
                    kept.push(Part::Flow(text));
                } else if let Some(end) = text.rfind(". ") {
                    kept.push(Part::Flow(text.get(..=end).unwrap_or_default().to_owned()));
                }
            }
            Part::Rust => {}
            other => {
                if matches!((kept.last(), &other), (Some(Part::Heading(_)), Part::Heading(_))) {
                    kept.pop();
                }
                kept.push(other);
            }
        }
    }
    while matches!(kept.last(), Some(Part::Heading(_))) {
        kept.pop();
    }
    kept
}

/// A text whose links are the words they show, unless they lead into the net, and whose names are
/// those that TypeScript has.
fn mended(text: &str, names: &Names) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['[', '`']) {
        let (before, from) = rest.split_at(at);
        said.push_str(before);
        let (shown, after) = if let Some(code) = from.strip_prefix('`') {
            let Some((code, after)) = code.split_once('`') else {
                return said + from;
            };
            (format!("`{}`", names.told(code)), after)
        } else {
            link(from, names)
        };
        said.push_str(&shown);
        rest = after;
    }
    said + rest
}

/// What a text that begins with a bracket shows there, and what follows.
fn link<'t>(text: &'t str, names: &Names) -> (String, &'t str) {
    let inner = text.get(1..).unwrap_or_default();
    let Some((words, after)) = inner.split_once(']') else {
        return ("[".into(), inner);
    };
    let is_code = words.starts_with('`') && words.ends_with('`');
    let target =
        |begin: char, end: char| after.strip_prefix(begin).and_then(|it: &str| it.split_once(end));
    let into_the_net = |place: &str| place.starts_with("https://") || place.starts_with("http://");
    match (target('(', ')'), target('[', ']')) {
        (Some((place, after)), _) if into_the_net(place) => {
            (format!("[{}]({place})", mended(words, names)), after)
        }
        (Some((_, after)), _) | (None, Some((_, after))) => (mended(words, names), after),
        (None, None) if is_code => (mended(words, names), after),
        (None, None) => (format!("[{}]", mended(words, names)), after),
    }
}

/// A text as lines of at most so many characters; what stands in code is kept together.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let hanging = if text.starts_with("- ") { "  " } else { "" };
    let mut lines = vec![String::new()];
    let mut word = String::new();
    let mut in_code = false;
    let mut put = |word: &mut String| {
        let Some(line) = lines.last_mut() else { return };
        if line.trim().is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(format!("{hanging}{word}"));
        }
        word.clear();
    };
    for c in text.chars() {
        if c == '`' {
            in_code = !in_code;
        }
        if c == ' ' && !in_code {
            put(&mut word);
        } else {
            word.push(c);
        }
    }
    put(&mut word);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let names = Names::of([
            "export interface Lesson {",
            "    writtenAt: Instant;",
            "}",
            "export type Code = \"locked_until\" | \"snils_checksum\";",
        ]);
        let lines: Vec<_> = text.lines().map(|line| format!(" * {line}")).collect();
        comment(&lines, "", &names)
    }

    #[test]
    fn links_are_the_words_they_show() {
        for (text, expected) in [
            ("Whose ([`Snils`](crate::Snils)).", "Whose (`Snils`)."),
            ("They are [exempt](Self::is_exempt).", "They are exempt."),
            ("See [`Lesson::written_at`].", "See `Lesson.writtenAt`."),
            ("See [the lesson][Lesson].", "See the lesson."),
            ("By [law](https://example.org/a).", "By [law](https://example.org/a)."),
            ("A list [1, 2] stays, `[1]` too.", "A list [1, 2] stays, `[1]` too."),
            ("For [`Code::LockedUntil`].", "For `locked_until`."),
            ("Throws `snils_checksum`.", "Throws `snils_checksum`."),
            ("An open ` or [ harms nothing.", "An open ` or [ harms nothing."),
        ] {
            assert_eq!(told(text), [format!("/** {expected} */")], "{text}");
        }
    }

    #[test]
    fn a_link_may_go_over_two_lines_and_its_definition_is_left_out() {
        let text = "When ([`Lesson::written_at`],\nor [`topic`](\nSelf::topic)).\n\n\
                    [`Lesson::written_at`]: crate::journal::Lesson::written_at";
        assert_eq!(told(text), ["/** When (`Lesson.writtenAt`, or `topic`). */"]);
    }

    #[test]
    fn what_only_leads_to_an_example_goes_with_it() {
        let rust = "```\nlet x = 1;\n```";
        let text = format!("Is data. The rule, as it is now, is this:\n\n{rust}\n\nMore.");
        assert_eq!(told(&text), ["/**", " * Is data.", " *", " * More.", " */"]);
        assert_eq!(told(&format!("Says.\n\nOn the wire:\n{rust}")), ["/** Says. */"]);
        let text = format!("Says.\n\n# One\n\n{rust}\n\n# Two\n\nTwo.\n\n# Three\n\n{rust}");
        assert_eq!(told(&text), ["/**", " * Says.", " *", " * # Two", " *", " * Two.", " */"]);
        assert_eq!(told("These:\n\n- one\n- two").len(), 6);
    }

    #[test]
    fn examples_of_other_languages_stay_as_they_are() {
        let lines = told("Says:\n\n```json\n{\n  \"a\": 1\n}\n```");
        assert_eq!(
            lines,
            [
                "/**",
                " * Says:",
                " *",
                " * ```json",
                " * {",
                " *   \"a\": 1",
                " * }",
                " * ```",
                " */"
            ]
        );
    }

    #[test]
    fn lines_are_filled_and_code_is_kept_together() {
        let lines = told(&format!("{}`a b` c\nd", "word ".repeat(18)));
        assert_eq!(
            lines.get(1).map(String::as_str).map(str::len),
            Some(" * ".len() + 97),
            "{lines:?}"
        );
        let lines = told(&format!("{}`a b c d e` f", "word ".repeat(18)));
        assert_eq!(lines.get(2).map(String::as_str), Some(" * `a b c d e` f"), "{lines:?}");
    }
}
