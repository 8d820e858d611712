//! Sharding a database where Citus is present.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{
    schema,
    tables::{Spread, TABLES},
    value::failed,
};
use crate::backend::BackendError;

/// Shards every table that is not sharded yet; tells how many that were.
pub(super) async fn distribute(connection: &mut PgConnection) -> Result<u32, BackendError> {
    schema::check(connection).await?;
    if !has_citus(connection).await? {
        return Err(BackendError::NotShardable);
    }
    let mut transaction = connection.begin().await.map_err(failed)?;
    let sharded: Vec<String> =
        sqlx::query_scalar("SELECT logicalrelid::text FROM pg_dist_partition")
            .fetch_all(&mut *transaction)
            .await
            .map_err(failed)?;
    let statements = statements(&sharded);
    let count = u32::try_from(statements.len()).unwrap_or(u32::MAX);
    let mut ties = ties(&mut transaction).await?;
    ties.retain(|(table, ..)| !sharded.contains(table));
    let untied = ties.iter().map(|tie| format!("ALTER TABLE {} DROP CONSTRAINT {}", tie.0, tie.1));
    let tied = ties
        .iter()
        .map(|(table, name, rule)| format!("ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"));
    // One piece after another, as Citus asks where foreign keys lead to a table that is everywhere.
    let in_turn = "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'".to_owned();
    for statement in std::iter::once(in_turn).chain(untied).chain(statements).chain(tied) {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(count)
}

/// Whether Citus is there, so that tables may be sharded.
pub(super) async fn has_citus(connection: &mut PgConnection) -> Result<bool, BackendError> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')")
        .fetch_one(connection)
        .await
        .map_err(failed)
}

/// The foreign keys, each as its table, its name and its rule: Citus shards no table that one which
/// is not sharded refers to, nor one that refers to such a table, so they are let go meanwhile.
async fn ties(
    connection: &mut PgConnection,
) -> Result<Vec<(String, String, String)>, BackendError> {
    let ties = "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) \
                FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 \
                AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";
    sqlx::query_as(ties).fetch_all(connection).await.map_err(failed)
}

/// What shards the tables that are not among these: first what is everywhere, for the others refer
/// to it, then what schools own, side by side on the same shards, then what somebody is found by.
fn statements(sharded: &[String]) -> Vec<String> {
    let mut tables: Vec<_> =
        TABLES.iter().filter(|(table, _)| !sharded.iter().any(|name| name == table)).collect();
    tables.sort_by_key(|(_, spread)| match spread {
        Spread::Everywhere => 0,
        Spread::School => 1,
        Spread::By(_) => 2,
    });
    let spread = |(table, spread): &(&str, Spread)| match spread {
        Spread::Everywhere => format!("SELECT create_reference_table('{table}')"),
        Spread::School => sharded_by(table, "school_id", Spread::FIRST),
        // The first of those with the same key: some of them are read together.
        Spread::By(column) => {
            let same = |(_, other): &&(&str, Spread)| *other == Spread::By(column);
            sharded_by(table, column, TABLES.iter().find(same).map_or(*table, |(first, _)| *first))
        }
    };
    tables.into_iter().map(spread).collect()
}

/// What shards a table by a column, beside the first of the tables that lie with it.
fn sharded_by(table: &str, column: &str, first: &str) -> String {
    let beside = if table == first { "none" } else { first };
    format!("SELECT create_distributed_table('{table}', '{column}', colocate_with => '{beside}')")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_schools_own_lies_side_by_side() {
        let all = statements(&[]);
        assert_eq!(all.len(), TABLES.len());
        let everywhere = ["installation", "lookup_mark", "school", "kept_apart"];
        let (first, rest) = all.split_at(everywhere.len());
        assert_eq!(
            first,
            everywhere.map(|table| format!("SELECT create_reference_table('{table}')"))
        );
        assert_eq!(
            rest[0],
            "SELECT create_distributed_table('school_class', 'school_id', colocate_with => 'none')"
        );
        let beside = all.iter().filter(|text| text.ends_with("colocate_with => 'school_class')"));
        let owned = TABLES.iter().filter(|(_, spread)| *spread == Spread::School);
        assert_eq!(beside.count(), owned.count() - 1);
        let claim = "SELECT create_distributed_table('claim', 'key_hash', colocate_with => 'none')";
        assert!(all.contains(&claim.to_owned()));
        let moves =
            "SELECT create_distributed_table('merge_move', 'merge_id', colocate_with => 'merge')";
        assert!(all.contains(&moves.to_owned()));
    }

    #[test]
    fn what_is_sharded_already_is_left_alone() {
        let done: Vec<String> = TABLES.iter().map(|(table, _)| (*table).into()).collect();
        assert_eq!(statements(&done), [] as [String; 0]);
        let (last, rest) = done.split_last().unwrap();
        assert_eq!(statements(rest).len(), 1);
        assert!(statements(rest)[0].contains(last));
    }
}
