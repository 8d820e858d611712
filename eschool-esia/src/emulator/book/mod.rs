//! The book: who can sign in and which systems may ask, as a file.
//!
//! * TOML ([`Book`]): people with children, contacts and consents, and systems. `raw` is its shape,
//!   `people` and `clients` judge it, `error` says what is wrong with it.
//! * `csv`: people alone.

mod clients;
mod csv;
mod error;
mod people;
mod raw;

use std::{fs, path::Path};

pub use csv::{CellError, PeopleError, SAMPLE_PEOPLE, read_people};
pub use error::{BookError, BookFieldError};
use toml::Spanned;

use super::{ClientSystem, TestPerson};
use crate::gost::Certificate;

/// A book of invented people and their families with every type of account, and one system, in TOML
/// with every field explained: what the program serves where it is given no book.
pub const SAMPLE_BOOK: &str = include_str!("../sample_book.toml");

/// Who can sign in, and which systems may ask.
///
/// A file in TOML; [`SAMPLE_BOOK`] explains every field by an example. Only `key`, `family`, `given`,
/// `born` and `account` must stand of a person, only `mnemonic` of a system.
///
/// ```
/// use std::path::Path;
///
/// use eschool_esia::emulator::Book;
///
/// let text = r#"
/// [[person]]
/// key = "mother"
/// family = "Ёлкина"
/// given = "Анна"
/// patronymic = "Олеговна"
/// born = 1986-05-14
/// account = "confirmed"
/// children = ["daughter"]
///
/// [[person]]
/// key = "daughter"
/// family = "Ёлкина"
/// given = "Майя"
/// born = "05.06.2015"
/// account = "child"
/// parent_consent = false
/// "#;
/// let book = Book::parse(text, Path::new("."), None)?;
/// assert_eq!(book.people[0].children, [book.people[1].oid]);
/// assert!(book.clients.is_empty());
/// # Ok::<(), eschool_esia::emulator::BookError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The people, in the order of the file.
    pub people: Vec<TestPerson>,
    /// The systems, in the order of the file.
    pub clients: Vec<ClientSystem>,
}

impl Book {
    /// Reads a file. Certificates that it names are looked for beside it.
    ///
    /// A system without a certificate of its own gets `certificate`, if there is one.
    ///
    /// # Errors
    /// [`BookError`] names the first line and field that is wrong.
    pub fn read(path: &Path, certificate: Option<&Certificate>) -> Result<Self, BookError> {
        let bytes = fs::read(path).map_err(|error| BookError::Unreadable(error.kind()))?;
        let text = String::from_utf8(bytes).map_err(|_| BookError::NotUtf8)?;
        Self::parse(&text, path.parent().unwrap_or(Path::new(".")), certificate)
    }

    /// Reads a text. Certificates that it names are looked for in `folder`.
    ///
    /// # Errors
    /// As of [`read`](Self::read).
    pub fn parse(
        text: &str,
        folder: &Path,
        certificate: Option<&Certificate>,
    ) -> Result<Self, BookError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw: raw::Book =
            toml::from_str(text).map_err(|error| BookError::of_toml(text, &error))?;
        let place = Place { text, folder };
        let people = people::read(raw.person, &place)?;
        let clients = clients::read(raw.client, &place, certificate)?;
        Ok(Self { people, clients })
    }
}

/// Where the book stands: its text, for the lines of what is wrong, and its folder.
struct Place<'a> {
    text: &'a str,
    folder: &'a Path,
}

impl Place<'_> {
    /// The line of a byte, from 1. It is counted, so only for what is wrong.
    fn line(&self, at: usize) -> usize {
        error::line(self.text, at)
    }

    /// What is wrong with a value.
    fn wrong<T>(
        &self,
        field: &'static str,
        value: &Spanned<T>,
        cause: impl Into<BookFieldError>,
    ) -> BookError {
        BookError::Field { line: self.line(value.span().start), field, cause: cause.into() }
    }
}
