//! Diaries read by the store and by pgbench, in turns.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use eschool_benches::{random::Random, stats::Measured};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, PersonId, SchoolId},
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole},
};
use eschool_store::{
    Session, Store,
    postgres::{PostgresBackend, Prepared},
};
use sqlx::{AssertSqlSafe, Executor as _};
use url::Url;
use uuid::Uuid;

use crate::{
    Options, Result,
    databases::{Server, said},
    progress, store,
};

/// What was found.
pub(crate) struct Reads {
    pub(crate) ours: Measured,
    pub(crate) pgbench: Measured,
    pub(crate) p50: Measured,
    pub(crate) p95: Measured,
}

/// Whose diary is read, and from which day on; and by whom.
struct Pick {
    school: SchoolId,
    pupil: AccountId,
    monday: NaiveDate,
    /// The parent who reads, by account and person; else the pupil does.
    parent: Option<(AccountId, PersonId)>,
}

/// The pupils and weeks that both sides read at random, any of any school's: every other time one of
/// the parents reads.
const PICKS: &str = "\
CREATE TABLE pick AS
SELECT n, school_id, pupil_id, monday, bond.parent_id, bond.person_id
FROM (SELECT (row_number() OVER (ORDER BY random()))::integer AS n, school_id, pupil_id,
    date '2024-09-02' + 7 * (random() * 7)::integer AS monday
  FROM stay ORDER BY n LIMIT 20000) of_pupil
LEFT JOIN LATERAL (SELECT g.parent_id, a.person_id
  FROM guardianship g JOIN account a ON a.school_id = g.school_id AND a.account_id = g.parent_id
  WHERE g.school_id = of_pupil.school_id AND g.child_id = of_pupil.pupil_id AND NOT g.barred
  ORDER BY random() LIMIT 1) bond ON n % 2 = 0;
ALTER TABLE pick ADD PRIMARY KEY (n);
ANALYZE pick";

/// School, pupil, first day, and a parent with the parent's person.
type PickRow = (Uuid, Uuid, NaiveDate, Option<Uuid>, Option<Uuid>);

pub(crate) async fn measure(options: &Options, server: &Server, database: &Url) -> Result<Reads> {
    let mut connection = server.connection(database).await?;
    connection.execute(AssertSqlSafe(PICKS)).await?;
    let rows: Vec<PickRow> = sqlx::query_as(
        "SELECT school_id, pupil_id, monday, parent_id, person_id FROM pick ORDER BY n",
    )
    .fetch_all(&mut connection)
    .await?;
    let picks = rows.into_iter().map(|(school, pupil, monday, parent, person)| Pick {
        school: SchoolId(school),
        pupil: AccountId(pupil),
        monday,
        parent: parent.map(AccountId).zip(person.map(PersonId)),
    });
    let picks: Arc<[Pick]> = picks.collect();
    let by_parents = picks.iter().filter(|pick| pick.parent.is_some()).count();
    if by_parents * 5 < picks.len() * 2 {
        return Err("too few pupils have a parent".into());
    }
    let last = picks.last().ok_or("there are no pupils")?;

    // What one read prepares is what pgbench is given.
    let one = server.open(database).await?;
    read(&store(one.clone())?, last).await?;
    let statements = one.prepared().await?;
    one.close().await;
    if statements.len() != 3 {
        return Err(format!("a diary is read by {} statements", statements.len()).into());
    }
    let script = options.scratch.join("diary.sql");
    fs::write(&script, diary_script(&statements, picks.len())?)?;
    let pick = options.scratch.join("pick.sql");
    fs::write(&pick, pick_script(picks.len()))?;

    let (mut ours, mut theirs, mut p50, mut p95) = (vec![], vec![], vec![], vec![]);
    let bar = progress(options.rounds + 1, "reading diaries")?;
    for round in 0..=options.rounds {
        let mut took = our_reads(options, server, database, &picks).await?;
        took.sort_unstable();
        let at = |part: usize| {
            let place = (took.len() * part / 100).min(took.len().saturating_sub(1));
            took.get(place).map_or(f64::NAN, |took| took.as_nanos() as f64)
        };
        let own = options.seconds as f64 * 1e9 / took.len() as f64;
        // Who picks a pupil is not part of the read.
        let both = pgbench(options, server, database, &script)?;
        let theirs_alone = both - pgbench(options, server, database, &pick)?;
        bar.inc(1);
        // The first round warms up caches on both sides.
        if round > 0 {
            ours.push(own);
            theirs.push(theirs_alone);
            p50.push(at(50));
            p95.push(at(95));
        }
    }
    bar.finish_and_clear();
    Ok(Reads {
        ours: Measured::of(ours),
        pgbench: Measured::of(theirs),
        p50: Measured::of(p50),
        p95: Measured::of(p95),
    })
}

/// Reads by as many readers as are asked for; how long each read took.
///
/// As pgbench's clients, they begin with connections that are new, one for each: such a one has the
/// catalogue to read, and plans each statement some times before it keeps a plan for any values.
async fn our_reads(
    options: &Options,
    server: &Server,
    database: &Url,
    picks: &Arc<[Pick]>,
) -> Result<Vec<Duration>> {
    let backend = server.open_over(database, options.clients).await?;
    let store = Arc::new(store(backend.clone())?);
    let ends = Instant::now() + Duration::from_secs(options.seconds);
    let readers = (0..options.clients).map(|reader| {
        let (store, picks) = (Arc::clone(&store), Arc::clone(picks));
        tokio::spawn(async move {
            let mut random = Random::seeded(reader as u64 + 1);
            let mut took = Vec::new();
            while Instant::now() < ends {
                let began = Instant::now();
                let pick = picks.get(random.below(picks.len())).ok_or("no such pick")?;
                read(&store, pick).await.map_err(|error| error.to_string())?;
                took.push(began.elapsed());
            }
            Ok::<_, String>(took)
        })
    });
    let readers: Vec<_> = readers.collect();
    let mut all = Vec::new();
    for reader in readers {
        all.extend(reader.await??);
    }
    backend.close().await;
    Ok(all)
}

/// One read, by the pupil or a parent.
async fn read(store: &Store<PostgresBackend>, pick: &Pick) -> Result<()> {
    let Pick { school, pupil, monday, parent } = *pick;
    let (account, person, role) = match parent {
        Some((account, person)) => (account, person, GrantedRole::Parent { children: vec![pupil] }),
        None => (pupil, PersonId(pupil.0), GrantedRole::Pupil),
    };
    let session = Session {
        person,
        accounts: vec![AccountGrant { account, school, roles: vec![role] }],
        method: SignInMethod::Esia,
        choose: false,
        chosen: None,
        password_ends: None,
        expires_at: DateTime::<Utc>::MAX_UTC,
        app: None,
    };
    let diary = store.diary(&session, school, pupil, DateRange::week_of(monday)).await?;
    if diary.days.len() == 7 { Ok(()) } else { Err("a week has seven days".into()) }
}

/// What pgbench does: picks a pupil and reads, by the very statements of the store. They are prepared
/// once, by their own texts: the server then chooses plans as it does for what a driver prepares.
fn diary_script(statements: &[Prepared], picks: usize) -> Result<String> {
    let (mut prepare, mut execute) = (String::new(), String::new());
    for (number, Prepared { text, types, .. }) in statements.iter().enumerate() {
        let mut given = Vec::new();
        let (mut ids, mut days) = ([":s", ":p", ":w"].into_iter(), [":f", ":t"].into_iter());
        for parameter in types {
            given.push(match parameter.as_str() {
                "uuid" => format!("'{}'", ids.next().ok_or("a fourth identifier")?),
                // The accounts of who reads as a parent.
                "uuid[]" => "':a'".to_owned(),
                "date" => format!("'{}'", days.next().ok_or("a third day")?),
                // What a debt is written as.
                "text" => "'.'".to_owned(),
                other => return Err(format!("a {other}").into()),
            });
        }
        prepare.push_str(&format!("PREPARE s{number} ({}) AS {text};\n", types.join(", ")));
        execute.push_str(&format!("EXECUTE s{number} ({});\n", given.join(", ")));
    }
    Ok(format!(
        "\\if :ready\n\\else\n{prepare}\\set ready 1\n\\endif\n{}\
         BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY\\; \
         SET LOCAL plan_cache_mode = force_generic_plan;\n{execute}COMMIT;\n",
        pick_script(picks)
    ))
}

fn pick_script(picks: usize) -> String {
    format!(
        "\\set n random(1, {picks})\n\
         SELECT school_id AS s, pupil_id AS p, monday AS f, monday + 6 AS t, \
           coalesce(person_id, pupil_id) AS w, array_remove(ARRAY[parent_id], NULL) AS a \
         FROM pick WHERE n = :n \\gset\n"
    )
}

/// Nanoseconds that a turn of a script takes of the time of all clients together.
fn pgbench(
    options: &Options,
    server: &Server,
    database: &Url,
    script: &std::path::Path,
) -> Result<f64> {
    let mut command = server.program("pgbench", database);
    command.args(["--no-vacuum", "--define=ready=0", "--client"]).arg(options.clients.to_string());
    command.args(["--jobs", "2", "--time"]).arg(options.seconds.to_string());
    let said = said(command.arg("--file").arg(script))?;
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next());
    let rate: f64 = rate.ok_or("pgbench tells no rate")?.parse()?;
    Ok(1e9 / rate)
}
