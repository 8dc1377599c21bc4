package keyring_test

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/keyring/keyringtest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// patient is the keyring on a busy computer, where nobody answers a prompt.
func patient() *keyring.Keyring {
	k := keyring.New()
	k.Probe, k.Interactive = time.Minute, time.Second
	return k
}

// impatient is patient with what doesn't answer.
func impatient() *keyring.Keyring {
	k := patient()
	k.Probe = time.Second
	return k
}

func TestDeadlines(t *testing.T) {
	if k := keyring.New(); k.Probe != 3*time.Second || k.Interactive != 120*time.Second || k.Service != "io.github.kiteaccounts.KiteAccounts" {
		t.Errorf("defaults = %+v", k)
	}
}

func TestKeyring_real_secret_service(t *testing.T) {
	keyringtest.StartBus(t).StartKeyring(true)
	k := patient()
	kitetest.KeyringSuite(t, k)
	if got := k.Provider(); got != "Secret Service (gnome-keyring-daemon)" {
		t.Errorf("provider = %q", got)
	}
}

func TestKeyring_fake(t *testing.T) { kitetest.KeyringSuite(t, &kitetest.Keyring{Name: "fake"}) }

func TestKeyring_answers_in_time(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*testing.T)
		want    error
		unlock  error
	}{
		"no bus at all": {func(t *testing.T) {
			keyringtest.StartBus(t)
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
			t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		}, kite.ErrKeyringAbsent, kite.ErrKeyringAbsent},
		"a bus that is gone": {func(t *testing.T) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/none")
		}, kite.ErrKeyringAbsent, kite.ErrKeyringAbsent},
		"no secret service": {func(t *testing.T) { keyringtest.StartBus(t) }, kite.ErrKeyringAbsent, kite.ErrKeyringAbsent},
		"locked, nobody can be asked": {func(t *testing.T) {
			b := keyringtest.StartBus(t)
			b.StartKeyring(true)
			b.Lock()
		}, kite.ErrKeyringLocked, nil},
		"no collection yet": {func(t *testing.T) { keyringtest.StartBus(t).StartKeyring(false) }, kite.ErrKeyringLocked, nil},
		"a service that hangs": {func(t *testing.T) {
			pid := keyringtest.StartBus(t).StartKeyring(true)
			signal(t, pid, syscall.SIGSTOP)
		}, kite.ErrKeyringTimeout, kite.ErrKeyringTimeout},
		"a bus that hangs": {func(t *testing.T) { dbustest.Start(t).Pause() }, kite.ErrKeyringTimeout, kite.ErrKeyringTimeout},
		"a service that died": {func(t *testing.T) {
			pid := keyringtest.StartBus(t).StartKeyring(true)
			signal(t, pid, syscall.SIGKILL)
			waitGone(t, pid)
		}, kite.ErrKeyringAbsent, kite.ErrKeyringAbsent},
	} {
		t.Run(name, func(t *testing.T) {
			c.prepare(t)
			k := patient()
			if errors.Is(c.want, kite.ErrKeyringTimeout) {
				k = impatient()
			}
			start := time.Now()
			if _, err := k.Get(t.Context(), "a"); !errors.Is(err, c.want) {
				t.Errorf("Get = %v, want %v", err, c.want)
			}
			if err := k.Set(t.Context(), "a", kite.NewSecret("b")); !errors.Is(err, c.want) {
				t.Errorf("Set = %v, want %v", err, c.want)
			}
			if err := k.Unlock(t.Context()); c.unlock != nil && !errors.Is(err, c.unlock) {
				t.Errorf("Unlock = %v, want %v", err, c.unlock)
			} else if err == nil {
				t.Error("Unlock succeeded")
			}
			if took := time.Since(start); took > time.Minute { // what hangs, hangs for ever
				t.Errorf("took %v", took)
			}
		})
	}
}

func signal(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

func waitGone(t *testing.T, pid int) {
	t.Helper()
	p, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); err != nil {
		t.Fatal(err)
	}
}
