package backup_test

import (
	"context"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// recorder is a target that only notes what it is asked.
type recorder struct {
	accounts    map[string]kite.Account
	preferences *kite.Preferences
	logins      int
	loggedIn    kite.Session // the last one
}

var _ backup.Target = (*recorder)(nil)

func (r *recorder) Remove(string) {}

func (r *recorder) put(a kite.Account) {
	if r.accounts == nil {
		r.accounts = map[string]kite.Account{}
	}
	r.accounts[a.ID] = a
}

func (r *recorder) Create(a kite.Account, _ kite.Secrets)       { r.put(a) }
func (r *recorder) Update(a kite.Account, _ kite.SecretChanges) { r.put(a) }
func (r *recorder) LogIn(s kite.Session, _ kite.Tokens)         { r.logins++; r.loggedIn = s }
func (r *recorder) Prefer(p kite.Preferences)                   { r.preferences = &p }
func (r *recorder) Commit(context.Context, time.Time) error     { return nil }

func normal(name string) string { return norm.NFC.String(name) }
