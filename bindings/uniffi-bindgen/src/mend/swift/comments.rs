//! Comments as people write them in Swift.

use crate::mend::docs::{Wording, spelled, with_first};

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
        if in_initialiser {
            continue;
        }
        let said = said.strip_prefix('*').unwrap_or(said);
        mended.push_str(margin.strip_suffix(' ').unwrap_or(margin));
        mended.push_str("///");
        mended.push_str(said.trim_end());
        mended.push('\n');
    }
    mended
}

/// Names between backticks: DocC links a function only with all its labels.
pub(super) struct Swift;

impl Wording for Swift {
    /// `RefusalCode::LockedUntil` is `RefusalCode.lockedUntil`: a case of an enum is small in Swift.
    fn name(&self, said: &str, _path: &str, _within: Option<&str>) -> String {
        let mut parts = spelled(said);
        let types = usize::from(!said.starts_with("Self::"));
        for part in parts.iter_mut().skip(types) {
            *part = with_first(part, char::to_ascii_lowercase);
        }
        format!("`{}`", parts.join("."))
    }

    fn throws(&self) -> &'static str {
        "- Throws: ``ApiError``"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mend::docs::reworded;

    #[test]
    fn a_comment_reads_as_in_swift() {
        let text = "    /**\n     * When, for [`RefusalCode::LockedUntil`].\n     *\n     * See \
                    [`may_drop`](crate::archive::may_drop).\n     *\n     * [`A::b`]: crate::A::b\n     \
                    */\n    public let a: Int\n/**\n * Throws `date_invalid`.\n */\n";
        assert_eq!(
            in_slashes(&reworded(text, &Swift)),
            "    /// When, for `RefusalCode.lockedUntil`.\n    ///\n    /// See `mayDrop`.\n    \
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
