-- +goose Up
-- The history outlives the account: no foreign key, and the account's name and
-- client ID of that time. Times are milliseconds since 1970 (UTC).
CREATE TABLE history (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    account_id   TEXT NOT NULL,
    account_name TEXT NOT NULL,
    client_id    TEXT NOT NULL,
    kind         TEXT NOT NULL,
    ok           INTEGER NOT NULL CHECK (ok IN (0, 1)),
    detail       TEXT NOT NULL
) STRICT;

CREATE INDEX history_of_account ON history (account_id, id);
CREATE INDEX history_by_time ON history (at);

-- again is when the user wants to be told once more.
CREATE TABLE said (
    key   TEXT PRIMARY KEY,
    at    INTEGER NOT NULL,
    again INTEGER
) STRICT;

-- accounts and said_keys are JSON lists of strings.
CREATE TABLE shown_notices (
    key       TEXT PRIMARY KEY,
    kind      TEXT NOT NULL,
    accounts  TEXT NOT NULL,
    said_keys TEXT NOT NULL,
    handle    TEXT NOT NULL,
    shown_at  INTEGER NOT NULL
) STRICT;
