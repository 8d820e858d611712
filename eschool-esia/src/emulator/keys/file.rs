//! Files that are made once: whole or absent, and for this user alone.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::KeysError;
use crate::ambient::Ambient;

/// What a file holds; one that is not there is written first. Where several start at once, the
/// first to write wins and all read what it wrote.
pub(super) fn read_or_make(
    path: &Path,
    ambient: &Ambient,
    make: impl FnOnce() -> Result<Zeroizing<String>, KeysError>,
) -> Result<Zeroizing<String>, KeysError> {
    let failed = |error| KeysError::File { path: path.into(), error };
    if !path.try_exists().map_err(failed)? {
        put(path, &make()?, ambient, |from, to| fs::hard_link(from, to)).map_err(failed)?;
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(failed)
}

/// Writes a file, whatever it held before.
pub(super) fn replace(path: &Path, text: &str, ambient: &Ambient) -> io::Result<()> {
    let beside = Beside::write(path, text, ambient)?;
    fs::rename(&beside.0, path)
}

/// Tells the log of a private key that others on this machine can read. What the emulator makes is
/// its user's alone; a key that was copied often is not.
pub(super) fn warn_of_readers(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777);
        if let Ok(mode) = mode
            && mode & 0o077 != 0
        {
            let (path, mode) = (path.display(), format!("{mode:03o}"));
            tracing::warn!(%path, mode, "others can read this private key; `chmod 600` closes it");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Writes a file that was not there. One that has come meanwhile stays.
fn put(
    path: &Path,
    text: &str,
    ambient: &Ambient,
    link: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let beside = Beside::write(path, text, ambient)?;
    let put = link(&beside.0, path).or_else(|error| match error.kind() {
        ErrorKind::AlreadyExists => Err(error),
        // Not every file system knows links (FAT, shared folders). Without them somebody who starts
        // in this very moment may read half a file, and is refused.
        _ => write_new(path, text),
    });
    match put {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// A whole file beside the one it is for, under a name that nobody else uses; it goes with this
/// value.
struct Beside(PathBuf);

impl Beside {
    fn write(path: &Path, text: &str, ambient: &Ambient) -> io::Result<Self> {
        let beside = path.with_extension(format!("{}.new", ambient.uuid()));
        write_new(&beside, text)?;
        Ok(Self(beside))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // it is gone already where it took the other's place
        let _ = fs::remove_file(&self.0);
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // half a key would be refused from now on
        let _ = fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap();
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn where_files_cannot_be_linked_they_are_written_in_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let ambient = Ambient::system();
        for kind in [ErrorKind::Unsupported, ErrorKind::PermissionDenied] {
            for text in ["first", "second"] {
                put(&path, text, &ambient, |_, _| Err(kind.into())).unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), "first", "the first to write wins");
                assert_eq!(files(folder.path()), ["key.pem"]);
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            }
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_put_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let ambient = Ambient::system();
        fs::create_dir_all(path.join("in the way")).unwrap();
        assert!(replace(&path, "text", &ambient).is_err());
        assert_eq!(files(folder.path()), ["key.pem"]);
        // the folder goes while the file is on its way
        let gone = folder.path().join("gone");
        fs::create_dir(&gone).unwrap();
        let put = put(&gone.join("key.pem"), "text", &ambient, |_, _| {
            fs::remove_dir_all(&gone)?;
            Err(ErrorKind::Unsupported.into())
        });
        assert_eq!(put.unwrap_err().kind(), ErrorKind::NotFound);
    }
}
