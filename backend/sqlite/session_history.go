package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Sessions returns the account's sessions that ended after since or live,
// oldest first.
func (s *SessionStore) Sessions(ctx context.Context, accountID string, since time.Time) ([]kite.Session, error) {
	rows, err := s.db.QueryContext(ctx, selectSession+"WHERE account_id = ? AND (status = 'active' OR ended_at > ?) ORDER BY rowid",
		accountID, since.UnixMilli())
	if err != nil {
		return nil, failed("list an account's sessions", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var sessions []kite.Session
	for rows.Next() {
		session, err := scanSession(rows)
		if err != nil {
			return nil, failed("list an account's sessions", err)
		}
		sessions = append(sessions, session)
	}
	return sessions, failed("list an account's sessions", rows.Err())
}

// closePrevious ends what the account has when a new session comes, and says
// what the new one is. One that had reached its end before anybody looked
// ended then: it expired, and wasn't replaced.
func closePrevious(ctx context.Context, tx *sql.Tx, n kite.Session) (kite.HistoryKind, error) {
	var id string
	var expires int64
	err := tx.QueryRowContext(ctx, "SELECT session_id, expires_at FROM kite_sessions WHERE account_id = ? AND status = 'active'", n.AccountID).
		Scan(&id, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return kite.HistoryLogin, nil
	case err != nil:
		return "", err
	case expires <= n.CreatedAt.UnixMilli():
		return kite.HistoryLogin, endSession(ctx, tx, id, kite.EndedExpired, time.UnixMilli(expires))
	}
	return kite.HistoryRefresh, endSession(ctx, tx, id, kite.EndedReplaced, n.CreatedAt)
}

// endSession closes a session and records it, both only if it is active: of
// two programs that end the same one, the second finds nothing to do.
func endSession(ctx context.Context, tx *sql.Tx, sessionID string, reason kite.EndedReason, at time.Time) error {
	erase := ", " + eraseTokens
	if reason == kite.EndedExpired {
		erase = ""
	}
	var accountID string
	var expires sql.NullInt64
	err := tx.QueryRowContext(ctx, "UPDATE kite_sessions SET status = 'expired', ended_reason = ?, ended_at = ?"+erase+
		" WHERE session_id = ? AND status = 'active' RETURNING account_id, expires_at", string(reason), at.UnixMilli(), sessionID).
		Scan(&accountID, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	entry := kite.HistoryEntry{At: at, AccountID: accountID, OK: true}
	switch reason {
	case kite.EndedExpired:
		entry.Kind, entry.Detail = kite.HistoryExpired, "The session reached its end, "+istMoment(timeOf(expires))+"."
	case kite.EndedElsewhere:
		entry.Kind, entry.Detail = kite.HistoryElsewhere, "Kite no longer accepts the token."
	case kite.EndedLoggedOut:
		entry.Kind, entry.Detail = kite.HistoryLoggedOut, "The session was ended here."
	default: // replaced: the new session's entry tells it
		return nil
	}
	return record(ctx, tx, entry)
}

// recordLogin tells of a new session.
func recordLogin(ctx context.Context, tx *sql.Tx, n kite.Session, kind kite.HistoryKind) error {
	return record(ctx, tx, kite.HistoryEntry{
		At: n.CreatedAt, AccountID: n.AccountID, Kind: kind, OK: true,
		Detail: n.UserID + " logged in, until " + istMoment(n.ExpiresAt) + ".",
	})
}

// istMoment is such as "06:00 IST on 26 Nov".
func istMoment(t time.Time) string { return t.In(kite.IST).Format("15:04 IST on 2 Jan") }
