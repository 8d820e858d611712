//! The schools of the sample. All invented; only lists.

mod school1;
mod school3;

use super::school::School;

/// Every school: the large one first.
pub(super) static SCHOOLS: [&School; 2] = [&school3::SCHOOL, &school1::SCHOOL];
