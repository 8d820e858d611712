//! What a pupil's year takes on a disk.

use std::{fs, path::Path};

use eschool_benches::region::Region;
use eschool_store::sqlite::SqliteBackend;
use url::Url;

use crate::{Result, databases::Server, import, store, texts};

/// A school year has 34 weeks of lessons, and the quarter of a region 8.
const QUARTERS: f64 = 34.0 / 8.0;
/// How many schools the file of SQLite is of.
const SCHOOLS: usize = 2;

/// Bytes of PostgreSQL's tables, indexes included, once a whole year of journals is there.
pub(crate) async fn postgres(server: &Server, database: &Url, pupils: usize) -> Result<f64> {
    let mut connection = server.connection(database).await?;
    let (journals, rest): (i64, i64) = sqlx::query_as(
        "SELECT sum(size) FILTER (WHERE is_journal)::bigint, \
           sum(size) FILTER (WHERE NOT is_journal)::bigint \
         FROM (SELECT pg_total_relation_size(oid) AS size, \
             relispartition OR relname = 'work' AS is_journal FROM pg_class \
           WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) tables",
    )
    .fetch_one(&mut connection)
    .await?;
    Ok((rest as f64 + journals as f64 * QUARTERS) / pupils as f64)
}

/// Bytes of a file of SQLite: it is weighed with the people alone, and with their journals.
pub(crate) async fn sqlite(region: &Region, scratch: &Path) -> Result<f64> {
    let file = scratch.join("region.sqlite3");
    let mut weights = [0.0; 2];
    let mut pupils = 0;
    let is_journal =
        |name: &str| ["lessons.csv", "marks.csv", "attendance.csv", "finals.csv"].contains(&name);
    for (with_journals, weight) in [false, true].into_iter().zip(&mut weights) {
        let backend = SqliteBackend::open(&file).await?;
        let store = store(backend.clone())?;
        pupils = 0;
        for number in 0..SCHOOLS.min(region.schools()) {
            let school = region.school(number);
            import(&store, &texts(&school.files, |name| with_journals || !is_journal(name)))
                .await?;
            pupils += school.counts.pupils;
        }
        backend.close().await;
        *weight = fs::metadata(&file)?.len() as f64;
    }
    let [people, whole] = weights;
    Ok((people + (whole - people) * QUARTERS) / pupils as f64)
}
