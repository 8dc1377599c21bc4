package backup_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// vault seals with a data key of its own, as the open vault does.
type vault struct{ sealer *envelope.Sealer }

func newVault(t *testing.T) vault {
	t.Helper()
	sealer, err := envelope.NewSealer(envelope.NewKey(), uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	return vault{sealer}
}

func (v vault) Seal(p kite.Place, s kite.Secret) ([]byte, error) {
	return v.sealer.Seal(p.Table, p.Column, p.Row, s.Bytes()), nil
}

func (v vault) Open(p kite.Place, box []byte) (kite.Secret, error) {
	value, err := v.sealer.Open(p.Table, p.Column, p.Row, box)
	if err != nil {
		return kite.Secret{}, kite.Errorf(kite.EDATA, "A stored secret is damaged.").Because(err)
	}
	return kite.SecretBytes(value), nil
}

// computer is one installation: a database and the vault that seals it.
type computer struct {
	db    *sqlite.DB
	vault kite.Sealer
}

func newComputer(t *testing.T) computer {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return computer{db, newVault(t)}
}

func (c computer) collect(t *testing.T, withSessions bool) backup.Archive {
	t.Helper()
	a, err := backup.Collect(t.Context(), c.db.Accounts(c.vault), c.db.Sessions(c.vault), c.db.Settings(), withSessions, kitetest.Morning)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (c computer) plan(t *testing.T, a backup.Archive, mode backup.Mode) backup.Plan {
	t.Helper()
	current, err := backup.Current(t.Context(), c.db.Accounts(c.vault))
	if err != nil {
		t.Fatal(err)
	}
	return mustPlan(t, current, a, mode)
}

func (c computer) restore(t *testing.T, a backup.Archive, mode backup.Mode) backup.Plan {
	t.Helper()
	p := c.plan(t, a, mode)
	if err := backup.Apply(t.Context(), p, c.db.Restoration(c.vault), kitetest.Morning); err != nil {
		t.Fatal(err)
	}
	return p
}

// source is a computer with two accounts, of which one is logged in, and
// preferences.
func source(t *testing.T) computer {
	t.Helper()
	c, a := newComputer(t), full()
	for _, e := range a.Accounts {
		if err := c.db.Accounts(c.vault).CreateAccount(t.Context(), e.Account, kite.SecretChanges{
			Password: kite.SecretChange{Set: e.Secrets.Password}, APISecret: kite.SecretChange{Set: e.Secrets.APISecret},
		}); err != nil {
			t.Fatal(err)
		}
		if e.Session != nil {
			if err := c.db.Sessions(c.vault).SaveSession(t.Context(), *e.Session, e.Tokens); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := kite.SavePreferences(t.Context(), c.db.Settings(), *a.Preferences); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRestore_brings_everything_to_another_computer(t *testing.T) {
	from, to := source(t), newComputer(t)
	file := written(t, from.collect(t, true))
	archive, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	p := to.restore(t, archive, backup.Replace)
	if p.Counts != (backup.Counts{Add: 2}) {
		t.Errorf("%+v", p.Counts)
	}
	if err := same(to.collect(t, true), from.collect(t, true)); err != nil {
		t.Error(err)
	}
	history, err := to.db.History().History(t.Context(), kite.HistoryFilter{})
	if err != nil || len(history) != 1 || !strings.Contains(history[0].Detail, "restored from a backup") || history[0].AccountID != id("two") {
		t.Errorf("history: %+v, %v", history, err)
	}
	again := to.restore(t, archive, backup.Replace)
	if again.Counts != (backup.Counts{Same: 2}) {
		t.Errorf("again: %+v", again.Counts)
	}
	if err := same(to.collect(t, true), from.collect(t, true)); err != nil {
		t.Error(err)
	}
}

func TestCollect_leaves_tokens_out_unless_asked(t *testing.T) {
	from := source(t)
	payload, err := backup.Encode(from.collect(t, false))
	if err != nil {
		t.Fatal(err)
	}
	kitetest.NoSecretIn(t, "the payload", string(payload), "accesstwo", "requesttwo", "publictwo")
	if !strings.Contains(string(payload), "apisecrettwo") || strings.Contains(string(payload), "session\":") {
		t.Error("want API secrets and no session")
	}
	late, err := backup.Collect(t.Context(), from.db.Accounts(from.vault), from.db.Sessions(from.vault), from.db.Settings(), true,
		kitetest.Morning.Add(48*time.Hour))
	if err != nil || late.Accounts[1].Session != nil || !late.Accounts[1].Tokens.Access.Empty() {
		t.Errorf("an ended session: %+v, %v", late.Accounts[1].Session, err)
	}
}

func TestCollect_and_restore_need_the_open_vault(t *testing.T) {
	from, locked := source(t), &kitetest.Sealer{Locked: true}
	_, err := backup.Collect(t.Context(), from.db.Accounts(locked), from.db.Sessions(locked), from.db.Settings(), false, kitetest.Morning)
	if kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("collect: %v", err)
	}
	if _, err := backup.Current(t.Context(), from.db.Accounts(locked)); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("current: %v", err)
	}
	to := newComputer(t)
	if err := backup.Apply(t.Context(), to.plan(t, full(), backup.Merge), to.db.Restoration(locked), kitetest.Morning); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("apply: %v", err)
	}
	if got := to.collect(t, true); len(got.Accounts) != 0 || got.Preferences.Theme != "system" {
		t.Errorf("something was restored: %s", plain(got))
	}
}

func TestRestore_repairs_a_damaged_secret(t *testing.T) {
	c := source(t)
	want := c.collect(t, true)
	if _, err := c.db.ExecContext(t.Context(), "UPDATE kite_accounts SET api_secret = x'010001' WHERE account_id = ?", id("one")); err != nil {
		t.Fatal(err)
	}
	if p := c.restore(t, want, backup.Merge); p.Counts != (backup.Counts{Update: 1, Same: 1}) {
		t.Errorf("%+v", p.Counts)
	}
	got := c.collect(t, true)
	if !got.Accounts[0].Secrets.APISecret.Equal(want.Accounts[0].Secrets.APISecret) {
		t.Error("it isn't repaired")
	}
	if a := got.Accounts[0].Account; !a.UpdatedAt.Equal(kitetest.Morning) || !a.CreatedAt.Equal(want.Accounts[0].Account.CreatedAt) {
		t.Errorf("%+v", a)
	}
}

func TestRestore_merged_twice_does_nothing_more(t *testing.T) {
	c := source(t)
	archive := archiveOf(
		edit(entry("new"), func(a *kite.Account) { a.Name, a.Slug = "account ONE", "account-one" }),
		edit(entry("two"), func(a *kite.Account) { a.ID, a.PhoneNumber, a.Name = id("elsewhere"), "", "account ONE (2)" }),
		edit(entry("other"), func(a *kite.Account) { a.LoginWay, a.Slug, a.AllowedHosts = "", "", nil }),
	)
	c.restore(t, archive, backup.Merge)
	after := c.collect(t, true)
	p := c.restore(t, archive, backup.Merge)
	if p.Counts.Same != len(archive.Accounts) || p.Counts.Rename+p.Counts.Add+p.Counts.Update > 0 {
		t.Errorf("the second time: %s", lines(p))
	}
	if err := same(c.collect(t, true), after); err != nil {
		t.Error(err)
	}
	var names []string
	for _, e := range after.Accounts {
		names = append(names, e.Account.Name+"/"+e.Account.Slug)
	}
	if want := []string{"Account one/account-one", "account ONE (2)/account-two", "account ONE (3)/account-one-2", "Account other/account-other"}; !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(want))) {
		t.Errorf("names: %q", names)
	}
}
