package localapi_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

// reader follows events as a program does.
type reader struct {
	t     testing.TB
	resp  *http.Response
	lines chan string // closed at the end
	id    string
}

func (b *bench) follow(token, lastID string) *reader {
	b.t.Helper()
	r := b.request("GET", "/v1/events", token, "")
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := described{b.t}.RoundTrip(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		b.t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	f := &reader{t: b.t, resp: resp, lines: make(chan string, 1000)}
	b.t.Cleanup(func() { _ = resp.Body.Close() })
	go func() {
		defer close(f.lines)
		for scanner := bufio.NewScanner(resp.Body); scanner.Scan(); {
			f.lines <- scanner.Text()
		}
	}()
	return f
}

// line is the next line; false at the end of the stream.
func (f *reader) line() (string, bool) {
	f.t.Helper()
	select {
	case line, more := <-f.lines:
		return line, more
	case <-time.After(patience):
		f.t.Fatal("nothing comes")
		return "", false
	}
}

// next is the next event as "name account reason", empty at the end.
func (f *reader) next() string {
	f.t.Helper()
	for {
		line, more := f.line()
		if !more {
			return ""
		}
		if id, found := strings.CutPrefix(line, "id: "); found {
			f.id = id
		}
		data, found := strings.CutPrefix(line, "data: ")
		if !found {
			continue
		}
		if err := mustDocument(f.t).Components.Schemas["Event"].Value.VisitJSON(anyOf(f.t, data)); err != nil {
			f.t.Errorf("event isn't as the document has it: %v", err)
		}
		var v struct{ Event, Slug, Reason string }
		_ = json.Unmarshal([]byte(data), &v)
		return strings.TrimSpace(v.Event + " " + v.Slug + " " + v.Reason)
	}
}

func anyOf(t testing.TB, data string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		t.Error(err)
	}
	return v
}

func (f *reader) expect(want ...string) {
	f.t.Helper()
	for _, w := range want {
		if got := f.next(); got != w {
			f.t.Errorf("event %q, want %q", got, w)
		}
	}
}

func TestEvents_tell_how_it_stands_and_then_what_happens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two := b.account(1), b.account(2)
	b.account(3)
	s1 := b.session(one, "a")
	b.end(b.session(two, "a"), kite.EndedElsewhere)
	_, token := b.client("Program")
	f := b.follow(token, "")
	f.expect("session.active account-1", "session.ended account-2 ended elsewhere", "session.none account-3")
	b.session(one, "b")
	f.expect("session.ended account-1 replaced", "session.active account-1")
	s2 := b.session(two, "b")
	f.expect("session.active account-2")
	b.end(s2, kite.EndedLoggedOut)
	f.expect("session.ended account-2 logged out")
	b.clock.Set(s1.ExpiresAt.Add(-time.Hour))
	f.expect("session.ending account-1")
	b.clock.Set(s1.ExpiresAt)
	f.expect("session.expired account-1 expired")
	if err := b.db.Accounts(b.sealer).DeleteAccount(t.Context(), two.ID); err != nil {
		t.Fatal(err)
	}
	b.Publish(kite.Event{Type: kite.AccountChanged, AccountID: two.ID})
	b.clock.Set(s1.ExpiresAt.Add(-3 * time.Hour)) // set back
	b.Publish(kite.Event{Type: kite.ClockChanged})
	f.expect("session.active account-1")
	kitetest.NoSecretIn(t, "log", b.log.String(), token)
}

func TestEvents_are_of_the_programs_own_accounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two := b.account(1), b.account(2)
	b.session(one, "a")
	b.session(two, "a")
	_, token := b.client("Program", two)
	f := b.follow(token, "")
	f.expect("session.active account-2")
	b.session(one, "b")
	b.session(two, "b")
	f.expect("session.ended account-2 replaced", "session.active account-2")
}

func TestEvents_go_on_where_they_were_cut_off(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := b.account(1)
	b.session(one, "a")
	_, token := b.client("Program")
	f := b.follow(token, "")
	f.expect("session.active account-1")
	_ = f.resp.Body.Close()
	b.session(one, "b")
	back := b.follow(token, f.id)
	back.expect("session.ended account-1 replaced", "session.active account-1")
	for _, id := range []string{"", "other-1", f.id + "9999", "x", strings.SplitN(f.id, "-", 2)[0] + "--1"} {
		b.follow(token, id).expect("session.active account-1") // the snapshot
	}
	// More than is kept.
	for i := range 130 {
		b.session(one, fmt.Sprint("c", i))
		back.expect("session.ended account-1 replaced", "session.active account-1")
	}
	again := b.follow(token, f.id)
	again.expect("session.active account-1")
	b.end(b.session(one, "d"), kite.EndedLoggedOut)
	again.expect("session.ended account-1 replaced")
}

func TestEvents_of_another_process_are_seen(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Limits.Recheck = 10 * time.Millisecond })
	one := b.account(1)
	_, token := b.client("Program")
	f := b.follow(token, "")
	f.expect("session.none account-1")
	s := kitetest.Session("elsewhere", one, b.clock.Now())
	b.inAnotherProcess(func(kite.ClientStore) error { return nil })
	if err := b.db.Sessions(b.sealer).SaveSession(t.Context(), s, kitetest.Tokens("x")); err != nil { // and nobody is told
		t.Fatal(err)
	}
	f.expect("session.active account-1")
}

func TestEvents_end_when_the_program_is_revoked(t *testing.T) {
	t.Parallel()
	for name, recheck := range map[string]time.Duration{"here": time.Hour, "by another process": 10 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *localapi.Config) { c.Limits.Recheck = recheck })
			b.account(1)
			client, token := b.client("Program")
			f := b.follow(token, "")
			f.expect("session.none account-1")
			if recheck == time.Hour {
				if err := b.clients.Revoke(t.Context(), client.ID); err != nil {
					t.Fatal(err)
				}
			} else {
				b.inAnotherProcess(func(s kite.ClientStore) error { return s.DeleteClient(t.Context(), client.ID) })
			}
			f.expect("")
		})
	}
}

func TestEvents_show_that_they_live(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Limits.Heartbeat = 10 * time.Millisecond })
	_, token := b.client("Program")
	f := b.follow(token, "")
	for range 3 {
		for {
			line, more := f.line()
			if !more {
				t.Fatal("it ended")
			}
			if line == ": alive" {
				break
			}
		}
	}
}

func TestEvents_streams_are_bounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Limits.Streams = 2 })
	_, token := b.client("Program")
	first := b.follow(token, "")
	b.follow(token, "")
	if got := b.get("/v1/events", token); got.status != http.StatusTooManyRequests {
		t.Errorf("a third: %d", got.status)
	}
	_ = first.resp.Body.Close()
	deadline := time.Now().Add(patience)
	for {
		resp, err := http.DefaultClient.Do(b.request("GET", "/v1/events", token, ""))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no place comes free")
		}
		time.Sleep(time.Millisecond) // the server notices in its own time
	}
}

// Who doesn't read is dropped, when a write takes too long or too much waits
// for it, and others get everything meanwhile.
func TestEvents_slow_reader_is_dropped(t *testing.T) {
	t.Parallel()
	for _, patience := range []time.Duration{3 * time.Second, time.Hour} {
		t.Run(patience.String(), func(t *testing.T) {
			b := newBench(t, func(c *localapi.Config) { c.Limits.Write = patience })
			for n := range many {
				b.wordy(n)
			}
			_, token := b.client("Program")
			f := b.follow(token, "")
			f.take(many)
			slow := b.dial()
			if err := slow.(*net.TCPConn).SetReadBuffer(1); err != nil {
				t.Fatal(err)
			}
			head := "GET /v1/events HTTP/1.1\r\nHost: " + strings.TrimPrefix(b.url, "http://") + "\r\nAuthorization: Bearer " + token + "\r\n\r\n"
			if _, err := slow.Write([]byte(head)); err != nil {
				t.Fatal(err)
			}
			b.waitStreams(2)
			for i := 0; b.server.Followers() == 2; i++ {
				if i == 30000 {
					t.Fatal("it is still followed")
				}
				b.clock.Advance(21 * time.Hour) // all expire
				f.take(many)
				b.clock.Advance(-21 * time.Hour)
				b.Publish(kite.Event{Type: kite.ClockChanged})
				f.take(many)
			}
		})
	}
}

// many accounts fill the buffers between server and reader sooner.
const many = 20

// wordy makes an account with a session whose events are long.
func (b *bench) wordy(n int) {
	b.t.Helper()
	a := kitetest.SandboxAccount(fmt.Sprint(n, "wordy"))
	a.Name = strings.Repeat("<", 70) + fmt.Sprint(n)
	if err := b.db.Accounts(b.sealer).CreateAccount(b.t.Context(), a, kite.SecretChanges{}); err != nil {
		b.t.Fatal(err)
	}
	b.session(a, "s")
}

// take reads so many events.
func (f *reader) take(count int) {
	f.t.Helper()
	for count > 0 {
		line, more := f.line()
		if !more {
			f.t.Fatal("the stream ended")
		}
		if strings.HasPrefix(line, "data: ") {
			count--
		}
	}
}

func (b *bench) waitStreams(n int) {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for b.server.Followers() != n {
		if time.Now().After(deadline) {
			b.t.Fatalf("%d streams, want %d", b.server.Followers(), n)
		}
		time.Sleep(time.Millisecond) // the request arrives in its own time
	}
}
