//! The access of apps (RFC 8252): a person who is signed in in a browser lets an app on a device read
//! what the person may read.
//!
//! * `grant`: the person agrees, and the app gets a code by way of the browser.
//! * `redeem`: the app turns the code into tokens. `refresh`: and those into the next ones.
//! * `judge`: whether the person may still be in, asked each time. `devices`: what a person let in, and
//!   how it is taken back. `error`: why not.
//!
//! An access token is a session of its own that lasts fifteen minutes; everything that a session opens
//! and ends holds for it. What renews it is good once. An access ends when what the sign-in granted
//! ends, when it was not used for [`UNUSED`], when the person ends it, and with all sessions of the
//! person: a new password, a withdrawn consent, a bond that opens less.

mod devices;
mod error;
mod grant;
mod judge;
mod redeem;
mod refresh;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::{
    devices::{AppDevice, RevokeError},
    error::AppGrantError,
    grant::AppRequest,
    redeem::AppTokens,
};
use super::Session;
use crate::backend::AppGrantRow;

/// How long a code waits to be redeemed: the way back from the browser takes a moment.
const CODE: TimeDelta = TimeDelta::seconds(60);

/// How long an access token lasts.
const ACCESS: TimeDelta = TimeDelta::minutes(15);

/// How long an access lasts that nobody uses.
const UNUSED: TimeDelta = TimeDelta::days(180);

/// The earlier of an instant and an end, if there is one.
fn until(at: DateTime<Utc>, end: Option<DateTime<Utc>>) -> DateTime<Utc> {
    end.map_or(at, |end| end.min(at))
}

/// An access as the session that its tokens open.
fn session_of(row: &AppGrantRow, expires_at: DateTime<Utc>) -> Session {
    Session {
        person: row.person,
        accounts: row.accounts.clone(),
        method: row.method.clone(),
        choose: row.choose,
        chosen: row.chosen,
        password_ends: None,
        expires_at,
        app: Some(row.id),
    }
}
