//! Where lines break and spaces stand.

/// What uniffi writes in one way only, and how people write it.
const SPACED: [(&str, &str); 13] = [
    (" {\n        uniffiCallStatus in\n    uniffi_", " { uniffiCallStatus in\n        uniffi_"),
    ("(uniffiCallStatus\n    )\n", "(uniffiCallStatus)\n"),
    (",uniffiCallStatus\n    )\n", ",\n            uniffiCallStatus)\n"),
    ("\n})\n}", "\n    })\n}"),
    ("uniffiCallStatus)\n}\n}", "uniffiCallStatus)\n    }\n}"),
    ("try!  ", "try! "),
    (")throws   {try ", ") throws {\n    try "),
    (")throws  -> ", ") throws -> "),
    ("public \nenum ", "public enum "),
    ("return try  ", "return try "),
    ("(Points,Sign?", "(Points, Sign?"),
    ("    // Default memberwise initializers are never public by default, so we\n", ""),
    ("    // declare one manually.\n", ""),
];

/// The text with the spaces and empty lines that people would set.
pub(super) fn laid_out(text: &str) -> String {
    let mut text = text.to_owned();
    for (old, new) in SPACED {
        text = text.replace(old, new);
    }
    let mut mended = String::with_capacity(text.len());
    let mut before = "";
    for line in text.lines().map(str::trim_end) {
        let opens = before.ends_with(['{', '(']) || before.is_empty();
        if line.is_empty() && opens {
            continue;
        }
        let is_new =
            line.starts_with("///") || line.starts_with("struct ") || line.starts_with("func ");
        if is_new && before == "}" {
            mended.push('\n');
        }
        // The parts of a case stand in one line, where they have no comments of their own.
        if line == "    )" && before.starts_with("    case ") {
            mended.truncate(mended.trim_end().len());
            mended.push_str(")\n");
            before = line;
            continue;
        }
        if line.trim() == "}" {
            // No empty line before the end of anything.
            mended.truncate(mended.trim_end().len());
            mended.push('\n');
        }
        let is_argument = line.starts_with("        FfiConverter") && line.contains("lower(");
        if is_argument && line.ends_with(',') {
            mended.push_str("    ");
        }
        let is_function = line.starts_with("public func ") && line.ends_with("  {");
        if is_function {
            mended.push_str(line.trim_end_matches(['{', ' ']));
            mended.push_str(" {");
        } else {
            mended.push_str(line);
        }
        mended.push('\n');
        before = line;
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_stands_in_its_function() {
        let text = "public func a(b: B) throws {\n    try call(E_lift) {\n        uniffiCallStatus in\n    \
                    uniffi_a(\n        FfiConverterB.lower(b),uniffiCallStatus\n    )\n})\n}\n";
        assert_eq!(
            laid_out(text),
            "public func a(b: B) throws {\n    try call(E_lift) { uniffiCallStatus in\n        uniffi_a(\n            \
             FfiConverterB.lower(b),\n            uniffiCallStatus)\n    })\n}\n"
        );
    }

    #[test]
    fn lines_stand_as_people_set_them() {
        let text = "public func a(b: Int)throws  -> Int  {\n    return try  b\n}\n/// C.\npublic \nenum C {\n\n    \
                    \n    case d\n\n\n\n    case e(F\n    )\n\n    \n}\n";
        assert_eq!(
            laid_out(text),
            "public func a(b: Int) throws -> Int {\n    return try b\n}\n\n/// C.\npublic enum C {\n    case d\n\n    \
             case e(F)\n}\n"
        );
    }
}
