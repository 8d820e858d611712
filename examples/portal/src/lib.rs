//! The working web portal of eschool: diaries for pupils and parents as pages and as JSON, on the
//! embedded database.
//!
//! The portal holds no rule of its own. It reads requests, asks the
//! [`Store`](eschool_store::Store), and lays out what comes back:
//!
//! * [`cli`]: the command line.
//! * [`start`]: the data folder, keys, policy, imports; `sample_school` gives an empty folder
//!   something to show.
//! * The operator's chores: [`import`] and [`export`] of files, [`cards`] on the terminal, [`merges`]
//!   of accounts, [`years`] that go to archives, [`admin`] for the rest.
//! * [`esia`]: the state sign-in, or an emulator of it beside the portal.
//! * [`web`]: routes, pages, the JSON API, cookies, limits; [`serve`]: connections.
//! * `view`: the core's values as Russian text, for the templates.
//! * `sample`: the sample schools' files.

pub mod admin;
pub mod apps;
pub mod audit;
pub mod cards;
pub mod cli;
pub mod esia;
pub mod export;
pub mod import;
pub mod keys;
pub mod merges;
mod progress;
mod sample;
mod sample_school;
pub mod serve;
pub mod start;
mod view;
pub mod web;
pub mod years;
