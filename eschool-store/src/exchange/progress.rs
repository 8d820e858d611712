//! How far an import is.

/// How far an import is; told now and then, for a progress bar.
///
/// ```
/// use eschool_store::exchange::{ImportProgress, ImportStage};
///
/// let told = ImportProgress { stage: ImportStage::Journal, done: 32_000, total: 64_000 };
/// assert_eq!(told.percent(), 50);
/// assert_eq!(told.stage.text_ru(), "журналы");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportProgress {
    /// What is being done.
    pub stage: ImportStage,
    /// How much of it is done, in the stage's own unit.
    pub done: u64,
    /// How much there is to do; zero if there is nothing.
    pub total: u64,
}

/// The stages of an import, in their order.
///
/// ```
/// use eschool_store::exchange::ImportStage;
///
/// assert!(ImportStage::Reading < ImportStage::Finals);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImportStage {
    /// Files become rows; counted in bytes.
    Reading,
    /// The school, its people and its frame are written; one transaction, or two for a school that
    /// is not there yet, each counted as one.
    People,
    /// Journals are written class by class; counted in rows.
    Journal,
    /// Final marks are written; counted in rows.
    Finals,
}

impl ImportProgress {
    /// How much of the stage is done, 0 to 100.
    #[must_use]
    pub const fn percent(&self) -> u8 {
        if self.done >= self.total {
            return 100;
        }
        // Less than the total, so less than a hundred.
        (self.done as u128 * 100 / self.total as u128) as u8
    }
}

impl ImportStage {
    /// The word a person reads.
    #[must_use]
    pub const fn text_ru(self) -> &'static str {
        match self {
            Self::Reading => "чтение файлов",
            Self::People => "школа и люди",
            Self::Journal => "журналы",
            Self::Finals => "итоговые отметки",
        }
    }
}
