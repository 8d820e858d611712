//! The comments that come through from Rust, in the words of another language.
//!
//! One walk for all languages: examples in Rust go, links become what a language has for them, and what
//! is thrown stands last. What differs is said by a [`Wording`].

use std::iter;

use anyhow::ensure;

/// How a language names things in comments.
pub(super) trait Wording {
    /// A name that stands in a comment as `said` and leads to a path of Rust, marked as a name; `within`
    /// is the type inside of which the comment stands.
    fn name(&self, said: &str, path: &str, within: Option<&str>) -> String;

    /// How a paragraph begins that says what is thrown, up to the codes or the words for them.
    fn throws(&self) -> &'static str;
}

/// What no comment of another language may hold: paths, links, headings and examples of Rust.
const OF_RUST: [&str; 6] = ["::", "[`", "`]", "]: crate", "# Errors", "```"];
/// Promises of an example, and what they are without it; any other loses its colon.
const PROMISES: [(&str, &str); 2] = [("is this rule:", "is such a rule."), (":", ".")];

/// The text with comments – uniffi writes every one as `/** … */` – in another language's words.
pub(super) fn reworded(text: &str, wording: &impl Wording) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut within = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        mended.push_str(line);
        mended.push('\n');
        within = type_begun(line).or(within);
        if line.trim() != "/**" {
            continue;
        }
        let margin = line.trim_end().trim_end_matches("/**");
        let mut said = Vec::new();
        let mut end = None;
        for line in lines.by_ref() {
            let line = line.trim_start();
            if line.starts_with("*/") {
                end = Some(line);
                break;
            }
            let line = line.strip_prefix('*').unwrap_or(line);
            if line.trim() == "*/" {
                end = Some("*/");
                break;
            }
            said.push(line.strip_prefix(' ').unwrap_or(line).trim_end());
        }
        // A comment before a type says nothing inside of the one before.
        let within = within.filter(|_| !margin.is_empty());
        for line in comment(&said, wording, within) {
            let gap = if line.is_empty() { "" } else { " " };
            mended.push_str(&format!("{margin} *{gap}{line}\n"));
        }
        if let Some(end) = end {
            mended.push_str(&format!("{margin} {end}\n"));
        }
    }
    mended
}

/// Fails on a comment that still speaks Rust.
///
/// # Errors
/// If there is one; it is shown.
pub(super) fn ensure_reworded(text: &str) -> anyhow::Result<()> {
    for (number, line) in (1_u32..).zip(text.lines()) {
        let said = line.trim_start();
        let is_comment = ["*", "/*", "//"].iter().any(|mark| said.starts_with(mark));
        let of_rust = OF_RUST.iter().find(|mark| is_comment && said.contains(**mark));
        ensure!(of_rust.is_none(), "line {number} is a comment in Rust: {said}");
    }
    Ok(())
}

/// The type that a line of code begins.
pub(super) fn type_begun(line: &str) -> Option<&str> {
    let begins = line.starts_with(|first: char| first.is_ascii_lowercase());
    let (_, rest) = line.split_once("class ").filter(|_| begins)?;
    rest.split(|c: char| !c.is_alphanumeric()).next()
}

/// A path of Rust in another language's letters, without the modules it begins in:
/// `crate::journal::Lesson::written_at` is `Lesson.writtenAt`.
pub(super) fn spelled(path: &str) -> Vec<String> {
    let parts: Vec<_> = parts(path).into_iter().filter(|part| *part != "Self").collect();
    parts.into_iter().map(camel).collect()
}

/// The parts of a path from its type on; of one without a type, the last.
pub(super) fn parts(path: &str) -> Vec<&str> {
    let mut parts: Vec<_> = path.trim_end_matches("()").split("::").collect();
    let is_type = |part: &&str| part.starts_with(|first: char| first.is_uppercase());
    let first = parts.iter().position(is_type).unwrap_or(parts.len() - 1);
    parts.drain(..first);
    parts
}

/// `written_at` as `writtenAt`; a constant stays.
pub(super) fn camel(name: &str) -> String {
    if !name.contains(|letter: char| letter.is_lowercase()) {
        return name.to_owned();
    }
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    camel.extend(words.map(|word| with_first(word, char::to_ascii_uppercase)));
    camel
}

/// A word with its first letter changed.
pub(super) fn with_first(word: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| change(&first)).into_iter().chain(letters).collect()
}

/// The lines of one comment.
fn comment(said: &[&str], wording: &impl Wording, within: Option<&str>) -> Vec<String> {
    let (mut paragraphs, mut thrown) = (Vec::new(), Vec::new());
    for paragraph in without_examples(said) {
        let lines: Vec<_> =
            paragraph.iter().map(|line| without_links(line, wording, within)).collect();
        match lines.first().and_then(|first| first.strip_prefix("Throws ")) {
            Some(what) => {
                let of = if what.starts_with('`') { "of code" } else { "with" };
                let first = format!("{} {of} {what}", wording.throws());
                thrown.push(iter::once(first).chain(lines.iter().skip(1).cloned()).collect());
            }
            None => paragraphs.push(lines),
        }
    }
    paragraphs.append(&mut thrown);
    paragraphs.join(&String::new())
}

/// The paragraphs of a comment, without examples, what only leads to them, and where links lead.
fn without_examples(said: &[&str]) -> Vec<Vec<String>> {
    let mut paragraphs = vec![Vec::<String>::new()];
    let mut in_example = false;
    for line in said {
        if line.starts_with("```") {
            in_example = !in_example;
            let promise = paragraphs.iter_mut().rev().find_map(|paragraph| paragraph.last_mut());
            if let Some(line) = promise.filter(|_| in_example) {
                let kept = PROMISES.iter().find_map(|(promise, without)| {
                    line.strip_suffix(promise).map(|kept| format!("{kept}{without}"))
                });
                *line = kept.unwrap_or_else(|| line.clone());
            }
            continue;
        }
        if in_example || leads(line) || ["# Examples", "# Example"].contains(line) {
            continue;
        }
        if line.is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push((*line).to_owned());
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Whether a line only says where a link leads, as in ``[`Lesson`]: crate::journal::Lesson``.
fn leads(line: &str) -> bool {
    line.starts_with('[') && line.contains("]: ")
}

/// A line with names where links of Rust were.
fn without_links(line: &str, wording: &impl Wording, within: Option<&str>) -> String {
    let mut mended = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((said, after)) = link.split_once("`]") else { break };
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        let (path, after) = target.unwrap_or((said, after));
        mended.push_str(before);
        mended.push_str(&wording.name(said, path.trim_matches('`'), within));
        rest = after;
    }
    mended.push_str(rest);
    without_links_by_words(&mended)
}

/// A line with the words alone of links that lead from words to a path of Rust.
fn without_links_by_words(line: &str) -> String {
    let mut mended = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let link = before.rsplit_once('[').zip(after.split_once(')'));
        match link.filter(|(_, (path, _))| !path.contains("://")) {
            Some(((before, words), (_, after))) => {
                mended.extend([before, words]);
                rest = after;
            }
            None => {
                mended.extend([before, "]("]);
                rest = after;
            }
        }
    }
    mended.push_str(rest);
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says where a name leads, and from where.
    struct Plain;

    impl Wording for Plain {
        fn name(&self, said: &str, path: &str, within: Option<&str>) -> String {
            format!("<{said} {} {}>", spelled(path).join("."), within.unwrap_or("-"))
        }

        fn throws(&self) -> &'static str {
            "Raises"
        }
    }

    fn read(comment: &str) -> String {
        let lines: Vec<_> = comment.lines().collect();
        super::comment(&lines, &Plain, Some("Here")).join("\n")
    }

    #[test]
    fn an_example_goes_and_the_words_stay() {
        let text = "/**\n * A mark.\n *\n * ```\n * let mark = 5;\n *\n * ```\n *\n * More.\n */\nval a = 1\n    \
                    /**\n     * A day.\n     *\n     * ```rust\n     * x\n     * ```\n     */val b = 2 * 3\n";
        assert_eq!(
            reworded(text, &Plain),
            "/**\n * A mark.\n *\n * More.\n */\nval a = 1\n    /**\n     * A day.\n     */val b = 2 * 3\n"
        );
    }

    #[test]
    fn what_promised_an_example_promises_none() {
        assert_eq!(
            read("The federal one is this rule:\n\n```\nx\n```"),
            "The federal one is such a rule."
        );
        assert_eq!(read("It reads:\n```\nx\n```\nMore:\n- a"), "It reads.\nMore:\n- a");
        assert_eq!(read("One.\n\n# Examples\n\n```\nx\n```\n\nTwo."), "One.\n\nTwo.");
    }

    #[test]
    fn links_become_names() {
        assert_eq!(
            read(
                "See [`may_drop`](crate::archive::may_drop), [`Self::a_b`]\nand [`Mark`], [x].\n\n[`Mark`]: crate::Mark"
            ),
            "See <may_drop mayDrop Here>, <Self::a_b aB Here>\nand <Mark Mark Here>, [x]."
        );
        assert_eq!(spelled("super::MARKS_AT_MOST"), ["MARKS_AT_MOST"]);
        assert_eq!(spelled("crate::journal::Lesson::written_at()"), ["Lesson", "writtenAt"]);
    }

    #[test]
    fn links_by_words_become_the_words() {
        assert_eq!(
            read(
                "A school [refuses](crate::Rules::validate) it, [or not](Self::a); see [x](https://a.b)."
            ),
            "A school refuses it, or not; see [x](https://a.b)."
        );
    }

    #[test]
    fn what_is_thrown_stands_last() {
        assert_eq!(
            read("One.\n\nThrows `a`,\n`b`.\n\nTwo."),
            "One.\n\nTwo.\n\nRaises of code `a`,\n`b`."
        );
        assert_eq!(read("Throws the code of the rule."), "Raises with the code of the rule.");
    }

    #[test]
    fn a_comment_stands_within_its_type() {
        let text = "data class A(\n    /**\n     * [`x`]\n     */\n    val a: B\n)\n/**\n * [`x`]\n */\nclass C\n";
        let mended = reworded(text, &Plain);
        assert!(
            mended.contains("     * <x x A>\n") && mended.contains("\n * <x x ->\n"),
            "{mended}"
        );
    }

    #[test]
    fn a_comment_ends_as_uniffi_ends_its_own() {
        let text = "/** \n * A.\n *\n * */\nobject B\n";
        assert_eq!(reworded(text, &Plain), "/** \n * A.\n */\nobject B\n");
    }

    #[test]
    fn a_comment_in_rust_is_found() {
        for said in ["See Rules::validate.", "[`Mark`]", "`]", "[x]: crate::x", "# Errors", "```"] {
            for comment in
                [format!("    /// {said}"), format!("     * {said}"), format!("/* {said} */")]
            {
                assert!(ensure_reworded(&format!("a\n{comment}\n")).is_err(), "{comment}");
            }
        }
        assert!(ensure_reworded("@Throws(ApiException::class)\n/// See [Mark], `a_b`.\n").is_ok());
    }
}
