//! Finding what is meant in a PEM text: programs write notes before it and other blocks around it.

/// The first block with this label, from its first dash to its last.
pub(crate) fn block<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let from = text.get(text.find(&begin)?..)?;
    from.get(..from.find(&end)? + end.len())
}
