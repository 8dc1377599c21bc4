package vault_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// bench is a data folder with a keyring, in which vaults are opened again and
// again as the program is started.
type bench struct {
	t      *testing.T
	path   string
	ring   *kitetest.Keyring
	clock  *kitetest.Clock
	events *kitetest.Events
	ignore bool
	store  kite.VaultStore // instead of the database's
}

func newBench(t *testing.T) *bench {
	return &bench{
		t: t, path: filepath.Join(t.TempDir(), "test.db"), ring: &kitetest.Keyring{Name: "fake keyring"},
		clock: kitetest.ISTClock(2026, 11, 23, 10, 0), events: &kitetest.Events{},
	}
}

// start opens the folder as a new process would.
func (b *bench) start() (*vault.Vault, *sqlite.DB) {
	b.t.Helper()
	db, err := sqlite.Open(b.t.Context(), b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = db.Close() })
	var store kite.VaultStore = db.Vault()
	if b.store != nil {
		store = b.store
	}
	v := vault.New(vault.Config{
		Store: store, Keyring: b.ring, Clock: b.clock, Events: b.events, Log: slog.New(slog.DiscardHandler),
		Folder: "/data", IgnoreMarker: b.ignore, KDF: envelope.KDF{Name: "argon2id", Time: 1, Memory: 64 << 10, Threads: 4},
	})
	v.Start(b.t.Context())
	return v, db
}

func (b *bench) expect(v *vault.Vault, want kite.VaultState) {
	b.t.Helper()
	if got, _ := v.State(); got != want {
		b.t.Fatalf("state = %s, want %s", got, want)
	}
	_, err := v.Seal(kite.Place{Table: "t"}, kite.NewSecret("x"))
	if want == kite.VaultOpen && err != nil {
		b.t.Errorf("Seal = %v", err)
	}
	if e := kite.AsError(err); want != kite.VaultOpen && (e.Code != kite.ELOCKED || e.Hint == "") {
		b.t.Errorf("Seal = %v, want ELOCKED with a hint", err)
	}
}

// seal stores an account with a secret and returns what reads it back.
func seal(t *testing.T, v *vault.Vault, db *sqlite.DB) {
	t.Helper()
	secrets := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("the secret")}}
	if err := db.Accounts(v).CreateAccount(t.Context(), kitetest.Account("one"), secrets); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) expectSecret(v *vault.Vault, db *sqlite.DB) {
	b.t.Helper()
	got, err := db.Accounts(v).Secrets(b.t.Context(), "one")
	if err != nil || got.APISecret.Reveal() != "the secret" {
		b.t.Errorf("secret = %q, %v", got.APISecret.Reveal(), err)
	}
}

func TestVault_opens_without_a_question(t *testing.T) {
	b := newBench(t)
	v, db := b.start()
	b.expect(v, kite.VaultOpen)
	seal(t, v, db)
	again, db2 := b.start()
	b.expect(again, kite.VaultOpen)
	b.expectSecret(again, db2)
	b.events.WaitFor(t, kite.Event{Type: kite.VaultChanged})
}

func TestVault_state_after(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*bench)
		want   kite.VaultState
	}{
		"keyring locked":             {func(b *bench) { b.ring.Fail = kite.ErrKeyringLocked }, kite.VaultKeyringLocked},
		"keyring gone":               {func(b *bench) { b.ring.Fail = kite.ErrKeyringAbsent }, kite.VaultKeyringAbsent},
		"keyring hangs":              {func(b *bench) { b.ring.Fail = kite.ErrKeyringTimeout }, kite.VaultKeyringTimeout},
		"entry deleted":              {func(b *bench) { b.ring.Forget() }, kite.VaultKeyMissing},
		"another vault's key":        {func(b *bench) { b.ring.Replace("kek1:" + strings.Repeat("A", 43) + "=") }, kite.VaultKeyMismatch},
		"garbage in the entry":       {func(b *bench) { b.ring.Replace("garbage") }, kite.VaultKeyMismatch},
		"database gone":              {func(b *bench) { b.path += ".new" }, kite.VaultDataMissing},
		"database gone, start over":  {func(b *bench) { b.path += ".new"; b.ignore = true }, kite.VaultOpen},
		"another keyring, and empty": {func(b *bench) { b.ring = &kitetest.Keyring{Name: "another"} }, kite.VaultKeyMissing},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			v, db := b.start()
			seal(t, v, db)
			c.change(b)
			before := len(b.ring.Names())
			again, _ := b.start()
			b.expect(again, c.want)
			if c.want != kite.VaultOpen && len(b.ring.Names()) != before {
				t.Errorf("the keyring was written: %q", b.ring.Names())
			}
		})
	}
}

func TestVault_names_both_keyrings_after_a_change_of_desktop(t *testing.T) {
	b := newBench(t)
	b.start()
	b.ring = &kitetest.Keyring{Name: "another keyring"}
	v, _ := b.start()
	if _, provider := v.State(); !strings.Contains(provider, "another keyring") || !strings.Contains(provider, "fake keyring") {
		t.Errorf("provider = %q", provider)
	}
}

func TestUnlock(t *testing.T) {
	b := newBench(t)
	b.start()
	b.ring.Fail, b.ring.Refuse = kite.ErrKeyringLocked, kite.ErrKeyringDismissed
	v, _ := b.start()
	if err := v.Unlock(t.Context()); kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("Unlock dismissed = %v", err)
	}
	b.expect(v, kite.VaultKeyringLocked)
	b.ring.Refuse = nil
	if err := v.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.expect(v, kite.VaultOpen)
}

func TestPassphrase_protects_where_there_is_no_keyring(t *testing.T) {
	b := newBench(t)
	b.ring.Fail = kite.ErrKeyringAbsent
	v, db := b.start()
	b.expect(v, kite.VaultNewPassphrase)
	if err := v.CreateWithPassphrase(t.Context(), kite.NewSecret("too short")); kite.AsError(err).Field != "passphrase" {
		t.Errorf("short passphrase: %v", err)
	}
	right := kite.NewSecret("correct horse battery")
	if err := v.CreateWithPassphrase(t.Context(), right); err != nil {
		t.Fatal(err)
	}
	b.expect(v, kite.VaultOpen)
	seal(t, v, db)
	if err := v.CreateWithPassphrase(t.Context(), right); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("a second vault: %v", err)
	}
	b.ring.Fail = nil // a keyring that turns up later changes nothing
	again, db2 := b.start()
	b.expect(again, kite.VaultNeedsPassphrase)
	if err := again.OpenWithPassphrase(t.Context(), kite.NewSecret("wrong horse battery")); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("wrong passphrase: %v", err)
	}
	b.expect(again, kite.VaultNeedsPassphrase)
	if err := again.OpenWithPassphrase(t.Context(), right); err != nil {
		t.Fatal(err)
	}
	b.expectSecret(again, db2)
}

func TestPassphrase_wrong_ones_cost_time(t *testing.T) {
	b := newBench(t)
	b.ring.Fail = kite.ErrKeyringAbsent
	v, _ := b.start()
	right := kite.NewSecret("correct horse battery")
	if err := v.CreateWithPassphrase(t.Context(), right); err != nil {
		t.Fatal(err)
	}
	again, _ := b.start()
	for range 5 {
		if err := again.OpenWithPassphrase(t.Context(), kite.NewSecret("wrong horse battery")); err == nil {
			t.Fatal("wrong passphrase opened")
		}
	}
	if err := again.OpenWithPassphrase(t.Context(), right); err == nil || !strings.Contains(err.Error(), "Too many wrong passphrases") {
		t.Errorf("at once after five: %v", err)
	}
	b.clock.Advance(time.Minute)
	if err := again.OpenWithPassphrase(t.Context(), right); err != nil {
		t.Errorf("after a minute: %v", err)
	}
}

var errCrash = errors.New("crash")

// crashing is a store that fails at its one write.
type crashing struct{ kite.VaultStore }

func (crashing) CreateVault(context.Context, string, kite.KeySlot) error { return errCrash }

func TestFirstRun_cut_short_leaves_nothing_or_a_working_pair(t *testing.T) {
	for name, cut := range map[string]func(*bench, *sqlite.DB){
		"before the entry": func(b *bench, _ *sqlite.DB) {
			b.ring.FailSet = func(name string) error {
				if strings.HasPrefix(name, "vault/") {
					return kite.ErrKeyringTimeout
				}
				return nil
			}
		},
		"between entry and slot": func(b *bench, db *sqlite.DB) { b.store = crashing{db.Vault()} },
		"before the marker": func(b *bench, _ *sqlite.DB) {
			b.ring.FailSet = func(name string) error {
				if strings.HasPrefix(name, "data-folder/") {
					return kite.ErrKeyringTimeout
				}
				return nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			db, err := sqlite.Open(t.Context(), b.path)
			if err != nil {
				t.Fatal(err)
			}
			cut(b, db)
			if err := db.Close(); name != "between entry and slot" && err != nil {
				t.Fatal(err)
			}
			b.start()
			b.ring.FailSet, b.store = nil, nil
			v, db2 := b.start()
			b.expect(v, kite.VaultOpen)
			seal(t, v, db2)
			again, db3 := b.start()
			b.expectSecret(again, db3)
		})
	}
}

func TestVault_two_processes_on_their_first_run_share_one(t *testing.T) {
	b := newBench(t)
	first, db := b.start()
	seal(t, first, db)
	// The second read the empty record before the first stored its vault.
	b.store = &late{VaultStore: db.Vault()}
	b.ignore = true
	second, db2 := b.start()
	b.expect(second, kite.VaultOpen)
	b.expectSecret(second, db2)
}

// late answers the first look with an empty record.
type late struct {
	kite.VaultStore
	looked bool
}

func (l *late) Vault(ctx context.Context) (kite.VaultRecord, error) {
	if !l.looked {
		l.looked = true
		return kite.VaultRecord{}, nil
	}
	return l.VaultStore.Vault(ctx)
}

func TestOpen_damaged_secret_says_what_to_do(t *testing.T) {
	b := newBench(t)
	v, _ := b.start()
	_, err := v.Open(kite.Place{Table: "t"}, []byte("garbage"))
	if e := kite.AsError(err); e.Code != kite.EDATA || e.Hint == "" {
		t.Errorf("Open = %v", err)
	}
}

func TestPassphrase_is_a_way_on_from_a_keyring_that_can_not_be_used(t *testing.T) {
	for state, fail := range map[kite.VaultState]error{
		kite.VaultKeyringLocked: kite.ErrKeyringLocked, kite.VaultKeyringTimeout: kite.ErrKeyringTimeout,
	} {
		b := newBench(t)
		b.ring.Fail = fail
		v, db := b.start()
		b.expect(v, state)
		if !v.MayCreate() {
			t.Errorf("%s: no passphrase may be chosen", state)
		}
		if err := v.CreateWithPassphrase(t.Context(), kite.NewSecret("correct horse battery")); err != nil {
			t.Fatal(err)
		}
		b.expect(v, kite.VaultOpen)
		seal(t, v, db)
		again, _ := b.start()
		b.expect(again, kite.VaultNeedsPassphrase)
		if again.MayCreate() {
			t.Errorf("%s: a second vault may be made", state)
		}
	}
}

func TestMayCreate_never_over_what_is_there(t *testing.T) {
	b := newBench(t)
	v, db := b.start()
	seal(t, v, db)
	b.ring.Fail = kite.ErrKeyringLocked
	if again, _ := b.start(); again.MayCreate() {
		t.Error("over sealed data")
	}
	b.ring.Fail, b.path = nil, b.path+".new"
	again, _ := b.start()
	b.expect(again, kite.VaultDataMissing)
	if again.MayCreate() {
		t.Error("over missing data")
	}
}

// unreadable is a store whose database fails.
type unreadable struct{ kite.VaultStore }

func (unreadable) Vault(context.Context) (kite.VaultRecord, error) {
	return kite.VaultRecord{}, errCrash
}

func TestVault_a_failing_database_is_not_a_missing_key(t *testing.T) {
	b := newBench(t)
	b.store = unreadable{}
	v, _ := b.start()
	b.expect(v, kite.VaultFailed)
}
