-- +goose Up
-- slug is the short name that programs use; slug_of is a function of the
-- program. Of two accounts whose names give the same one, the later gets its ID
-- appended, as does one whose slug another is called by: programs say either.
ALTER TABLE kite_accounts ADD COLUMN slug TEXT NOT NULL DEFAULT '';
ALTER TABLE kite_accounts ADD COLUMN login_way TEXT NOT NULL DEFAULT 'window';

UPDATE kite_accounts SET slug = slug_of(account_name, client_id);
UPDATE kite_accounts SET slug = rtrim(substr(slug, 1, 31), '-') || '-' || lower(substr(replace(account_id, '-', ''), 1, 8))
WHERE EXISTS (SELECT 1 FROM kite_accounts AS other WHERE other.account_name_key = kite_accounts.slug AND other.rowid <> kite_accounts.rowid);
UPDATE kite_accounts SET slug = rtrim(substr(slug, 1, 31), '-') || '-' || lower(substr(replace(account_id, '-', ''), 1, 8))
WHERE EXISTS (SELECT 1 FROM kite_accounts AS other WHERE other.slug = kite_accounts.slug AND other.rowid < kite_accounts.rowid);

CREATE UNIQUE INDEX one_slug ON kite_accounts (slug) WHERE slug <> '';

-- Programs that may use the local API. token_hash is the SHA-256 of a random
-- token of 256 bits; account_ids is a JSON list.
CREATE TABLE api_clients (
    client_id    TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    token_hash   BLOB NOT NULL UNIQUE,
    account_ids  TEXT NOT NULL,
    all_accounts INTEGER NOT NULL CHECK (all_accounts IN (0, 1)),
    may_trade    INTEGER NOT NULL CHECK (may_trade IN (0, 1)),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

-- changes counts what changes accounts, sessions and programs, and nothing
-- else: who keeps such things in memory compares it. When a program was last
-- there is written often and changes nothing.
CREATE TABLE changes (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;

INSERT INTO changes (one, number) VALUES (1, 1);

-- +goose StatementBegin
CREATE TRIGGER account_added AFTER INSERT ON kite_accounts BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_changed AFTER UPDATE ON kite_accounts BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_removed AFTER DELETE ON kite_accounts BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER session_added AFTER INSERT ON kite_sessions BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER session_changed AFTER UPDATE ON kite_sessions BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER session_removed AFTER DELETE ON kite_sessions BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER client_added AFTER INSERT ON api_clients BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER client_changed AFTER UPDATE OF name, token_hash, account_ids, all_accounts, may_trade ON api_clients BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER client_removed AFTER DELETE ON api_clients BEGIN UPDATE changes SET number = number + 1; END;
-- +goose StatementEnd
