//! What people see.
//!
//! * `door`: the pages before the diary: sign-in, refusals, a forgotten password.
//! * `sign_in`, `sign_out`: what the two forms do. `esia`: the way to ЕСИА and back; `invitation`:
//!   the same with a link that makes an administrator.
//! * `home`: «Мои дети», and where somebody is led first. `school`: the choice of one.
//! * `week`, `term`: the diary. `devices`: the apps that somebody let in.

pub(super) mod devices;
pub(super) mod door;
pub(super) mod esia;
pub(super) mod home;
pub(super) mod invitation;
pub(super) mod school;
pub(super) mod sign_in;
pub(super) mod sign_out;
pub(super) mod term;
pub(super) mod week;

use super::{App, Package, assets};

/// What the head of every page needs.
#[derive(Debug)]
pub(super) struct Frame {
    /// The page's own title; the portal's name is added.
    pub(super) title: String,
    /// The address of the style sheet.
    pub(super) style: String,
    /// The address of the icon.
    pub(super) icon: String,
    /// What checks forms while they are filled in, if it is there.
    pub(super) forms: Option<Forms>,
    /// Whether to say that ЕСИА is an emulator here and nobody is real.
    pub(super) is_training: bool,
}

impl Frame {
    /// The frame of a page of this portal.
    pub(super) fn of(app: &App, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            style: assets::style(),
            icon: assets::icon(),
            forms: app.package().map(Forms::of),
            is_training: app.esia().emulator().is_some(),
        }
    }
}

/// The script that checks forms, and what it checks with.
#[derive(Debug)]
pub(super) struct Forms {
    /// The address of the script.
    pub(super) script: String,
    /// The address of the package's entry.
    pub(super) package: String,
}

impl Forms {
    fn of(package: &Package) -> Self {
        Self { script: assets::forms(), package: package.entry() }
    }
}
