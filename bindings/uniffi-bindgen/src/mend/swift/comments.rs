//! Comments as people write them in Swift.

/// The text with `///` for `/** … */`. What stands before a parameter of an initialiser goes: the same is
/// said of the property.
pub(super) fn in_slashes(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut in_comment = false;
    let mut in_initialiser = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let (margin, said) = line.split_at(indent);
        if !in_comment {
            in_initialiser |= said.starts_with("public init(");
            if said == "/**" {
                in_comment = true;
                continue;
            }
            in_initialiser &= !said.ends_with(") {");
            mended.push_str(line);
            mended.push('\n');
            continue;
        }
        if let Some(after) = said.strip_prefix("*/") {
            in_comment = false;
            if !after.is_empty() {
                mended.push_str(margin.strip_suffix(' ').unwrap_or(margin));
                mended.push_str(after.trim_end());
                mended.push('\n');
                in_initialiser &= !after.ends_with(") {");
            }
            continue;
        }
        let said = said.strip_prefix('*').unwrap_or(said).trim();
        // Where a link leads is said in Rust's paths.
        if in_initialiser || (said.starts_with("[`") && said.contains("`]: ")) {
            continue;
        }
        mended.push_str(margin.strip_suffix(' ').unwrap_or(margin));
        mended.push_str("///");
        if !said.is_empty() {
            mended.push(' ');
            mended.push_str(&in_swift(said));
        }
        mended.push('\n');
    }
    mended
}

/// A line with Swift's words: names without links in Rust, errors as DocC marks them.
fn in_swift(said: &str) -> String {
    let said = match said.strip_prefix("Throws ") {
        Some(codes) => format!("- Throws: ``ApiError`` of code {codes}"),
        None => said.to_owned(),
    };
    let mut mended = String::with_capacity(said.len());
    let mut rest = said.as_str();
    while let Some((before, link)) = rest.split_once("[`") {
        let Some((name, after)) = link.split_once("`]") else { break };
        mended.push_str(before);
        mended.push('`');
        mended.push_str(&named(name));
        mended.push('`');
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    mended.push_str(rest);
    mended
}

/// A path of Rust as Swift writes it: `RefusalCode::LockedUntil` is `RefusalCode.lockedUntil`.
fn named(path: &str) -> String {
    let path = path.strip_suffix("()").unwrap_or(path);
    let parts =
        path.split("::").filter(|part| !matches!(*part, "Self" | "crate" | "super" | "self"));
    let parts = parts.collect::<Vec<_>>();
    let camel = |at: usize, part: &&str| {
        let mut words = part.split('_');
        let mut name = words.next().unwrap_or_default().to_owned();
        if at > 0 {
            // A case of an enum is small in Swift.
            name = with_first(&name, char::to_ascii_lowercase);
        }
        name.extend(words.map(|word| with_first(word, char::to_ascii_uppercase)));
        name
    };
    let parts: Vec<_> = parts.iter().enumerate().map(|(at, part)| camel(at, part)).collect();
    parts.join(".")
}

fn with_first(word: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| change(&first)).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_reads_as_in_swift() {
        let text = "    /**\n     * When, for [`RefusalCode::LockedUntil`].\n     *\n     * See \
                    [`may_drop`](crate::archive::may_drop).\n     *\n     * [`A::b`]: crate::A::b\n     \
                    */\n    public let a: Int\n/**\n * Throws `date_invalid`.\n */\n";
        assert_eq!(
            in_slashes(text),
            "    /// When, for `RefusalCode.lockedUntil`.\n    ///\n    /// See `mayDrop`.\n    ///\n    \
             public let a: Int\n/// - Throws: ``ApiError`` of code `date_invalid`.\n"
        );
    }

    #[test]
    fn what_a_property_says_is_not_said_again() {
        let text = "    public init(\n        /**\n         * A.\n         */a: Int, \n        /**\n         * \
                    B.\n         */b: Int) {\n    }\n    case refused(\n        /**\n         * C.\n         \
                    */code: String\n    )\n";
        assert_eq!(
            in_slashes(text),
            "    public init(\n        a: Int,\n        b: Int) {\n    }\n    case refused(\n        /// \
             C.\n        code: String\n    )\n"
        );
    }
}
