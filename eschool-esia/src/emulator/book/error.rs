//! Why a file is no book.

use std::io::ErrorKind;

use eschool_core::error::CodedError;
use thiserror::Error;

use super::CellError;
use crate::gost::CertificateError;

/// Why a file is no book. What stands in it is not repeated.
///
/// ```
/// use std::path::Path;
///
/// use eschool_core::error::CodedError;
/// use eschool_esia::emulator::Book;
///
/// let text = "[[person]]\nkey = \"a\"\nfamily = \"Ёлкина\"\ngiven = \"4нна\"\n\
///             born = 1986-05-14\naccount = \"child\"\n";
/// let error = Book::parse(text, Path::new("."), None).unwrap_err();
/// assert_eq!(error.code(), "name_malformed");
/// assert!(error.to_string().starts_with("line 4, field `given`: "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BookError {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(ErrorKind),
    /// The file is not UTF-8.
    #[error("the file is not UTF-8")]
    NotUtf8,
    /// The file is no TOML, or has not the shape of a book.
    #[error("line {line}{}: {message}", field.as_ref().map(|field| format!(", field `{field}`")).unwrap_or_default())]
    Toml {
        /// The line of the file, from 1.
        line: usize,
        /// The field, where one can be named.
        field: Option<String>,
        /// What is wrong.
        message: String,
    },
    /// A field is wrong.
    #[error("line {line}, field `{field}`: {cause}")]
    Field {
        /// The line of the file, from 1.
        line: usize,
        /// Its name.
        field: &'static str,
        /// What is wrong with it.
        cause: BookFieldError,
    },
}

impl CodedError for BookError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "book_unreadable",
            Self::NotUtf8 => "book_not_utf8",
            Self::Toml { .. } => "book_toml",
            Self::Field { cause, .. } => cause.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "Файл не удалось прочитать",
            Self::NotUtf8 => "Сохраните файл в кодировке UTF-8",
            Self::Toml { .. } => "Это не TOML, или в нём не те поля, что бывают в книге",
            Self::Field { cause, .. } => cause.text_ru(),
        }
    }
}

impl BookError {
    /// What the parser says, without what stands in the file.
    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().lines().next().unwrap_or_default();
        let start = error.span().map_or(0, |span| span.start);
        let quoted = message.split('`').nth(1).map(str::to_owned);
        let names_field =
            message.starts_with("missing field") || message.starts_with("unknown field");
        let field = if names_field { quoted } else { field_at(text, start) };
        // of a value of the wrong kind the parser repeats the value first
        let repeats = ["invalid type", "invalid value", "invalid length", "unknown variant"];
        let message = match message.split_once(", expected ") {
            Some((begin, expected)) if repeats.iter().any(|word| begin.starts_with(word)) => {
                format!("expected {expected}")
            }
            _ => message.into(),
        };
        Self::Toml { line: line(text, start), field, message }
    }

    /// Whether all is well but for a system without a certificate.
    #[must_use]
    pub fn lacks_certificate(&self) -> bool {
        matches!(self, Self::Field { cause: BookFieldError::CertificateMissing, .. })
    }
}

/// The line, from 1, of a byte.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The name before `=` on the line of a byte.
fn field_at(text: &str, at: usize) -> Option<String> {
    let (name, _) = text.lines().nth(line(text, at) - 1)?.split_once('=')?;
    let name = name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then(|| name.into())
}

/// What is wrong with a field of the book.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::emulator::BookFieldError;
///
/// assert_eq!(BookFieldError::ChildUnknown.code(), "book_child_unknown");
/// assert_eq!(BookFieldError::ChildUnknown.to_string(), "nobody in the book has this key");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BookFieldError {
    /// No name, date, СНИЛС, phone, e-mail or type of account.
    #[error(transparent)]
    Value(#[from] CellError),
    /// Two people have one key.
    #[error("line {first} has this key already")]
    KeyRepeated {
        /// The line that has it too.
        first: usize,
    },
    /// Two people have one number.
    #[error("line {first} has this number already")]
    OidRepeated {
        /// The line that has it too, or what begins the person whose number it was given to.
        first: usize,
    },
    /// A number that nobody has in ЕСИА.
    #[error("write a number from 1 to 1000000000000")]
    OidRange,
    /// The child is not in the book.
    #[error("nobody in the book has this key")]
    ChildUnknown,
    /// Somebody is their own child.
    #[error("nobody is their own child")]
    ChildSelf,
    /// Two systems have one mnemonic.
    #[error("line {first} has this mnemonic already")]
    MnemonicRepeated {
        /// The line that has it too.
        first: usize,
    },
    /// A word is empty or has blanks.
    #[error("it must not be empty or hold blanks")]
    Word,
    /// No host.
    #[error("write `host` or `host:port`, without scheme, path and asterisk")]
    Host,
    /// No certificate.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A certificate whose key signs nothing that is asked of it.
    #[error(
        "the certificate's key does not fit: `v3` takes ГОСТ Р 34.10-2012 with 256 bits, `legacy` \
         that or RSA"
    )]
    CertificateKey,
    /// The certificate's file cannot be read.
    #[error("the certificate's file cannot be read: {0}")]
    CertificateFile(ErrorKind),
    /// Both a certificate and a file of one.
    #[error("write `certificate` or `certificate_file`, not both")]
    CertificateTwice,
    /// A system without a certificate, where none is made for it.
    #[error("the system has neither `certificate` nor `certificate_file`")]
    CertificateMissing,
    /// A list of nothing.
    #[error("the list is empty")]
    Empty,
}

impl CodedError for BookFieldError {
    fn code(&self) -> &'static str {
        match self {
            Self::Value(error) => error.code(),
            Self::KeyRepeated { .. } => "book_key_repeated",
            Self::OidRepeated { .. } => "book_oid_repeated",
            Self::OidRange => "book_oid_range",
            Self::ChildUnknown => "book_child_unknown",
            Self::ChildSelf => "book_child_self",
            Self::MnemonicRepeated { .. } => "book_mnemonic_repeated",
            Self::Word => "book_word",
            Self::Host => "book_host",
            Self::Certificate(error) => error.code(),
            Self::CertificateKey => "book_certificate_key",
            Self::CertificateFile(_) => "book_certificate_file",
            Self::CertificateTwice => "book_certificate_twice",
            Self::CertificateMissing => "book_certificate_missing",
            Self::Empty => "book_empty",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Value(error) => error.text_ru(),
            Self::KeyRepeated { .. } => "Такой ключ уже есть у другого человека",
            Self::OidRepeated { .. } => "Такой номер уже есть у другого человека",
            Self::OidRange => "Номер в ЕСИА – от 1 до 1000000000000",
            Self::ChildUnknown => "Человека с таким ключом в книге нет",
            Self::ChildSelf => "Человек не может быть своим ребёнком",
            Self::MnemonicRepeated { .. } => "Такая мнемоника уже есть у другой системы",
            Self::Word => "Слово не может быть пустым или с пробелами",
            Self::Host => "Напишите «узел» или «узел:порт», без схемы, пути и звёздочки",
            Self::Certificate(error) => error.text_ru(),
            Self::CertificateKey => {
                "Ключ сертификата не подходит: для «v3» нужен ГОСТ Р 34.10-2012, 256 бит, для \
                 «legacy» – он же или RSA"
            }
            Self::CertificateFile(_) => "Файл сертификата не удалось прочитать",
            Self::CertificateTwice => "Укажите что-то одно: «certificate» или «certificate_file»",
            Self::CertificateMissing => "У системы нет сертификата",
            Self::Empty => "Список пуст",
        }
    }
}
