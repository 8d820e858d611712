//! Sign-in for native apps (RFC 8252): an app sends the person to the system browser, the person signs
//! in there as always and agrees, and the browser leads back to the app with a code.
//!
//! * `request`: what an app asks for, taken apart and judged. `leading`: the way back to it.
//! * `consent`: the pages between. What the code is worth, `api::oauth` tells.

pub(super) mod consent;
mod leading;
mod request;

pub(super) use self::request::on_the_way;
