//! What the emulator keeps between two requests: bounded, and in memory alone.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::{Interface, Lifetimes, challenge::Challenge, filter::PersonFilter};

/// The most of each kind that is kept; beyond, the oldest goes.
const MOST: usize = 10_000;

/// The SHA-256 of a code or a token: enough to know it again.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(text: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(digest(&SHA256, text.as_bytes()).as_ref()).for_each(|(b, d)| *b = *d);
        Self(bytes)
    }
}

/// An instant so much later, or the end of time.
pub(super) fn later(now: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A request for a sign-in that was found right.
#[derive(Clone)]
pub(super) struct SignInRequest {
    /// The mnemonic of the client.
    pub(super) client: String,
    /// Where it came; what it leads to is good there alone.
    pub(super) interface: Interface,
    /// Where the person goes back to.
    pub(super) redirect: Url,
    /// The same as the client wrote it.
    pub(super) redirect_uri: String,
    /// The client's own mark.
    pub(super) state: String,
    /// What the client asks for.
    pub(super) scopes: Vec<String>,
    /// What a `code_verifier` must hash to.
    pub(super) challenge: Option<Challenge>,
    /// Whether a `refresh_token` is asked for.
    pub(super) offline: bool,
    /// Who alone may sign in.
    pub(super) filter: Option<PersonFilter>,
    /// Whether the answer is to say `state` twice.
    pub(super) state_twice: bool,
}

/// Somebody who is signed in at the emulator.
#[derive(Clone, Copy)]
pub(super) struct Session {
    /// Who.
    pub(super) oid: u64,
    /// Since when.
    pub(super) since: DateTime<Utc>,
}

/// A code that was given out.
pub(super) struct IssuedCode {
    pub(super) request: SignInRequest,
    pub(super) session: Session,
    /// What its tokens call the sign-in.
    pub(super) sid: String,
    /// From this instant on it is no good.
    pub(super) expires: DateTime<Utc>,
    /// The access token it gave, once it has.
    pub(super) token: Option<Digest>,
}

/// What an access token opens.
#[derive(Clone)]
pub(super) struct Grant {
    /// Whose data; none for a token of a system for itself.
    pub(super) oid: Option<u64>,
    /// The mnemonic of the client.
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    /// From this instant on it opens nothing.
    pub(super) expires: DateTime<Utc>,
}

/// An authorization that may be refreshed; known by what its tokens call the sign-in.
pub(super) struct Offline {
    pub(super) request: SignInRequest,
    pub(super) session: Session,
    /// The one refresh token that is good now.
    pub(super) refresh: Digest,
    /// The access tokens that came so far and may be good still.
    pub(super) tokens: Vec<Digest>,
}

/// All that is kept.
pub(super) struct Memory {
    /// Requests that wait for a person, by a random name.
    pub(super) waiting: Shelf<String, SignInRequest>,
    /// Who is signed in, by the cookie.
    pub(super) sessions: Shelf<String, Session>,
    /// Codes, kept for as long as what they gave is good, so that one used twice is known.
    pub(super) codes: Shelf<Digest, IssuedCode>,
    /// Access tokens.
    pub(super) tokens: Shelf<Digest, Grant>,
    /// Authorizations that may be refreshed, by the name of the sign-in.
    pub(super) offline: Shelf<String, Offline>,
    /// Of refresh tokens, the used ones too: the name of the sign-in.
    pub(super) refresh: Shelf<Digest, String>,
}

impl Memory {
    pub(super) fn new(lifetimes: &Lifetimes) -> Self {
        Self {
            waiting: Shelf::new(lifetimes.waiting, MOST),
            sessions: Shelf::new(lifetimes.session, MOST),
            codes: Shelf::new(
                lifetimes.code.checked_add(&lifetimes.access_token).unwrap_or(TimeDelta::MAX),
                MOST,
            ),
            tokens: Shelf::new(lifetimes.access_token, MOST),
            offline: Shelf::new(lifetimes.offline, MOST),
            refresh: Shelf::new(lifetimes.offline, MOST),
        }
    }
}

/// Values that are kept for one span of time, and not more than so many.
pub(super) struct Shelf<K, V> {
    kept: HashMap<K, V>,
    /// In the order of coming, which is that of going.
    order: VecDeque<(DateTime<Utc>, K)>,
    lifetime: TimeDelta,
    most: usize,
}

impl<K: Clone + Eq + Hash, V> Shelf<K, V> {
    fn new(lifetime: TimeDelta, most: usize) -> Self {
        Self { kept: HashMap::new(), order: VecDeque::new(), lifetime, most }
    }

    /// Keeps a value under a key that was never used before.
    pub(super) fn put(&mut self, now: DateTime<Utc>, key: K, value: V) {
        self.drop_outdated(now);
        while self.order.len() >= self.most
            && let Some((_, oldest)) = self.order.pop_front()
        {
            self.kept.remove(&oldest);
        }
        self.order.push_back((later(now, self.lifetime), key.clone()));
        self.kept.insert(key, value);
    }

    /// The value that is kept under a key.
    pub(super) fn get(&mut self, now: DateTime<Utc>, key: &K) -> Option<&mut V> {
        self.drop_outdated(now);
        self.kept.get_mut(key)
    }

    /// Takes a value away.
    pub(super) fn take(&mut self, now: DateTime<Utc>, key: &K) -> Option<V> {
        self.drop_outdated(now);
        self.kept.remove(key)
    }

    fn drop_outdated(&mut self, now: DateTime<Utc>) {
        while let Some((until, _)) = self.order.front()
            && *until <= now
            && let Some((_, key)) = self.order.pop_front()
        {
            self.kept.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_forgets_what_is_old_and_what_is_too_much() {
        let start: DateTime<Utc> = "2024-09-01T00:00:00Z".parse().unwrap();
        let after = |seconds| start + TimeDelta::seconds(seconds);
        let mut shelf = Shelf::new(TimeDelta::seconds(10), 2);
        shelf.put(start, 'a', 1);
        shelf.put(after(1), 'b', 2);
        assert_eq!(shelf.get(after(9), &'a').copied(), Some(1));
        assert_eq!(shelf.get(after(10), &'a'), None);
        assert_eq!(shelf.get(after(10), &'b').copied(), Some(2));
        shelf.put(after(10), 'c', 3);
        shelf.put(after(10), 'd', 4);
        assert_eq!(shelf.get(after(10), &'b'), None);
        assert_eq!(shelf.take(after(10), &'c'), Some(3));
        assert_eq!(shelf.take(after(10), &'c'), None);
        for key in 'e'..='z' {
            shelf.put(after(10), key, 0);
            shelf.take(after(10), &key);
        }
        assert_eq!((shelf.kept.len(), shelf.order.len()), (0, 2));
    }
}
