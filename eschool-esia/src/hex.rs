//! Bytes in hexadecimal digits.

use std::fmt::Write as _;

/// In lower case, as programs write digests.
pub(crate) fn lower_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
