//! Whom to trust besides those whom the machine trusts.

use reqwest::Certificate;

/// The certificates of a PEM text; none if it holds none or a broken one.
pub(crate) fn roots(pem: &str) -> Option<Vec<Certificate>> {
    let roots = Certificate::from_pem_bundle(pem.as_bytes()).ok()?;
    (!roots.is_empty()).then_some(roots)
}
