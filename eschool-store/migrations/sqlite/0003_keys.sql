-- Logins begin with the school's prefix and are unique in the installation.
CREATE UNIQUE INDEX school_by_login_prefix ON school (login_prefix);
