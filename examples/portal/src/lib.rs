//! The working web portal of eschool: diaries for pupils and parents as pages and as JSON, on the
//! embedded database.
//!
//! The portal holds no rule of its own. It reads requests, asks the
//! [`Store`](eschool_store::Store), and lays out what comes back:
//!
//! * [`cli`]: the command line.
//! * [`start`]: the data folder, keys, policy, imports; `sample_school` gives an empty folder
//!   something to show, [`cards`] prints registration cards to the terminal, [`admin`] does the
//!   operator's chores.
//! * [`esia`]: the state sign-in, or an emulator of it beside the portal.
//! * [`web`]: routes, pages, the JSON API, cookies, limits; [`serve`]: connections.
//! * `view`: the core's values as Russian text, for the templates.
//! * `sample`: the sample schools' files.

pub mod admin;
pub mod cards;
pub mod cli;
pub mod esia;
pub mod import;
mod sample;
mod sample_school;
pub mod serve;
pub mod start;
mod view;
pub mod web;
