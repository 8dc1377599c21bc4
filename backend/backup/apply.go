package backup

import (
	"context"
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Target takes the changes of one restore and does them all at once or not at
// all. Until Commit nothing happens; a Target is for one restore.
type Target interface {
	// Remove takes an account with its sessions; one that isn't there any more
	// is no error.
	Remove(accountID string)
	// Create takes a new account with its ID and times.
	Create(a kite.Account, secrets kite.Secrets)
	// Update takes the new fields of an account there is. Names may go round
	// among the updated accounts.
	Update(a kite.Account, secrets kite.SecretChanges)
	// LogIn takes a living session. It is left out if the account had a login
	// as late as that one, whatever became of it since.
	LogIn(s kite.Session, tokens kite.Tokens)
	// Prefer takes the preferences.
	Prefer(p kite.Preferences)
	// Commit does it all in one transaction, as at that time. ECONFLICT if the
	// accounts are no longer those that the restore was planned for, or if one
	// that is removed or becomes another client's or app's has a living session;
	// ENOTFOUND if an updated one is gone; ELOCKED.
	Commit(ctx context.Context, at time.Time) error
}

// Apply does what the plan says; errors as of Target's Commit. Sessions that
// have ended by now aren't restored, nor any that claims to live for longer
// than a day.
func Apply(ctx context.Context, p Plan, target Target, now time.Time) error {
	for _, id := range p.changes.remove {
		target.Remove(id)
	}
	for _, u := range p.changes.update {
		u.account.UpdatedAt = now
		target.Update(u.account, u.secrets)
	}
	for _, c := range p.changes.create {
		target.Create(c.account, c.secrets)
	}
	for _, l := range p.changes.logins {
		if l.session.LiveAt(now) && l.session.ExpiresAt.Sub(now) <= kite.DefaultTTL {
			target.LogIn(l.session, l.tokens)
		}
	}
	if p.changes.preferences != nil {
		target.Prefer(*p.changes.preferences)
	}
	if err := target.Commit(ctx, now); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}
