package clipboard_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// board is a clipboard that other programs share.
type board struct {
	content string
	secret  bool
	number  uint64 // of the last copy through Set
	ours    bool
	clears  int
	refuse  error
}

func (b *board) Set(text string, secret bool) (uint64, error) {
	if b.refuse != nil {
		return 0, b.refuse
	}
	b.number++
	b.content, b.secret, b.ours = text, secret, true
	return b.number, nil
}

func (b *board) Clear(copied uint64) error {
	b.clears++
	if b.ours && copied == b.number {
		b.content, b.ours = "", false
	}
	return nil
}

// copyElsewhere is what another program does.
func (b *board) copyElsewhere(text string) { b.content, b.ours = text, false }

// timers collects what a Keeper wants to be done later.
type timers struct {
	delays  []time.Duration
	due     []func()
	stopped []bool
}

func (ts *timers) after(d time.Duration, f func()) func() bool {
	i := len(ts.due)
	ts.delays, ts.due, ts.stopped = append(ts.delays, d), append(ts.due, f), append(ts.stopped, false)
	return func() bool { ts.stopped[i] = true; return true }
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("somewhere", 3600))

func newKeeper() (*clipboard.Keeper, *board, *timers) {
	b, ts := &board{}, &timers{}
	k := clipboard.New(b)
	k.Now, k.AfterFunc = func() time.Time { return noon }, ts.after
	return k, b, ts
}

func mustCopy(t *testing.T, k *clipboard.Keeper, text string, secret bool) time.Time {
	t.Helper()
	clearsAt, err := k.Copy(kite.NewSecret(text), secret)
	if err != nil {
		t.Fatal(err)
	}
	return clearsAt
}

func TestDefaults(t *testing.T) {
	if clipboard.DefaultClearAfter != 30*time.Second || clipboard.New(&board{}).ClearAfter != 30*time.Second {
		t.Error("a secret must stay 30 seconds")
	}
}

func TestCopy_a_secret_is_marked_and_cleared_in_time(t *testing.T) {
	k, b, ts := newKeeper()
	clearsAt := mustCopy(t, k, "token", true)
	if !b.secret || b.content != "token" {
		t.Errorf("board holds %q, marked %v", b.content, b.secret)
	}
	if want := noon.Add(30 * time.Second); !clearsAt.Equal(want) || clearsAt.Location() != time.UTC {
		t.Errorf("clears at %v, want %v in UTC", clearsAt, want)
	}
	if len(ts.delays) != 1 || ts.delays[0] != 30*time.Second {
		t.Fatalf("timers: %v", ts.delays)
	}
	ts.due[0]()
	if b.content != "" {
		t.Errorf("board still holds %q", b.content)
	}
}

func TestCopy_plain_text_stays(t *testing.T) {
	k, b, ts := newKeeper()
	clearsAt := mustCopy(t, k, "https://example.org/callback", false)
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if b.secret || b.content == "" || !clearsAt.IsZero() || len(ts.due) != 0 || b.clears != 0 {
		t.Errorf("board %+v, clears at %v, %d timers", b, clearsAt, len(ts.due))
	}
}

func TestCopy_another_programs_text_is_never_cleared(t *testing.T) {
	for name, end := range map[string]func(*clipboard.Keeper, *timers){
		"in time":    func(_ *clipboard.Keeper, ts *timers) { ts.due[0]() },
		"at the end": func(k *clipboard.Keeper, _ *timers) { _ = k.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			k, b, ts := newKeeper()
			mustCopy(t, k, "token", true)
			b.copyElsewhere("shopping list")
			end(k, ts)
			if b.content != "shopping list" {
				t.Errorf("board holds %q", b.content)
			}
		})
	}
}

func TestCopy_a_later_copy_voids_the_earlier_clearing(t *testing.T) {
	for name, secret := range map[string]bool{"a secret": true, "plain text": false} {
		t.Run(name, func(t *testing.T) {
			k, b, ts := newKeeper()
			mustCopy(t, k, "first", true)
			mustCopy(t, k, "second", secret)
			if !ts.stopped[0] {
				t.Error("the first timer still runs")
			}
			ts.due[0]() // had already fired
			if b.content != "second" {
				t.Errorf("board holds %q", b.content)
			}
		})
	}
}

func TestClose_takes_the_secret_back_once(t *testing.T) {
	k, b, ts := newKeeper()
	mustCopy(t, k, "token", true)
	for range 2 {
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ts.due[0]()
	if b.content != "" || b.clears != 1 || !ts.stopped[0] {
		t.Errorf("board %+v, timer stopped %v", b, ts.stopped[0])
	}
}

func TestCopy_a_refusal_is_told_and_keeps_the_earlier_clearing(t *testing.T) {
	k, b, ts := newKeeper()
	mustCopy(t, k, "first", true)
	b.refuse = errors.New("no")
	if _, err := k.Copy(kite.NewSecret("second"), true); !errors.Is(err, b.refuse) {
		t.Errorf("error %v", err)
	}
	ts.due[0]()
	if b.content != "" {
		t.Errorf("board still holds %q", b.content)
	}
}
