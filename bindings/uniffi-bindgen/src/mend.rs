//! What is mended in the files that uniffi writes.
//!
//! A text that is replaced must stand there, else it fails: a newer uniffi must be looked at, not
//! guessed. What is only tidied – examples in Rust, quotation marks around names – need not.

mod docs;
mod printing;
mod swift;
mod words;

use std::fs;

use anyhow::{Context as _, ensure};
use camino::{Utf8Path, Utf8PathBuf};

use self::{
    docs::without_examples,
    printing::printed_safely,
    words::{renamed, unquoted, without_own_names},
};

/// `java.nio`'s own exception would come out of a text with half a surrogate pair.
const ENCODE: &str = "            encode(CharBuffer.wrap(value))\n";
const ENCODE_OR_REFUSE: &str = "            try {
                encode(CharBuffer.wrap(value))
            } catch (_: java.nio.charset.CharacterCodingException) {
                throw ru.eschool.core.textMalformed()
            }
";
/// Parts that Rust gives no name: what is not known, and the sign of a mark.
const NAMELESS: [(&str, &str); 2] = [("v1", "value"), ("v2", "sign")];

/// Mends the files of a kind in a folder and those below.
pub(crate) fn folder(folder: &Utf8Path, ending: &str) -> anyhow::Result<()> {
    let files = files(folder, ending)?;
    ensure!(!files.is_empty(), "nothing was written to {folder}");
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| file.to_string())?;
        let text = without_examples(&text);
        let text = match ending {
            "kt" => kotlin(&text).with_context(|| file.to_string())?,
            "swift" => swift::swift(&text).with_context(|| file.to_string())?,
            _ => text,
        };
        fs::write(file, text).with_context(|| file.to_string())?;
    }
    Ok(())
}

fn kotlin(text: &str) -> anyhow::Result<String> {
    ensure!(text.contains(ENCODE), "texts are encoded in another way than before");
    let text = text.replace(ENCODE, ENCODE_OR_REFUSE);
    let text = printed_safely(&text);
    ensure!(
        !text.contains("toString(): String {"),
        "values are printed in another way than before"
    );
    let text = renamed(&text, &NAMELESS);
    let text = without_own_names(&unquoted(&text))
        .replace("kotlin.String", "String")
        .replace("kotlin.Boolean", "Boolean")
        .replace("kotlin.UByte", "UByte")
        .replace("kotlin.UShort", "UShort")
        .replace("kotlin.UInt", "UInt")
        .replace("kotlin.ULong", "ULong")
        .replace("\n    , \n", ",\n");
    Ok(text)
}

fn files(folder: &Utf8Path, ending: &str) -> anyhow::Result<Vec<Utf8PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8().with_context(|| folder.to_string())? {
        let path = entry?.path().to_owned();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension() == Some(ending) {
            found.push(path);
        }
    }
    Ok(found)
}
