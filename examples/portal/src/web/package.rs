//! The npm package that forms check with while people type: read once at the start, served as it is.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use axum::body::Bytes;

use super::assets::{FNV_START, fnv1a};
use crate::start::StartError;

/// Where `cargo xtask npm` makes it, seen from the root of the source.
const MADE_HERE: &str = "target/npm/core";

/// The module that a page imports; the others are imported by it.
const ENTRY: &str = "checks.js";

/// What the entry for checks alone is made of: no other file is read, and no other name is served.
const FILES: [&str; 8] = [
    ENTRY,
    "bound.js",
    "only-checks.js",
    "border.js",
    "identity.js",
    "codes.js",
    "wasm/checks.js",
    "wasm/checks_bg.wasm",
];

/// The entry of `@eschool/core` for checks alone; cheap to clone.
#[derive(Clone)]
pub struct Package {
    files: [Bytes; FILES.len()],
    version: u64,
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package").field("version", &self.version()).finish_non_exhaustive()
    }
}

impl Package {
    /// Reads the package from the folder that was named; where none was, from where it is made in the
    /// source tree, if it is there.
    ///
    /// # Errors
    /// [`StartError::Package`] where a folder was named and lacks a file.
    pub fn open(named: Option<&Path>) -> Result<Option<Self>, StartError> {
        if let Some(folder) = named {
            let package = Self::read(folder);
            return package.map(Some).map_err(|(path, error)| StartError::Package { path, error });
        }
        let folder = Path::new(MADE_HERE);
        if !folder.is_dir() {
            return Ok(None);
        }
        match Self::read(folder) {
            Ok(package) => Ok(Some(package)),
            // Nobody asked for it: it may be half made.
            Err((path, error)) => {
                tracing::warn!("forms do not check while typing: {}: {error}", path.display());
                Ok(None)
            }
        }
    }

    fn read(folder: &Path) -> Result<Self, (PathBuf, io::Error)> {
        let mut files = [const { Bytes::new() }; FILES.len()];
        let mut version = FNV_START;
        for (file, name) in files.iter_mut().zip(FILES) {
            let path = folder.join(name);
            let bytes = fs::read(&path).map_err(|error| (path, error))?;
            // The length keeps apart what two neighbours hold.
            version = fnv1a(version, &bytes.len().to_le_bytes());
            version = fnv1a(version, &bytes);
            *file = bytes.into();
        }
        tracing::info!("forms check while typing, with the package in {}", folder.display());
        Ok(Self { files, version })
    }

    /// What changes when any of the files does: part of their addresses, so that browsers may keep
    /// them for good.
    pub(super) fn version(&self) -> String {
        format!("{:016x}", self.version)
    }

    /// The address of the module that a page imports.
    pub(super) fn entry(&self) -> String {
        format!("/assets/package/{}/{ENTRY}", self.version())
    }

    /// A file by its name, with its type.
    pub(super) fn file(&self, name: &str) -> Option<(&'static str, Bytes)> {
        let (_, bytes) = FILES.iter().zip(&self.files).find(|(known, _)| **known == name)?;
        let is_module = name.ends_with(".js");
        let kind = if is_module { "text/javascript; charset=utf-8" } else { "application/wasm" };
        Some((kind, bytes.clone()))
    }
}
