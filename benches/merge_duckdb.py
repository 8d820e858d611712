"""DuckDB's side of the merge bench: loads two regions' people, then answers orders on stdin.

Started by the program `merge` of this package with the paths of two CSV files. The tables lie in
memory and one thread works, as on the other side. Every order is answered with one line of JSON:

  join             times the bare join on СНИЛС: how many are in both regions
  plan             times the join that gives the plan: who moves where, and who is to be looked at
  tuned            the same, written by somebody who knows that the join should carry row numbers
                   alone and fetch the rest for the few rows it found
  write MOVES CONFLICTS
                   writes what the last `plan` or `tuned` found, to be compared line by line
"""

import json
import sys
import time

import duckdb

COLUMNS = {
    "account": "UUID",
    "school": "UUID",
    "person": "UUID",
    "snils": "BIGINT",
    "family": "VARCHAR",
    "given": "VARCHAR",
    "patronymic": "VARCHAR",
    "birth_date": "DATE",
}

JOIN = "SELECT count(*) FROM one JOIN other ON one.snils = other.snils"

# What one pair of accounts says: the columns of both, and whether name and birth date both differ.
PAIR = """
    one.account AS left_account, one.school AS left_school, one.person AS left_person,
    other.account AS right_account, other.school AS right_school, other.person AS right_person,
    one.birth_date <> other.birth_date
        AND (one.family <> other.family OR one.given <> other.given
             OR one.patronymic <> other.patronymic) AS unlike
"""

PAIRS = f"""
    CREATE TEMP TABLE pairs AS
    SELECT {PAIR} FROM one JOIN other ON one.snils = other.snils
    WHERE one.person <> other.person
"""

PAIRS_TUNED = [
    """
    CREATE TEMP TABLE found AS
    SELECT one.rowid AS left_row, other.rowid AS right_row
    FROM one JOIN other ON one.snils = other.snils
    """,
    f"""
    CREATE TEMP TABLE pairs AS
    SELECT {PAIR}
    FROM found JOIN one ON one.rowid = left_row JOIN other ON other.rowid = right_row
    WHERE one.person <> other.person
    """,
]

# Both answers come from one pass over the tables, and neither is put in order, though the plan is:
# this is the least a database has to do.
ANSWERS = [
    """
    CREATE TEMP TABLE moves AS
    SELECT CASE WHEN left_person > right_person THEN left_account ELSE right_account END AS account,
           CASE WHEN left_person > right_person THEN left_school ELSE right_school END AS school,
           greatest(left_person, right_person) AS "from",
           least(left_person, right_person) AS "into"
    FROM pairs WHERE NOT unlike
    """,
    """
    CREATE TEMP TABLE conflicts AS
    SELECT left_account, left_person, right_account, right_person FROM pairs WHERE unlike
    """,
]

TIMED = {
    "join": [JOIN],
    "plan": [PAIRS, *ANSWERS],
    "tuned": [*PAIRS_TUNED, *ANSWERS],
}

# What is compared is in the plan's order: by the person, then by the account.
MOVES = 'SELECT account, school, "from", "into" FROM moves ORDER BY "into", account'
CONFLICTS = """
    SELECT CASE WHEN left_person < right_person THEN left_account ELSE right_account END AS first,
           CASE WHEN left_person < right_person THEN right_account ELSE left_account END AS second
    FROM conflicts ORDER BY least(left_person, right_person)
"""


def answer(**said):
    print(json.dumps(said), flush=True)


def timed(db, statements):
    # What the order before left is taken down outside the time, as it is on the other side.
    for table in ("found", "pairs", "moves", "conflicts"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    # With one thread DuckDB works in this one, and the waiting for a processor is not its work.
    begun = time.thread_time_ns()
    for statement in statements:
        db.execute(statement).fetchall()
    return time.thread_time_ns() - begun


def export(db, select, path):
    db.execute(f"COPY ({select}) TO '{path}' (HEADER false, DELIMITER ',')")


def main():
    db = duckdb.connect(":memory:")
    db.execute("SET threads = 1")
    for table, path in zip(("one", "other"), sys.argv[1:3], strict=True):
        db.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_csv(?, header = true, columns = {COLUMNS})",
            [path],
        )
    answer(version=duckdb.__version__)
    for line in sys.stdin:
        order, *paths = line.split()
        if order in TIMED:
            answer(ns=timed(db, TIMED[order]))
        elif order == "write":
            for select, path in zip((MOVES, CONFLICTS), paths, strict=True):
                export(db, select, path)
            answer()


if __name__ == "__main__":
    main()
