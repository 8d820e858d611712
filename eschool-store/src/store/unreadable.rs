//! Rows that do not open, while the others are gone through.

use std::fmt::Display;

use super::StoreError;
use crate::backend::BackendError;

/// The rows that did not open: how many, and the first.
#[derive(Default)]
pub(super) struct Unreadable {
    first: Option<(&'static str, String, StoreError)>,
    count: u64,
}

impl Unreadable {
    /// What was read of a row; nothing where it does not open, which is noted.
    ///
    /// # Errors
    /// [`StoreError`] that is not the row's.
    pub(super) fn note<T>(
        &mut self,
        table: &'static str,
        row: impl Display,
        read: Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error @ (StoreError::Vault(_) | StoreError::Backend(BackendError::Corrupt(_)))) => {
                self.count += 1;
                self.first.get_or_insert_with(|| (table, row.to_string(), error));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Those of a part that was gone through, too.
    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.take().or(other.first);
    }

    /// # Errors
    /// [`StoreError::Unreadable`] if a row did not open.
    pub(super) fn finish(self) -> Result<(), StoreError> {
        let count = self.count;
        self.first.map_or(Ok(()), |(table, row, source)| {
            Err(StoreError::Unreadable { table, row, count, source: Box::new(source) })
        })
    }
}
