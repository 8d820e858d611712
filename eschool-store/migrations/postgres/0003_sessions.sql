-- A session is found by its person and token: its text tells both.
DROP INDEX session_by_token;
