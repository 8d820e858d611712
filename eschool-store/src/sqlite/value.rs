//! Values between Rust and SQLite.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use eschool_core::{calendar::DateRange, journal::Subgroup};
use sqlx::{Row as _, sqlite::SqliteRow};

pub(super) use super::failure::failed;
use crate::{backend::BackendError, secret::Sealed};

/// A row read column by column, in the order of the statement.
pub(super) struct Columns<'r> {
    row: &'r SqliteRow,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(super) const fn of(row: &'r SqliteRow) -> Self {
        Self { row, next: 0 }
    }

    /// The next column, as SQLite keeps it.
    pub(super) fn take<T>(&mut self) -> Result<T, BackendError>
    where
        T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    {
        let index = self.next;
        self.next += 1;
        self.row.try_get(index).map_err(failed)
    }

    /// The next column, text that a type of ours reads.
    pub(super) fn parse<T: std::str::FromStr>(
        &mut self,
        what: &'static str,
    ) -> Result<T, BackendError> {
        self.take::<&str>()?.parse().map_err(|_| BackendError::Corrupt(what))
    }

    pub(super) fn maybe_parse<T: std::str::FromStr>(
        &mut self,
        what: &'static str,
    ) -> Result<Option<T>, BackendError> {
        let text = self.take::<Option<&str>>()?;
        text.map(str::parse).transpose().map_err(|_| BackendError::Corrupt(what))
    }

    pub(super) fn instant(&mut self) -> Result<DateTime<Utc>, BackendError> {
        instant(self.take()?)
    }

    pub(super) fn maybe_instant(&mut self) -> Result<Option<DateTime<Utc>>, BackendError> {
        self.take::<Option<i64>>()?.map(instant).transpose()
    }

    pub(super) fn sealed(&mut self) -> Result<Option<Sealed>, BackendError> {
        self.take::<Option<&[u8]>>()?
            .map(|bytes| Sealed::parse(bytes).map_err(|_| BackendError::Corrupt("sealed value")))
            .transpose()
    }

    pub(super) fn hash(&mut self) -> Result<[u8; 32], BackendError> {
        self.take::<&[u8]>()?.try_into().map_err(|_| BackendError::Corrupt("hash"))
    }

    pub(super) fn maybe_hash(&mut self) -> Result<Option<[u8; 32]>, BackendError> {
        let bytes = self.take::<Option<&[u8]>>()?;
        bytes.map(TryInto::try_into).transpose().map_err(|_| BackendError::Corrupt("hash"))
    }

    pub(super) fn range(&mut self) -> Result<DateRange, BackendError> {
        range(self.take()?, self.take()?)
    }

    pub(super) fn time(&mut self, what: &'static str) -> Result<NaiveTime, BackendError> {
        self.parse(what)
    }

    /// A number that fits the type it had when it was written.
    pub(super) fn number<T: TryFrom<i64>>(
        &mut self,
        what: &'static str,
    ) -> Result<T, BackendError> {
        T::try_from(self.take::<i64>()?).map_err(|_| BackendError::Corrupt(what))
    }

    /// A JSON column.
    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &mut self,
        what: &'static str,
    ) -> Result<T, BackendError> {
        from_json(self.take()?, what)
    }

    /// A JSON array, element by element.
    pub(super) fn each<R: serde::de::DeserializeOwned, T>(
        &mut self,
        what: &'static str,
        read: impl FnMut(R) -> Result<T, BackendError>,
    ) -> Result<Vec<T>, BackendError> {
        self.json::<Vec<R>>(what)?.into_iter().map(read).collect()
    }

    /// A subgroup, kept as empty text for the whole class.
    pub(super) fn subgroup(&mut self) -> Result<Option<Subgroup>, BackendError> {
        self.take::<String>().map(subgroup)
    }
}

pub(super) fn subgroup(text: String) -> Option<Subgroup> {
    Some(text).filter(|text| !text.is_empty()).map(Subgroup)
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    text: &str,
    what: &'static str,
) -> Result<T, BackendError> {
    serde_json::from_str(text).map_err(|_| BackendError::Corrupt(what))
}

pub(super) fn instant(micros: i64) -> Result<DateTime<Utc>, BackendError> {
    DateTime::from_timestamp_micros(micros).ok_or(BackendError::Corrupt("instant"))
}

pub(super) fn range(from: NaiveDate, to: NaiveDate) -> Result<DateRange, BackendError> {
    DateRange::new(from, to).map_err(|_| BackendError::Corrupt("range of days"))
}
