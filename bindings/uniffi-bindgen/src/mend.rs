//! What is mended in the files that uniffi writes.
//!
//! A text that is replaced must stand there, else it fails: a newer uniffi must be looked at, not
//! guessed. What is only tidied – quotation marks around names, types' full names – need not. No comment
//! may be left that speaks Rust.

mod docs;
mod kotlin;
mod swift;

use std::fs;

use anyhow::{Context as _, ensure};
use camino::{Utf8Path, Utf8PathBuf};

use self::{docs::ensure_reworded, kotlin::Names};

/// Mends the files of a kind in a folder and those below.
pub(crate) fn folder(folder: &Utf8Path, ending: &str) -> anyhow::Result<()> {
    let files = files(folder, ending)?;
    ensure!(!files.is_empty(), "nothing was written to {folder}");
    let read = |file: &Utf8PathBuf| fs::read_to_string(file).with_context(|| file.to_string());
    let texts = files.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    let names = Names::of(texts.iter().map(String::as_str));
    for (file, text) in files.iter().zip(&texts) {
        let mended = match ending {
            "kt" => kotlin::kotlin(text, &names),
            _ => swift::swift(text),
        };
        let mended = mended.with_context(|| file.to_string())?;
        ensure_reworded(&mended).with_context(|| file.to_string())?;
        fs::write(file, mended).with_context(|| file.to_string())?;
    }
    Ok(())
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
