package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Restoration collects what a restored backup changes and does all of it in
// one transaction, or nothing. It is for one restore and one goroutine.
type Restoration struct {
	accounts *AccountStore
	sessions *SessionStore
	removes  []string
	steps    []restoreStep // in the order in which they can be done
	renamed  []string      // accounts that get their new name only later
}

type restoreStep func(ctx context.Context, tx *sql.Tx, at time.Time) error

// Restoration begins a restore that seals secrets with this database's own
// sealer.
func (db *DB) Restoration(sealer kite.Sealer) *Restoration {
	return &Restoration{accounts: db.Accounts(sealer), sessions: db.Sessions(sealer)}
}

// Remove takes an account with its sessions; one that isn't there any more is
// no error.
func (r *Restoration) Remove(accountID string) { r.removes = append(r.removes, accountID) }

// Create takes an account with its ID and all its times.
func (r *Restoration) Create(a kite.Account, secrets kite.Secrets) {
	r.steps = append(r.steps, func(ctx context.Context, tx *sql.Tx, _ time.Time) error {
		if err := refuseClash(ctx, tx, a); err != nil {
			return err
		}
		if err := insertAccount(ctx, tx, a); err != nil {
			return err
		}
		return r.accounts.applySecrets(ctx, tx, a.ID, kite.SecretChanges{
			Password: kite.SecretChange{Set: secrets.Password}, APISecret: kite.SecretChange{Set: secrets.APISecret},
		})
	})
}

// Update takes the new fields of an account. Names and slugs may go round among
// the updated ones: none holds its old one by then.
func (r *Restoration) Update(a kite.Account, secrets kite.SecretChanges) {
	r.renamed = append(r.renamed, a.ID)
	r.steps = append(r.steps, func(ctx context.Context, tx *sql.Tx, at time.Time) error {
		if err := refuseOthersSession(ctx, tx, a, at); err != nil {
			return err
		}
		if err := refuseClash(ctx, tx, a); err != nil {
			return err
		}
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		return r.accounts.applySecrets(ctx, tx, a.ID, secrets)
	})
}

// LogIn takes a living session. It is left out if the account has had it, or a
// login as late as that one: Kite ended its token then.
func (r *Restoration) LogIn(s kite.Session, tokens kite.Tokens) {
	r.steps = append(r.steps, func(ctx context.Context, tx *sql.Tx, at time.Time) error {
		var outdated bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM kite_sessions WHERE session_id = ? OR account_id = ? AND login_time >= ?)",
			s.ID, s.AccountID, s.LoginTime.UnixMilli()).Scan(&outdated)
		if err != nil || outdated {
			return err
		}
		return r.sessions.restore(ctx, tx, s, tokens, at)
	})
}

// Prefer takes the preferences.
func (r *Restoration) Prefer(p kite.Preferences) {
	r.steps = append(r.steps, func(ctx context.Context, tx *sql.Tx, _ time.Time) error {
		if err := p.Check(); err != nil {
			return err
		}
		text, err := json.Marshal(p.Normal())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
			kite.PreferencesKey, string(text))
		return err
	})
}

// Commit does it all, as at that time. ECONFLICT if the accounts aren't those
// any more that the restore was made for, or if one that is removed or becomes
// another client's or app's has a living session; ENOTFOUND if an updated one is
// gone; ELOCKED.
func (r *Restoration) Commit(ctx context.Context, at time.Time) error {
	return r.accounts.db.inTransaction(ctx, "restore backup", func(tx *sql.Tx) error {
		for _, id := range r.removes {
			if err := remove(ctx, tx, id, at); err != nil {
				return err
			}
		}
		for _, id := range r.renamed {
			// No name has a NUL, and of empty slugs there may be many.
			if _, err := tx.ExecContext(ctx, "UPDATE kite_accounts SET account_name_key = char(0) || account_id, slug = '' WHERE account_id = ?", id); err != nil {
				return err
			}
		}
		for _, step := range r.steps {
			if err := step(ctx, tx, at); violates(err) {
				return kite.Errorf(kite.ECONFLICT, "The accounts have changed since the restore was shown, so nothing was restored.").
					WithHint("Look at it once more.").Because(err)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
}

func remove(ctx context.Context, tx *sql.Tx, id string, at time.Time) error {
	if err := refuseLiving(ctx, tx, id, at); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM kite_accounts WHERE account_id = ?", id)
	return err
}

// refuseLiving keeps a token from living on at Kite that nothing here knows.
func refuseLiving(ctx context.Context, tx *sql.Tx, id string, at time.Time) error {
	var name string
	err := tx.QueryRowContext(ctx, `SELECT account_name FROM kite_accounts JOIN kite_sessions USING (account_id)
		WHERE account_id = ? AND status = 'active' AND expires_at > ?`, id, at.UnixMilli()).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return kite.Errorf(kite.ECONFLICT, "%s has an active session, so nothing was restored.", name).WithHint("Log it out and restore again.")
}

// refuseOthersSession is for an account whose session would be another
// client's or app's afterwards.
func refuseOthersSession(ctx context.Context, tx *sql.Tx, a kite.Account, at time.Time) error {
	var another bool
	err := tx.QueryRowContext(ctx, `SELECT client_id <> ? OR api_key <> ? OR account_type <> ? OR login_url <> ? OR api_root <> ?
		FROM kite_accounts WHERE account_id = ?`, a.ClientID, a.APIKey, string(a.Type), a.Endpoints.LoginURL, a.Endpoints.APIRoot, a.ID).Scan(&another)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return noAccount()
	case err != nil || !another:
		return err
	}
	return refuseLiving(ctx, tx, a.ID, at)
}

// restore stores a session that began elsewhere or earlier as the account's
// newest, and closes the one before.
func (s *SessionStore) restore(ctx context.Context, tx *sql.Tx, n kite.Session, tokens kite.Tokens, at time.Time) error {
	sealed, err := s.sealAll(n.ID, tokens)
	if err != nil {
		return fmt.Errorf("seal tokens: %w", err)
	}
	if _, err := supersede(ctx, tx, n, sealed); err != nil {
		return err
	}
	return record(ctx, tx, kite.HistoryEntry{
		At: at, AccountID: n.AccountID, Kind: kite.HistoryLogin, OK: true,
		Detail: n.UserID + "'s session was restored from a backup, until " + istMoment(n.ExpiresAt) + ".",
	})
}
