-- +goose Up
CREATE TABLE vault (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    vault_id TEXT NOT NULL
) STRICT;

CREATE TABLE key_slots (
    slot_id     TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('keyring', 'passphrase')),
    provider    TEXT NOT NULL,
    kdf         TEXT NOT NULL,
    wrapped_key BLOB NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- password and api_secret are sealed by the vault; times are milliseconds
-- since 1970 (UTC), ttl is in hours.
CREATE TABLE kite_accounts (
    account_id       TEXT PRIMARY KEY,
    account_name     TEXT NOT NULL,
    account_name_key TEXT NOT NULL UNIQUE,
    client_id        TEXT NOT NULL,
    phone_number     TEXT NOT NULL,
    password         BLOB,
    api_key          TEXT NOT NULL,
    api_secret       BLOB,
    account_type     TEXT NOT NULL CHECK (account_type IN ('live', 'sandbox')),
    callback_url     TEXT NOT NULL,
    postback_url     TEXT NOT NULL,
    login_url        TEXT NOT NULL,
    api_root         TEXT NOT NULL,
    ttl              REAL NOT NULL,
    allowed_hosts    TEXT NOT NULL,
    last_login_at    INTEGER,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    UNIQUE (api_key, client_id)
) STRICT;

-- The four tokens are sealed by the vault and erased when the session ends.
CREATE TABLE kite_sessions (
    session_id     TEXT PRIMARY KEY,
    account_id     TEXT NOT NULL REFERENCES kite_accounts (account_id) ON DELETE CASCADE,
    access_token   BLOB,
    request_token  BLOB,
    public_token   BLOB,
    refresh_token  BLOB,
    user_id        TEXT NOT NULL,
    user_name      TEXT NOT NULL,
    user_shortname TEXT NOT NULL,
    email          TEXT NOT NULL,
    user_type      TEXT NOT NULL,
    broker         TEXT NOT NULL,
    login_time     INTEGER NOT NULL,
    ttl            REAL NOT NULL,
    expires_at     INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    verified_at    INTEGER,
    status         TEXT NOT NULL CHECK (status IN ('active', 'expired')),
    ended_reason   TEXT NOT NULL,
    ended_at       INTEGER
) STRICT;

CREATE UNIQUE INDEX one_active_session ON kite_sessions (account_id) WHERE status = 'active';
CREATE INDEX sessions_of_account ON kite_sessions (account_id, created_at);
