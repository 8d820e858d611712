//! Cells that a spreadsheet would run as a formula.
//!
//! A program that opens a CSV file takes a cell beginning with `=`, `+`, `-` or `@` for a formula:
//! it would run what somebody typed as a name, and make of a phone a number without its sign. So
//! what is written begins such a cell with an apostrophe, and what is read takes one away. A sign
//! that stands alone, as the `-` of who has no patronymic, is no formula and stays as it is.

use std::borrow::Cow;

/// A cell as it is written into a text.
pub(super) fn guarded(cell: &str) -> Cow<'_, str> {
    let is_lone_sign = cell.chars().nth(1).is_none();
    if begins_formula(cell) && !is_lone_sign { marked(cell) } else { Cow::Borrowed(cell) }
}

/// A cell as it is written into a spreadsheet, where a text is never run: only what looks like a
/// cell that was guarded before has to be told from one.
pub(super) fn guarded_in_sheet(cell: &str) -> Cow<'_, str> {
    if cell.starts_with('\'') && begins_formula(cell) { marked(cell) } else { Cow::Borrowed(cell) }
}

/// What a cell says that was read.
pub(super) fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| begins_formula(rest)).unwrap_or(cell)
}

fn begins_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@'])
}

fn marked(cell: &str) -> Cow<'_, str> {
    Cow::Owned(format!("'{cell}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_run_is_guarded_and_nothing_else() {
        for (cell, written) in [
            ("+79123456789", "'+79123456789"),
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'+7", "''+7"),
            ("4-", "4-"),
            ("-", "-"),
            ("", ""),
            (".", "."),
            ("'в кавычках'", "'в кавычках'"),
        ] {
            assert_eq!(guarded(cell), written);
            assert_eq!(plain(written), cell);
        }
        assert_eq!(guarded_in_sheet("+79123456789"), "+79123456789");
    }

    proptest! {
        #[test]
        fn a_cell_comes_back_as_it_was(cell in "['=+@а4-]{0,6}") {
            let (written, in_sheet) = (guarded(&cell), guarded_in_sheet(&cell));
            prop_assert_eq!(plain(&written), cell.as_str());
            prop_assert_eq!(plain(&in_sheet), cell.as_str());
            prop_assert!(written.len() == 1 || !written.starts_with(['=', '+', '-', '@']));
        }
    }
}
