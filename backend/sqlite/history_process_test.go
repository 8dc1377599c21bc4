//go:build linux

package sqlite_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

const manySessions = 40

// endSessions is what window and agent both do at 06:00 IST.
func endSessions(ctx context.Context, path string) error {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for i := range manySessions {
		err := again(func() error {
			return db.Sessions(nil).EndSession(ctx, fmt.Sprint("s", i), kite.EndedExpired, kitetest.Morning.Add(time.Hour))
		})
		if err != nil {
			return err
		}
	}
	return db.Close()
}

// keepTelling records notices that each tell two things, until killed.
func keepTelling(ctx context.Context, path string) error {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		at := time.UnixMilli(time.Now().UnixMicro()).UTC() // another each time
		n := kite.ShownNotice{
			Key: "ending", Kind: kite.NoticeEnding, SaidKeys: []string{fmt.Sprint(at, "a"), fmt.Sprint(at, "b")},
			Handle: kite.NoticeHandle(fmt.Sprint(i)), ShownAt: at,
		}
		if err := db.Notices().MarkSaid(ctx, n); err != nil {
			return err
		}
		if i == 0 {
			fmt.Println("telling")
		}
	}
}

func TestTwoPrograms_that_end_the_same_sessions_record_each_once(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, sealer := mustOpen(t, path), &kitetest.Sealer{}
	for i := range manySessions {
		a := kitetest.Account(fmt.Sprintf("%03d", i))
		if err := db.Accounts(sealer).CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
			t.Fatal(err)
		}
		if err := db.Sessions(sealer).SaveSession(t.Context(), kitetest.Session(fmt.Sprint("s", i), a, kitetest.Morning), kitetest.Tokens("x")); err != nil {
			t.Fatal(err)
		}
	}
	programs := []*exec.Cmd{child(t, "end sessions", path), child(t, "end sessions", path)}
	for _, p := range programs {
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range programs {
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	entries, err := db.History().History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryExpired})
	told := map[string]bool{}
	for _, e := range entries {
		told[e.AccountID] = true
	}
	if err != nil || len(entries) != manySessions || len(told) != manySessions {
		t.Errorf("%d entries of %d accounts, %v", len(entries), len(told), err)
	}
}

func TestKill_in_the_middle_of_telling_leaves_whole_notices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	for i := range 10 {
		killWriter(t, "tell", path, time.Duration(i)*time.Millisecond)
		db := mustOpen(t, path)
		shown, err := db.Notices().Shown(t.Context())
		if err != nil || len(shown) != 1 {
			t.Fatalf("shown = %+v, %v", shown, err)
		}
		said, err := db.Notices().Said(t.Context())
		if err != nil || len(said)%2 != 0 {
			t.Fatalf("%d things said, %v", len(said), err)
		}
		for key, one := range said {
			if one.At.After(shown[0].ShownAt) {
				t.Errorf("%s was said after the notice that is shown", key)
			}
		}
		for _, key := range shown[0].SaidKeys {
			if !said[key].At.Equal(shown[0].ShownAt) {
				t.Errorf("%s is shown and wasn't said", key)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
