//go:build linux

package cli_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/keyring/keyringtest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/program"
)

// asMany and sideBySide: how many exec run at least, and how many at once.
const (
	asMany     = 200
	sideBySide = 50
)

// The window logs in again and again while programs get the session: each has
// the old or the new one, whole.
func TestExec_while_the_account_is_refreshed(t *testing.T) {
	keyringtest.StartBus(t).StartKeyring(true)
	t.Setenv("KITE_ACCOUNTS_DATA_DIR", filepath.Join(t.TempDir(), "data"))
	window, err := (&fixtures{}).open(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(window.Close)
	if err := (fixtureAccount{Name: "Family swing", Slug: "family", Client: "AB1234", Key: "key1234567890abc", Type: "live", TTL: 24 * time.Hour}).Run(&fixtures{}); err != nil {
		t.Fatal(err)
	}
	a, err := named(t.Context(), window, "family")
	if err != nil {
		t.Fatal(err)
	}
	if err := refresh(t.Context(), window, a, 0); err != nil {
		t.Fatal(err)
	}
	stop, refreshes := refreshing(t, window, a)
	handed := execMany(t, refreshes)
	stop()
	t.Logf("%d sessions made meanwhile, %d of them handed out", refreshes.Load(), handed)
	if handed < 2 {
		t.Error("nothing changed while they ran")
	}
}

// refresh stores session n, whose token and user both say n.
func refresh(ctx context.Context, s *program.Services, a kite.Account, n int64) error {
	return s.Sessions.Sessions.SaveSession(ctx, livingSession(a, fmt.Sprintf("ZZ%06d", n), 5*time.Hour),
		kite.Tokens{Access: kite.NewSecret(fmt.Sprintf("canary-token-%06d-whole", n))})
}

// refreshing refreshes until it is stopped.
func refreshing(t *testing.T, s *program.Services, a kite.Account) (stop func(), count *atomic.Int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	count = &atomic.Int64{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			began := time.Now()
			switch err := refresh(context.WithoutCancel(ctx), s, a, count.Load()+1); {
			case err == nil:
				count.Add(1)
			case kite.ErrorCode(err) != kite.ECONFLICT: // "try again", where a slow disk keeps fifty waiting
				t.Errorf("refresh: %v", err)
				return
			}
			// All others write too, one line each: a slow disk must leave them
			// as much time as it takes.
			time.Sleep(max(time.Millisecond, time.Since(began)))
		}
	}()
	return func() { cancel(); <-done }, count
}

var wholeSession = regexp.MustCompile(`^canary-token-([0-9]{6})-whole ZZ([0-9]{6}) key1234567890abc\n$`)

// execMany runs them, and more while there were few refreshes, and returns how
// many different sessions they got.
func execMany(t *testing.T, refreshes *atomic.Int64) (different int) {
	t.Helper()
	var group sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	turns := make(chan struct{}, sideBySide)
	for n := 0; !t.Failed() && (n < asMany || refreshes.Load() < 10); n++ {
		turns <- struct{}{}
		group.Go(func() {
			defer func() { <-turns }()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "exec", "family", "--", "sh", "-c", `echo "$KITE_ACCESS_TOKEN $KITE_USER_ID $KITE_API_KEY"`) //nolint:gosec // this test itself
			cmd.Env = append(os.Environ(), "CLI_TEST_RUN=1")
			out, err := cmd.CombinedOutput()
			got := wholeSession.FindStringSubmatch(string(out))
			if err != nil || got == nil || got[1] != got[2] {
				t.Errorf("%v: %s", err, out)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			seen[got[1]] = true
		})
	}
	group.Wait()
	return len(seen)
}
