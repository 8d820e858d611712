//! The client: start a sign-in, finish it, sign out.
