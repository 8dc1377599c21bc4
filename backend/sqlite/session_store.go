package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// SessionStore implements kite.SessionStore.
type SessionStore struct {
	db     *DB
	sealer kite.Sealer
}

var _ kite.SessionStore = (*SessionStore)(nil)

// Sessions returns the store of sessions, which seals tokens with sealer.
func (db *DB) Sessions(sealer kite.Sealer) *SessionStore { return &SessionStore{db, sealer} }

const sessionsTable = "kite_sessions"

const selectSession = `SELECT session_id, account_id, user_id, user_name, user_shortname, email, user_type, broker,
	login_time, ttl, expires_at, created_at, verified_at, status, ended_reason, ended_at FROM kite_sessions `

// An account's newest session is the one inserted last: by time, a clock that
// was set back would hide the active session behind an older one.
const (
	newestOfAll = "WHERE rowid IN (SELECT max(rowid) FROM kite_sessions GROUP BY account_id)"
	newestOfOne = "WHERE rowid = (SELECT max(rowid) FROM kite_sessions WHERE account_id = ?)"
)

// eraseTokens is the SET clause that leaves nothing of a session's tokens.
const eraseTokens = "access_token = NULL, request_token = NULL, public_token = NULL, refresh_token = NULL"

// LatestSessions returns every account's newest session by account ID.
func (s *SessionStore) LatestSessions(ctx context.Context) (map[string]kite.Session, error) {
	rows, err := s.db.QueryContext(ctx, selectSession+newestOfAll)
	if err != nil {
		return nil, failed("list sessions", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	latest := map[string]kite.Session{}
	for rows.Next() {
		session, err := scanSession(rows)
		if err != nil {
			return nil, failed("list sessions", err)
		}
		latest[session.AccountID] = session
	}
	return latest, failed("list sessions", rows.Err())
}

// LatestSession returns the account's newest session, nil if it never had one.
func (s *SessionStore) LatestSession(ctx context.Context, accountID string) (*kite.Session, error) {
	session, err := scanSession(s.db.QueryRowContext(ctx, selectSession+newestOfOne, accountID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // documented: never had one
	}
	if err != nil {
		return nil, failed("read session", err)
	}
	return &session, nil
}

func scanSession(row interface{ Scan(...any) error }) (kite.Session, error) {
	var s kite.Session
	var hours float64
	var login, expires, created, verified, ended sql.NullInt64
	err := row.Scan(&s.ID, &s.AccountID, &s.UserID, &s.UserName, &s.UserShortname, &s.Email, &s.UserType, &s.Broker,
		&login, &hours, &expires, &created, &verified, &s.Status, &s.EndedReason, &ended)
	s.TTL = fromHours(hours)
	s.LoginTime, s.ExpiresAt, s.CreatedAt = timeOf(login), timeOf(expires), timeOf(created)
	s.VerifiedAt, s.EndedAt = timeOf(verified), timeOf(ended)
	return s, err
}

// SaveSession stores a new active session, closes the previous one and records
// both.
func (s *SessionStore) SaveSession(ctx context.Context, n kite.Session, tokens kite.Tokens) error {
	sealed, err := s.sealAll(n.ID, tokens)
	if err != nil {
		return wrap("seal tokens", err)
	}
	return s.db.inTransaction(ctx, "save session", func(tx *sql.Tx) error {
		kind, err := supersede(ctx, tx, n, sealed)
		if err != nil {
			return err
		}
		return recordLogin(ctx, tx, n, kind)
	})
}

// supersede makes n the account's newest session, closes the one before and
// erases its tokens. It returns what the history calls that.
func supersede(ctx context.Context, tx *sql.Tx, n kite.Session, sealed [4][]byte) (kite.HistoryKind, error) {
	kind, err := closePrevious(ctx, tx, n)
	if err != nil {
		return kind, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE kite_sessions SET "+eraseTokens+" WHERE account_id = ?", n.AccountID); err != nil {
		return kind, err
	}
	result, err := tx.ExecContext(ctx, "UPDATE kite_accounts SET last_login_at = ? WHERE account_id = ?", n.LoginTime.UnixMilli(), n.AccountID)
	if err := mustTouchOne(result, err, noAccount); err != nil {
		return kind, err
	}
	return kind, insertSession(ctx, tx, n, sealed)
}

func insertSession(ctx context.Context, tx *sql.Tx, n kite.Session, sealed [4][]byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO kite_sessions (session_id, account_id, access_token, request_token, public_token, refresh_token,
		user_id, user_name, user_shortname, email, user_type, broker, login_time, ttl, expires_at, created_at, verified_at, status, ended_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', '')`,
		n.ID, n.AccountID, sealed[0], sealed[1], sealed[2], sealed[3],
		n.UserID, n.UserName, n.UserShortname, n.Email, n.UserType, n.Broker,
		n.LoginTime.UnixMilli(), n.TTL.Hours(), n.ExpiresAt.UnixMilli(), n.CreatedAt.UnixMilli(), millis(n.VerifiedAt))
	return err
}

// tokenColumns are in the order of sealAll's and Tokens' arrays.
var tokenColumns = [4]string{"access_token", "request_token", "public_token", "refresh_token"}

func (s *SessionStore) sealAll(sessionID string, t kite.Tokens) (sealed [4][]byte, err error) {
	for i, token := range [4]kite.Secret{t.Access, t.Request, t.Public, t.Refresh} {
		if token.Empty() {
			continue
		}
		if sealed[i], err = s.sealer.Seal(kite.Place{Table: sessionsTable, Column: tokenColumns[i], Row: sessionID}, token); err != nil {
			return sealed, err
		}
	}
	return sealed, nil
}

// EndSession closes an active session and records it.
func (s *SessionStore) EndSession(ctx context.Context, sessionID string, reason kite.EndedReason, at time.Time) error {
	return s.db.inTransaction(ctx, "end session", func(tx *sql.Tx) error {
		return endSession(ctx, tx, sessionID, reason, at)
	})
}

// MarkVerified records that Kite answered for the session.
func (s *SessionStore) MarkVerified(ctx context.Context, sessionID string, at time.Time) error {
	_, err := s.db.ExecContext(ctx, "UPDATE kite_sessions SET verified_at = ? WHERE session_id = ?", at.UnixMilli(), sessionID)
	return failed("mark session verified", err)
}

// EraseEndedTokens erases the tokens of sessions that expired before that
// time. It takes the write lock only if there are any.
func (s *SessionStore) EraseEndedTokens(ctx context.Context, expiredBefore time.Time) error {
	const which = " WHERE status = 'expired' AND access_token IS NOT NULL AND expires_at < ?"
	var found bool
	err := s.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM kite_sessions"+which+")", expiredBefore.UnixMilli()).Scan(&found)
	if err != nil || !found {
		return failed("erase tokens", err)
	}
	_, err = s.db.ExecContext(ctx, "UPDATE kite_sessions SET "+eraseTokens+which, expiredBefore.UnixMilli())
	return failed("erase tokens", err)
}

// Tokens unseals the session's tokens.
func (s *SessionStore) Tokens(ctx context.Context, sessionID string) (kite.Tokens, error) {
	var sealed [4][]byte
	err := s.db.QueryRowContext(ctx, "SELECT access_token, request_token, public_token, refresh_token FROM kite_sessions WHERE session_id = ?", sessionID).
		Scan(&sealed[0], &sealed[1], &sealed[2], &sealed[3])
	if errors.Is(err, sql.ErrNoRows) || (err == nil && sealed[0] == nil) {
		return kite.Tokens{}, kite.Errorf(kite.ENOTFOUND, "This session's token is no longer kept.").WithHint("Log in from the card.")
	}
	if err != nil {
		return kite.Tokens{}, failed("read tokens", err)
	}
	var open [4]kite.Secret
	for i := range sealed {
		if open[i], err = unseal(s.sealer, sessionsTable, tokenColumns[i], sessionID, sealed[i]); err != nil {
			return kite.Tokens{}, wrap("read "+tokenColumns[i], err)
		}
	}
	return kite.Tokens{Access: open[0], Request: open[1], Public: open[2], Refresh: open[3]}, nil
}
