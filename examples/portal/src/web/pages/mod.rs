//! What people see.
//!
//! * `door`: the pages before the diary: sign-in, ЕСИА, a forgotten password.
//! * `sign_in`, `sign_out`: what the two forms do.
//! * `week`, `term`: the diary.

pub(super) mod door;
pub(super) mod sign_in;
pub(super) mod sign_out;
pub(super) mod term;
pub(super) mod week;

use super::assets;

/// What the head of every page needs.
#[derive(Debug)]
pub(super) struct Frame {
    /// The page's own title; the portal's name is added.
    pub(super) title: String,
    /// The address of the style sheet.
    pub(super) style: String,
    /// The address of the icon.
    pub(super) icon: String,
}

impl Frame {
    /// The frame of a page.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), style: assets::style(), icon: assets::icon() }
    }
}
