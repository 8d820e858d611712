//! The data folder: what lies in it, and who may read it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use eschool_store::{ambient::Ambient, secret::Keys};
use zeroize::Zeroizing;

use super::StartError;

/// What stands under the first line of a new key file, for people.
const KEYS_NOTE: &str = "\n# Эти ключи открывают СНИЛС, телефоны и почту в базе данных. Храните копию\n\
    # отдельно от копий базы: без ключей эти данные потеряны навсегда.\n";

/// The data folder.
#[derive(Clone, Debug)]
pub(crate) struct DataFolder(PathBuf);

impl DataFolder {
    /// Opens the folder, making it for this user alone if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, StartError> {
        provide(path).map_err(|error| unusable(path, error))?;
        let folder = Self(path.into());
        folder.warn_if_open();
        Ok(folder)
    }

    /// Whether a portal has kept its data there, or the keys of those it keeps on a server.
    pub(super) fn is_used(path: &Path, is_on_server: bool) -> bool {
        let folder = Self(path.into());
        if is_on_server { folder.key_file().exists() } else { folder.has_database() }
    }

    /// Whether the database is here.
    pub(super) fn has_database(&self) -> bool {
        self.database().exists()
    }

    /// The folder's path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    pub(super) fn database(&self) -> PathBuf {
        self.0.join("eschool.sqlite3")
    }

    /// The notes about the sample school.
    pub(crate) fn sample_notes(&self) -> PathBuf {
        self.0.join("sample.json")
    }

    /// The keys of the emulator of ЕСИА.
    pub(crate) fn emulator(&self) -> PathBuf {
        self.0.join("esia-emulator")
    }

    fn key_file(&self) -> PathBuf {
        self.0.join("keys.txt")
    }

    /// Makes the key file of a new installation. One that is there is never written, and where the
    /// database is in use none is made.
    pub(super) fn provide_keys(&self, is_used: bool, ambient: &Ambient) -> Result<(), StartError> {
        let path = self.key_file();
        if path.exists() {
            return Ok(());
        }
        if is_used {
            return Err(StartError::KeysMissing { path });
        }
        let text = Keys::generate(&mut |bytes| ambient.fill(bytes)).to_text();
        let text = Zeroizing::new(text.replacen('\n', KEYS_NOTE, 1));
        create_new(&path, text.as_bytes()).map(drop).map_err(|error| unusable(&path, error))
    }

    /// The keys.
    pub(crate) fn keys(&self) -> Result<Keys, StartError> {
        let path = self.key_file();
        let text = fs::read_to_string(&path).map_err(|error| unusable(&path, error))?;
        let text = Zeroizing::new(text);
        Keys::parse(&text).map_err(|error| StartError::Keys { path, error })
    }

    /// Keeps the key file as it is beside it, under a name that says before what; tells where. A file
    /// of that name is left as it is.
    pub(crate) fn keep_keys(&self, before: &str) -> Result<PathBuf, StartError> {
        let (path, kept) = (self.key_file(), self.0.join(format!("keys-before-{before}.txt")));
        let text = fs::read(&path).map(Zeroizing::new).map_err(|error| unusable(&path, error))?;
        create_new(&kept, &text).map_err(|error| unusable(&kept, error))?;
        Ok(kept)
    }

    /// Writes the keys in the place of those that are there; lines that people wrote beside them stay.
    pub(crate) fn replace_keys(&self, keys: &Keys) -> Result<(), StartError> {
        let path = self.key_file();
        let former = fs::read_to_string(&path).map(Zeroizing::new);
        let former = former.map_err(|error| unusable(&path, error))?;
        let notes = former.lines().map(str::trim).filter(|line| line.starts_with('#'));
        let notes: String = notes.flat_map(|line| ["\n", line]).collect();
        let text = keys.to_text();
        let text = Zeroizing::new(text.replacen('\n', &format!("{notes}\n"), 1));
        replace(&path, text.as_bytes()).map_err(|error| unusable(&path, error))
    }

    #[cfg(unix)]
    fn warn_if_open(&self) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&self.0).map_or(0, |metadata| metadata.permissions().mode());
        if mode & 0o077 != 0 {
            tracing::warn!("the data folder can be read by other users of this machine");
        }
    }

    #[cfg(not(unix))]
    fn warn_if_open(&self) {}
}

/// Makes a folder for this user alone, if it is not there.
pub(crate) fn provide(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn unusable(path: &Path, error: io::Error) -> StartError {
    StartError::Folder { path: path.into(), error }
}

/// Writes a file that is not there yet, whole or not at all, for this user alone, and tells whether
/// it did. One that is there is left as it is.
pub(crate) fn create_new(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let beside = write_beside(path, bytes)?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        linked => Ok(linked.is_ok()),
    }
}

/// Writes a file, whole or not at all, for this user alone. One that is there gives way to it: in the
/// place that a link leads to, for the user whose it is, and so that a power cut does not bring the
/// former one back.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.into(),
        there => there?,
    };
    let beside = write_beside(&path, bytes)?;
    #[cfg(unix)]
    if path.exists() {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let (former, new) = (fs::metadata(&path)?, fs::metadata(&beside)?);
        if (former.uid(), former.gid()) != (new.uid(), new.gid()) {
            chown(&beside, Some(former.uid()), Some(former.gid()))?;
        }
    }
    fs::rename(beside, &path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| folder.is_dir()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Writes the bytes to a file beside the one they are for, and sees that they are on the disk.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = new_file(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(beside)
}

/// Makes a file that is not there yet, for this user alone.
pub(crate) fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("portal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn keys_are_made_once_for_this_user_alone() {
        let path = folder("keys").join("deep");
        let data = DataFolder::open(&path).unwrap();
        data.provide_keys(false, &Ambient::system()).unwrap();
        let first = fs::read_to_string(path.join("keys.txt")).unwrap();
        assert_eq!((mode(&path), mode(&path.join("keys.txt"))), (0o700, 0o600));
        data.keys().unwrap();
        data.provide_keys(false, &Ambient::system()).unwrap();
        create_new(&path.join("keys.txt"), b"others").unwrap();
        assert_eq!(fs::read_to_string(path.join("keys.txt")).unwrap(), first);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
    }

    #[test]
    fn lost_keys_are_not_made_anew_under_an_old_database() {
        let path = folder("lost");
        let data = DataFolder::open(&path).unwrap();
        fs::write(data.database(), "").unwrap();
        let error = data.provide_keys(data.has_database(), &Ambient::system()).unwrap_err();
        assert!(matches!(error, StartError::KeysMissing { .. }));
        fs::write(path.join("keys.txt"), "letmein").unwrap();
        assert!(matches!(data.keys().unwrap_err(), StartError::Keys { .. }));
    }
}
