//! People from files, beside the same rows inserted without a thought.

use std::time::Instant;

use eschool_benches::{region::Region, stats::Measured};
use sqlx::Row as _;

use crate::{
    Options, Result,
    databases::{Server, said},
    import, progress, store, texts,
};

/// What was found.
pub(crate) struct Imports {
    pub(crate) people: usize,
    pub(crate) ours: Measured,
    pub(crate) inserts: Measured,
}

/// Imports people without journals, then inserts what that came to into an empty database, a
/// thousand rows a statement, by psql.
pub(crate) async fn measure(options: &Options, server: &mut Server) -> Result<Imports> {
    let database = server.fresh("people").await?;
    let store = store(server.open(&database).await?)?;
    let mut schools = Vec::new();
    let mut rows = 0;
    let region = Region::new(2, usize::MAX);
    while rows < options.people {
        let school = region.school(schools.len());
        let wanted = |name: &str| {
            !["timetable.csv", "lessons.csv", "marks.csv", "attendance.csv", "finals.csv"]
                .contains(&name)
        };
        rows += school.counts.pupils + school.counts.parents;
        schools.push(texts(&school.files, wanted));
    }
    let bar = progress(schools.len(), "importing people")?;
    let began = Instant::now();
    for files in &schools {
        import(&store, files).await?;
        bar.inc(1);
    }
    let ours = began.elapsed();
    bar.finish_and_clear();

    let mut connection = server.connection(&database).await?;
    let row = sqlx::query("SELECT count(*) AS people FROM account").fetch_one(&mut connection);
    let people: i64 = row.await?.get("people");
    let dump = options.scratch.join("people.sql");
    let mut write = server.program("pg_dump", &database);
    said(
        write
            .args(["--data-only", "--rows-per-insert=1000", "--exclude-table=_sqlx_migrations"])
            .arg("--file")
            .arg(&dump),
    )?;
    let bare = server.fresh("bare").await?;
    let began = Instant::now();
    let mut insert = server.program("psql", &bare);
    said(insert.args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file"]).arg(&dump))?;
    let inserts = began.elapsed();
    Ok(Imports {
        people: people.unsigned_abs() as usize,
        ours: Measured::of(vec![ours.as_nanos() as f64]),
        inserts: Measured::of(vec![inserts.as_nanos() as f64]),
    })
}
