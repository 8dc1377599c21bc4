package sessions_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
)

// others adds accounts with sessions of their own users.
func (b *bench) others(n int) {
	b.t.Helper()
	for i := 2; i <= n+1; i++ {
		a := kitetest.SandboxAccount("other" + string(rune('a'+i)))
		a.ClientID, a.APIKey = sandbox.UserNumber(i).UserID, sandbox.SharedApp
		if err := b.Accounts.CreateAccount(b.t.Context(), a, kite.SecretChanges{}); err != nil {
			b.t.Fatal(err)
		}
		g := b.grant(a, i)
		if err := b.Sessions.SaveSession(b.t.Context(), kitetest.Session("of "+a.ID, a, g.LoginTime), g.Tokens); err != nil {
			b.t.Fatal(err)
		}
	}
}

func TestCheckAll_counts_what_kite_says_of_each(t *testing.T) {
	b := newBench(t, morning())
	b.others(12)
	b.kite.EndTokensOf(sandbox.UserNumber(3).UserID)
	sum, err := b.CheckAll(t.Context())
	if err != nil || sum != (sessions.Summary{Checked: 13, Alive: 12, Ended: 1}) {
		t.Fatalf("CheckAll = %+v, %v", sum, err)
	}
	if c, ok := b.LastCheck(b.a.ID, "s1"); !ok || c.Err != nil {
		t.Errorf("check of the first = %+v", c)
	}
	entries, err := b.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryTest})
	if err != nil || len(entries) != 13 {
		t.Errorf("%d tests in the history, %v", len(entries), err)
	}
}

func TestCheckAll_leaves_sessions_alone_that_nobody_answers_for(t *testing.T) {
	b := newBench(t, morning())
	b.others(2)
	b.kite.SetFaults(sandbox.Faults{API: "503"})
	sum, err := b.CheckAll(t.Context())
	if err != nil || sum != (sessions.Summary{Checked: 3, Unknown: 3}) {
		t.Fatalf("CheckAll = %+v, %v", sum, err)
	}
	if s := b.latest(); s.Status != kite.Active {
		t.Errorf("session = %+v", s)
	}
}

func TestCheckAll_needs_an_open_vault(t *testing.T) {
	b := newBench(t, morning())
	b.sealer.Locked = true
	if _, err := b.CheckAll(t.Context()); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("CheckAll = %v", err)
	}
}
