//! The rules of Russian school e-diaries, held once.
//!
//! Who may sign in and how, which parent belongs to which child, what a diary is made of: every
//! regional «Электронная школа» needs the same answers. This crate gives them as plain values and
//! pure functions. It reads no file, no clock, no randomness, waits for nothing and keeps no
//! global state: whatever it needs is passed in, so every answer can be repeated and tested.
//!
//! # The tour
//!
//! * [`identity`]: values that cannot be wrong: [`Snils`](identity::Snils),
//!   [`MobilePhone`](identity::MobilePhone), [`FullName`](identity::FullName),
//!   [`BirthDate`](identity::BirthDate), the age threshold.
//! * [`people`]: schools, accounts, guardianships, consents, registration cards with their journal,
//!   and the registry's rules.
//! * [`policy`]: the *порядок авторизации* of a region as data.
//! * [`signin`]: [`admit`](signin::admit) and [`decide`](signin::decide): a grant or a refusal
//!   with its text and next step.
//! * [`recovery`]: who forgot the password of a card gets a letter with one-time links, or a new
//!   card.
//! * [`calendar`]: terms, vacations, bells, the timetable.
//! * [`journal`]: lessons, works, marks, attendance, final marks.
//! * [`diary`]: [`compose`](diary::compose) makes a week, [`summarise`](diary::summarise) a term.
//! * [`access`]: who may look at what.
//! * [`archive`]: the file a school year is put away in, and when it may be dropped.
//! * [`merge`]: which accounts of several schools are one person's.
//! * [`diagnosis`]: why somebody whom ЕСИА vouches for was not recognised, and how to mend it.
//! * [`support`]: what school and support do about it, step by step.
//!
//! # Conventions on the wire
//!
//! JSON keys are camelCase, codes are snake_case strings, dates ISO 8601. Every enum that a client
//! decodes has an `Unknown` variant and gives back what it was given. Two kinds of value are no
//! snake_case: weekdays cross as chrono writes them, `"Mon"` to `"Sun"`, and marks as the text a
//! journal shows, `"4-"`, `"н/а"`.
//!
//! # Personal data
//!
//! `Debug` of what is known of somebody tells which row it is and hides the rest (152-ФЗ).
// What uniffi and tsify write for another language names things of std as if they were always there.
#![cfg_attr(not(any(feature = "uniffi", feature = "wasm")), no_std)]

extern crate alloc;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!("eschool_core");

mod debug;
mod letters;
mod wire;
mod words;

pub mod access;
pub mod archive;
pub mod calendar;
pub mod diagnosis;
pub mod diary;
pub mod error;
#[cfg(feature = "uniffi")]
pub mod foreign;
pub mod id;
pub mod identity;
pub mod journal;
pub mod merge;
pub mod people;
pub mod policy;
pub mod recovery;
pub mod signin;
pub mod support;
