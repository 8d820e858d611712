//! The suite over PostgreSQL, and what only a server can get wrong.
//!
//! They run where `ESCHOOL_TEST_PG_URL` names a server whose user may make databases, as
//! `cargo xtask test --only postgres` does with one of its own; elsewhere each says that it was
//! skipped.
//!
//! Where the server has loaded Citus, each database is distributed, over as many workers as the server
//! knows. Where `ESCHOOL_TEST_PG_POOLER_URL` names a pooler in front of the same server, the suite
//! works through it, while databases are made, migrated and looked into directly: it must lead on
//! whatever database it is asked for.

mod audit;
mod faults;
mod keys;
mod open;
mod plans;
mod reads;
mod scratch;
mod silence;
mod statements;
mod waiting;

use self::scratch::Scratch;
#[cfg(feature = "exchange")]
use crate::testing::imports;

crate::conformance!(if_there Scratch::new());

#[cfg(feature = "exchange")]
#[tokio::test]
async fn what_was_done_since_outlives_the_same_files() {
    match Scratch::new().await {
        Some(there) => imports::what_was_done_since_outlives_the_same_files(there).await,
        None => println!("skipped: no backend to test"),
    }
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn a_year_in_an_archive_takes_no_journals() {
    match Scratch::new().await {
        Some(there) => imports::a_year_in_an_archive_takes_no_journals(there).await,
        None => println!("skipped: no backend to test"),
    }
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn another_lookup_key_makes_nobody_new() {
    match Scratch::new().await {
        Some(there) => imports::another_lookup_key_makes_nobody_new(there).await,
        None => println!("skipped: no backend to test"),
    }
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn a_row_without_a_first_day_makes_no_second_stay() {
    match Scratch::new().await {
        Some(there) => imports::a_row_without_a_first_day_makes_no_second_stay(there).await,
        None => println!("skipped: no backend to test"),
    }
}
