package cli

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// bench is a workbench over a data folder of its own, with an open vault and
// without a keyring.
func bench(t *testing.T, g *commands) *workbench {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	g.DataDir = filepath.Join(t.TempDir(), "data")
	w, err := g.openWorkbench(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.Vault.KDF = envelope.KDF{Name: envelope.DefaultKDF.Name, Time: 1, Memory: 64 << 10, Threads: 1}
	w.Vault.Start(t.Context())
	if err := w.Vault.CreateWithPassphrase(t.Context(), kite.NewSecret("correct horse battery staple")); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestExec_yes_logs_in_while_Kite_clears_tokens(t *testing.T) {
	var g commands
	w := bench(t, &g)
	w.Login.Clock = kitetest.ISTClock(2026, time.November, 26, 6, 0)
	a := kitetest.Account("one")
	a.LoginWay, a.CallbackURL = kite.LoginInBrowser, "https://example.com/elsewhere" // so that it goes no further
	secret := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("canary-secret")}}
	if err := w.Accounts.Store.CreateAccount(t.Context(), a, secret); err != nil {
		t.Fatal(err)
	}
	for said, want := range map[string]string{"--login": kite.ECONFIRM, "--yes": kite.EINVALID} {
		c, _, err := parse([]string{"exec", "--login", said, "one", "--", "true"}, io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		err = g.loginCounter(w, c.Exec.Yes).logIn(withoutTerminal(t), a)
		if kite.ErrorCode(err) != want {
			t.Errorf("%s: %v, want %s", said, err, want)
		}
		if hint := kite.AsError(err).Hint; want == kite.ECONFIRM && hint != "Say kitectl exec --login --yes "+argument(a)+" -- COMMAND if it is meant." {
			t.Errorf("hint %q", hint)
		}
	}
}

// withoutTerminal skips where the question would be asked at the terminal of
// whoever runs the tests.
func withoutTerminal(t *testing.T) context.Context {
	t.Helper()
	if hasTerminal() {
		t.Skip("there is a terminal")
	}
	return t.Context()
}

func TestKITE_ACCOUNT_is_the_plain_name(t *testing.T) {
	for want, a := range map[string]kite.Account{"family": {Name: "It's mine", Slug: "family"}, "It's mine": {Name: "It's mine"}} {
		if got := withVariables(nil, kite.Handout{Account: a}); !slices.Contains(got, accountVar+"="+want) {
			t.Errorf("it is in %q", got)
		}
	}
}
