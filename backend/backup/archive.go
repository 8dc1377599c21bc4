// Package backup writes accounts into one file that a passphrase opens, reads
// such a file, however hostile, and plans what restoring it would do.
//
// The file is age's (https://age-encryption.org/v1) with one passphrase as the
// only recipient, which also proves that whoever wrote it knew the passphrase.
// Its payload is JSON; payload.go has its shape.
//
// A restore is three steps, so that it can be shown before it is done: Read
// the file, PlanOf what it would change, Apply the plan in one transaction.
package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Archive is what one backup holds.
type Archive struct {
	Created     time.Time // UTC
	Accounts    []Entry
	Preferences *kite.Preferences // nil if the file has none
}

// Entry is one account with its secrets. Session and Tokens are there only if
// the backup was made with living sessions and the account had one.
type Entry struct {
	Account kite.Account
	Secrets kite.Secrets
	Session *kite.Session
	Tokens  kite.Tokens
}

// Without is the archive less some accounts: those that the user, having seen
// the preview, leaves as they are in a merge. A replacement removes them.
func (a Archive) Without(accountIDs ...string) Archive {
	a.Accounts = slices.DeleteFunc(slices.Clone(a.Accounts), func(e Entry) bool {
		return slices.Contains(accountIDs, e.Account.ID)
	})
	return a
}

// Collect reads everything a backup holds; sessions that live at now, with
// their tokens, only if withSessions is set. ELOCKED while the vault isn't
// open, EDATA if a secret or the preferences can't be read.
func Collect(
	ctx context.Context, accounts kite.AccountStore, sessions kite.SessionStore, settings kite.Settings, withSessions bool, now time.Time,
) (Archive, error) {
	archive := Archive{Created: now.UTC()}
	all, err := accounts.Accounts(ctx)
	if err != nil {
		return Archive{}, fmt.Errorf("collect backup: %w", err)
	}
	for _, a := range all {
		entry := Entry{Account: a}
		if entry.Secrets, err = accounts.Secrets(ctx, a.ID); kite.ErrorCode(err) == kite.ENOTFOUND {
			continue // deleted in the meantime
		} else if err != nil {
			return Archive{}, fmt.Errorf("collect %s: %w", a.Name, err)
		}
		if withSessions {
			if err := entry.addSession(ctx, sessions, now); err != nil {
				return Archive{}, fmt.Errorf("collect %s: %w", a.Name, err)
			}
		}
		archive.Accounts = append(archive.Accounts, entry)
	}
	preferences, err := kite.LoadPreferences(ctx, settings)
	if err != nil {
		return Archive{}, fmt.Errorf("collect backup: %w", err)
	}
	archive.Preferences = &preferences
	return archive, nil
}

func (e *Entry) addSession(ctx context.Context, sessions kite.SessionStore, now time.Time) error {
	latest, err := sessions.LatestSession(ctx, e.Account.ID)
	if err != nil || latest == nil || !latest.LiveAt(now) {
		return err
	}
	tokens, err := sessions.Tokens(ctx, latest.ID)
	switch {
	case kite.ErrorCode(err) == kite.ENOTFOUND: // it ended in the meantime
		return nil
	case err != nil:
		return err
	}
	e.Session, e.Tokens = latest, tokens
	return nil
}

// Existing is an account as it is before a restore.
type Existing struct {
	Account kite.Account
	// Secrets is nil if they can't be read: the backup's then replace them.
	Secrets *kite.Secrets
}

// Current reads the accounts that a restore would meet. A damaged secret
// doesn't stop it, since a restore is the way to repair one; ELOCKED does.
func Current(ctx context.Context, accounts kite.AccountStore) ([]Existing, error) {
	all, err := accounts.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	existing := make([]Existing, 0, len(all))
	for _, a := range all {
		secrets, err := accounts.Secrets(ctx, a.ID)
		switch code := kite.ErrorCode(err); {
		case code == kite.ENOTFOUND:
			continue
		case code == kite.EDATA:
			existing = append(existing, Existing{Account: a})
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", a.Name, err)
		default:
			existing = append(existing, Existing{Account: a, Secrets: &secrets})
		}
	}
	return existing, nil
}

// errText is a cause for the log in words of ours: those of age and of
// encoding/json may quote the file.
func errText(text string) error { return errors.New(text) }
