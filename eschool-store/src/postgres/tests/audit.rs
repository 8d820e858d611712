//! What is done to the tables of the audit.

use async_trait::async_trait;

use super::scratch::{Scratch, server};
use crate::testing::tampering::{Tamper, every_tampering_is_found};

#[async_trait]
impl Tamper for Scratch {
    async fn tamper(&self, statement: &'static str) {
        sqlx::query(statement).execute(&mut self.database.connection().await).await.unwrap();
    }
}

#[tokio::test]
async fn every_tampering_with_the_audit_is_found() {
    if server().is_some() {
        every_tampering_is_found(async || Scratch::new().await.unwrap()).await;
    }
}
