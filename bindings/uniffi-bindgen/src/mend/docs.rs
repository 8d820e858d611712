//! The comments that come through from Rust.

/// The text without the examples in its comments: they are in Rust, and what stands around them says
/// what they show.
pub(super) fn without_examples(text: &str) -> String {
    let mut kept = Vec::new();
    let mut in_example = false;
    let mut after_example = false;
    for line in text.lines() {
        let said = line.trim_start().strip_prefix('*').map(str::trim);
        if said.is_some_and(|said| said.starts_with("```")) {
            in_example = !in_example;
            after_example = true;
            continue;
        }
        // A comment that ends ends its example too.
        in_example &= said.is_some() && said != Some("/");
        if in_example {
            continue;
        }
        let is_blank = said == Some("");
        if said == Some("/") || (is_blank && after_example) {
            // Neither two empty lines nor one at the end.
            while kept.last().is_some_and(|line: &&str| line.trim() == "*") {
                kept.pop();
            }
        }
        after_example &= is_blank;
        kept.push(line);
    }
    let mut text = kept.join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_goes_and_the_words_stay() {
        let text = "/**\n * A mark.\n *\n * ```\n * let mark = 5;\n * ```\n *\n * More.\n */\nval a = 1\n\
                    /**\n * A day.\n *\n * ```rust\n * x\n * ```\n */\nval b = 2 * 3\n";
        assert_eq!(
            without_examples(text),
            "/**\n * A mark.\n *\n * More.\n */\nval a = 1\n/**\n * A day.\n */\nval b = 2 * 3\n"
        );
    }
}
