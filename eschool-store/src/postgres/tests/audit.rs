//! What is done to the tables of the audit.

use async_trait::async_trait;

use super::scratch::{Database, Scratch};
use crate::testing::tampering::{OwnTampering, Tamper, every_tampering_is_found};

/// Values that this database alone has.
const OWN: &[OwnTampering] = &[
    OwnTampering {
        name: "the time made endless",
        statement: "UPDATE audit SET at = 'infinity' WHERE place = 5 OR seal IS NULL",
        found: "unreadable - -, changed 2 5",
    },
    OwnTampering {
        name: "the time made older than time",
        statement: "UPDATE audit SET at = '-infinity' WHERE place = 5",
        found: "changed 2 5",
    },
    OwnTampering {
        name: "the time of a seal made endless",
        statement: "UPDATE audit_seal SET at = 'infinity' WHERE number = 2",
        found: "seal_changed 2 -",
    },
];

#[async_trait]
impl Tamper for Scratch {
    async fn tamper(&self, statement: &'static str) {
        sqlx::query(statement).execute(&mut self.database.connection().await).await.unwrap();
    }
}

#[tokio::test]
async fn every_tampering_with_the_audit_is_found() {
    let Some(database) = Database::migrated().await else { return };
    if !database.is_distributed("no row moves there from one school to another").await {
        every_tampering_is_found(async || Scratch::new().await.unwrap(), OWN).await;
    }
}
