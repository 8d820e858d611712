//! `Debug` of what a journal holds about somebody.

/// `Debug` that shows the named fields and says that there are more.
///
/// Rows of a journal stand in log lines and panic messages. What is shown there tells which row it
/// is: identifiers, dates, numbers, subjects, kinds. What the row says of a person stays out of it
/// (152-ФЗ): names, values of marks, comments, absences, homework.
macro_rules! debug_shows {
    ($($name:ident { $($field:ident),* $(,)? })+) => {$(
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name))
                    $( .field(stringify!($field), &self.$field) )*
                    .finish_non_exhaustive()
            }
        }
    )+};
}
pub(crate) use debug_shows;
