//! What is read faster than uniffi reads it.
//!
//! It goes through a `Data` byte by byte, and copies every text into an array on its way. A year's diary
//! took three times as long so. The reader beside, `RustReader.swift`, takes both from where they lie.

use anyhow::{Context as _, ensure};

/// Pieces that go: what begins with the first text, up to and with the second, becomes the third.
const REPLACED: [(&str, &str, &str); 5] = [
    ("fileprivate extension Data {\n    init(rustBuffer", "\n}\n", ""),
    ("// Define reader functionality.", "fileprivate func createReader(data: Data) -> (data: Data, offset: Data.Index) {\n    (data: data, offset: 0)\n}\n", ""),
    (
        "// Reads an integer at the current offset",
        "    return value.bigEndian\n}\n",
        "@inline(__always)
fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout RustReader) throws -> T {
    try reader.integer()
}
",
    ),
    (
        "// Reads an arbitrary number of bytes",
        "    return value\n}\n",
        "fileprivate func readBytes(_ reader: inout RustReader, count: Int) throws -> UnsafeRawBufferPointer {
    try reader.next(count)
}
",
    ),
    ("// Indicates if the offset has reached", "\n}\n", ""),
];
/// Texts that must stand there, and what they become.
const RENAMED: [(&str, &str); 3] = [
    ("createReader(data: Data(rustBuffer: buf))", "RustReader(buf)"),
    ("if hasRemaining(reader) {", "if reader.hasRemaining {"),
    ("inout (data: Data, offset: Data.Index)", "inout RustReader"),
];
/// Identifiers, which uniffi takes through two allocations each.
const IDENTIFIERS: [(&str, &str); 2] = [
    (
        "        let builtinValue = try FfiConverterData.read(from: &buf)\n        return uuidOf(builtinValue)\n",
        "        return try buf.uuid()\n",
    ),
    (
        "        let builtinValue = bytesOf(value)\n        return FfiConverterData.write(builtinValue, into: &buf)\n",
        "        writeUuid(value, into: &buf)\n",
    ),
];

/// The text with a reader of its own.
///
/// # Errors
/// If uniffi reads in another way than it did.
pub(super) fn quick(text: &str) -> anyhow::Result<String> {
    let mut text = text.to_owned();
    for (begin, end, new) in REPLACED {
        let (before, rest) = text.split_once(begin).with_context(|| format!("no {begin:?}"))?;
        let (_, after) = rest.split_once(end).with_context(|| format!("no end of {begin:?}"))?;
        text = format!("{before}{new}{after}");
    }
    for (old, new) in RENAMED {
        ensure!(text.contains(old), "nothing says {old:?}");
        text = text.replace(old, new);
    }
    let lifted =
        text.matches("return uuidOf(builtinValue)\n    }\n\n    public static func write").count();
    for (old, new) in IDENTIFIERS {
        ensure!(text.matches(old).count() == lifted, "identifiers cross in another way");
        text = text.replace(old, new);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_uniffi_reads_otherwise_is_not_guessed() {
        let text = REPLACED.map(|(begin, end, _)| format!("{begin}{end}")).concat()
            + &RENAMED.map(|(old, _)| old).concat();
        assert!(quick(&text).unwrap().contains("inout RustReader"));
        for missing in
            REPLACED.map(|(begin, ..)| begin).into_iter().chain(RENAMED.map(|(old, _)| old))
        {
            assert!(quick(&text.replacen(missing, "", 1)).is_err(), "{missing}");
        }
    }

    #[test]
    fn an_identifier_is_read_in_place() {
        let whole = REPLACED.map(|(begin, end, _)| format!("{begin}{end}")).concat()
            + &RENAMED.map(|(old, _)| old).concat();
        let [(read, _), (write, _)] = IDENTIFIERS;
        let id = format!("{read}    }}\n\n    public static func write {{\n{write}");
        let mended = quick(&(whole.clone() + &id)).unwrap();
        assert!(mended.contains("buf.uuid()") && mended.contains("writeUuid("), "{mended}");
        assert!(quick(&(whole + read + "    }\n\n    public static func write")).is_err());
    }
}
