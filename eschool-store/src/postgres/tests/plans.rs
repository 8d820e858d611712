//! How PostgreSQL finds what a diary is made of.

use sqlx::{AssertSqlSafe, Executor as _};

use super::scratch::Scratch;
use crate::{
    postgres::{journal, people},
    testing::{fixtures::sample, save},
};

/// Two thousand schools, two hundred with their days, twenty of them with pupils and two months of journal: too much
/// to be read row by row.
const FILL: &str = "\
INSERT INTO school SELECT md5('s' || s)::uuid, 'Школа ' || s, '', '', 'Europe/Moscow', 'p' || s
  FROM generate_series(10, 2009) s;
INSERT INTO school_class SELECT md5('s' || s)::uuid, md5('c' || c)::uuid, 2024, c || 'А'
  FROM generate_series(10, 209) s, generate_series(1, 11) c;
INSERT INTO calendar_span SELECT md5('s' || s)::uuid, n, date '2024-09-01' + n * 20,
    date '2024-09-03' + n * 20, '\"vacation\"', ''
  FROM generate_series(10, 209) s, generate_series(1, 12) n;
INSERT INTO bell SELECT md5('s' || s)::uuid, n, n, time '08:00', time '08:45'
  FROM generate_series(10, 209) s, generate_series(1, 12) n;
INSERT INTO term SELECT md5('s' || s)::uuid, g * 4 + n, g, n || ' четверть', 'quarter',
    date '2024-09-01' + n * 40, date '2024-10-01' + n * 40
  FROM generate_series(10, 209) s, generate_series(1, 11) g, generate_series(1, 4) n;
INSERT INTO timetable_lesson SELECT md5('s' || s)::uuid, md5('c' || c)::uuid, c * 100 + n, NULL,
    'Mon', n, 'Алгебра', '', '' FROM generate_series(10, 29) s, generate_series(1, 11) c,
    generate_series(1, 30) n;
INSERT INTO account SELECT md5('s' || s)::uuid, md5('a' || a)::uuid, md5('p' || a)::uuid, 'Ёлкина',
    'Анна', '\"missing\"' FROM generate_series(10, 29) s, generate_series(1, 275) a;
INSERT INTO guardianship SELECT md5('s' || s)::uuid, md5('a' || a + 1)::uuid, md5('a' || a)::uuid,
    'mother', NULL, NULL, NULL, false FROM generate_series(10, 29) s, generate_series(1, 274) a;
INSERT INTO stay SELECT md5('s' || s)::uuid, md5('a' || a)::uuid, md5('c' || a % 11 + 1)::uuid,
    date '2024-09-01', NULL FROM generate_series(10, 29) s, generate_series(1, 275) a;
INSERT INTO subgroup_membership SELECT md5('s' || s)::uuid, md5('a' || a)::uuid,
    md5('c' || a % 11 + 1)::uuid, 'Английский язык', date '2024-09-01', NULL, '1'
  FROM generate_series(10, 29) s, generate_series(1, 275) a;
INSERT INTO lesson SELECT md5('s' || s)::uuid, md5('c' || c)::uuid, date '2024-09-01' + d, n, '',
    md5('l' || c || ' ' || d || ' ' || n)::uuid, 'Алгебра', NULL, false, false, '', '', 'тема', NULL,
    NULL, NULL, now()
  FROM generate_series(10, 29) s, generate_series(1, 11) c, generate_series(1, 60) d,
    generate_series(1, 3) n;
INSERT INTO work SELECT school_id, lesson_id, lesson_id, 'answer', '', 100 FROM lesson
  WHERE topic = 'тема';
INSERT INTO mark SELECT md5('s' || s)::uuid, md5('a' || a)::uuid, date '2024-09-01' + d,
    md5('m' || a || ' ' || d)::uuid, md5('l' || a % 11 + 1 || ' ' || d || ' 1')::uuid,
    md5('l' || a % 11 + 1 || ' ' || d || ' 1')::uuid, CASE d % 9 WHEN 0 THEN '.' ELSE '5' END, NULL,
    now()
  FROM generate_series(10, 29) s, generate_series(1, 275) a, generate_series(1, 60, 3) d;
INSERT INTO attendance SELECT school_id, pupil_id, date, lesson_id, 'н', 'absent' FROM mark
  WHERE school_id <> uuid(lpad('1', 32, '0'));
INSERT INTO individual_homework SELECT school_id, pupil_id, date, lesson_id, 0, '', NULL, NULL
  FROM mark WHERE school_id <> uuid(lpad('1', 32, '0'));
INSERT INTO remark SELECT school_id, pupil_id, date, lesson_id, 0, '' FROM mark
  WHERE school_id <> uuid(lpad('1', 32, '0'));
INSERT INTO year_archive SELECT md5('s' || s)::uuid, 2019, 'dropped', '', 0, now()
  FROM generate_series(10, 2009) s;
INSERT INTO grading SELECT md5('s' || s)::uuid, '{}' FROM generate_series(10, 2009) s;
ANALYZE";

#[tokio::test]
async fn a_diary_is_read_by_keys() {
    let Some(scratch) = Scratch::new().await else { return };
    if scratch.database.is_distributed("its plans are its shards'").await {
        return;
    }
    // So that the partitions are there.
    save(&scratch, &sample(1)).await;
    let mut connection = scratch.database.connection().await;
    connection.execute(FILL).await.unwrap();
    let week = ", '2024-09-16', '2024-09-22'";
    let debt = format!("{week}, '.'");
    // By a parent, and by the pupil.
    let parent = ", md5('p8')::uuid, ARRAY[md5('a8')::uuid]";
    let pupil = ", md5('p7')::uuid, '{}'";
    for (name, types, values, without, statement) in [
        ("context", "uuid, uuid, date, date, text", debt.as_str(), debt.as_str(), journal::CONTEXT),
        ("lessons", "uuid, uuid, date, date", week, week, journal::LESSONS),
        ("cover", "uuid, uuid, uuid, uuid[]", parent, pupil, people::COVER),
    ] {
        let prepare = format!("PREPARE {name} ({types}) AS {statement}");
        connection.execute(AssertSqlSafe(prepare)).await.unwrap();
        // As it is planned for these values, and for any.
        for mode in ["force_custom_plan", "force_generic_plan"] {
            let set = format!("SET plan_cache_mode = {mode}");
            connection.execute(AssertSqlSafe(set)).await.unwrap();
            let explain =
                format!("EXPLAIN EXECUTE {name} (md5('s12')::uuid, md5('a7')::uuid{values})");
            let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain))
                .persistent(false)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            let plan = plan.join("\n");
            assert!(!plan.contains("Seq Scan"), "{mode}:\n{plan}");
            assert!(plan.contains("_pkey"), "the plan is told in other words: {plan}");
        }
        // Nor is it planned each time: a plan for any values looks no dearer than one for these.
        let anew = format!(
            "DEALLOCATE {name}; SET plan_cache_mode = auto; PREPARE {name} ({types}) AS {statement}"
        );
        connection.execute(AssertSqlSafe(anew)).await.unwrap();
        for _ in 0..6 {
            for values in [values, without] {
                let execute = format!("EXECUTE {name} (md5('s12')::uuid, md5('a7')::uuid{values})");
                connection.execute(AssertSqlSafe(execute)).await.unwrap();
            }
        }
        let planned = "SELECT generic_plans FROM pg_prepared_statements WHERE name = $1";
        let generic: i64 =
            sqlx::query_scalar(planned).bind(name).fetch_one(&mut connection).await.unwrap();
        assert_eq!(generic, 7, "{name}");
    }
}
