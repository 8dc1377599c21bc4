package kiteconnect_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestOnlyReadsAreSentAgain(t *testing.T) {
	for _, call := range calls {
		for status, tries := range map[int]int{429: 3, 502: 3, 503: 3, 504: 3, 500: 1, 400: 1, 403: 1} {
			if call.name != "profile" {
				tries = 1
			}
			t.Run(call.name+" "+http.StatusText(status), func(t *testing.T) {
				server := serve(t, reply(status, refusal("NetworkException", "x")))
				if err := call.do(t, newClient(), appAt(server.URL)); err == nil {
					t.Error("no error")
				}
				if server.count() != tries {
					t.Errorf("sent %d times; want %d", server.count(), tries)
				}
			})
		}
	}
}

func TestAReadSucceedsOnceKiteIsBack(t *testing.T) {
	var server *kiteServer
	server = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if server.count() < 3 {
			reply(503, "<html>down</html>")(w, r)
			return
		}
		reply(200, profileBody)(w, r)
	})
	if err := profile(t, newClient(), appAt(server.URL)); err != nil {
		t.Error(err)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for name, header := range map[string]http.Header{
		"seconds": {"Retry-After": {"1"}},
		// The dates lie years away from our clock: only their distance counts.
		"date": {"Retry-After": {"Wed, 01 Jan 2020 00:00:01 GMT"}, "Date": {"Wed, 01 Jan 2020 00:00:00 GMT"}},
	} {
		t.Run(name, func(t *testing.T) {
			var server *kiteServer
			server = serve(t, func(w http.ResponseWriter, r *http.Request) {
				if server.count() == 1 {
					for k, v := range header {
						w.Header()[k] = v
					}
					reply(429, refusal("NetworkException", "Too many requests"))(w, r)
					return
				}
				reply(200, profileBody)(w, r)
			})
			began := time.Now()
			if err := profile(t, newClient(), appAt(server.URL)); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(began); waited < time.Second {
				t.Errorf("waited %v; want a second", waited)
			}
		})
	}
}

func TestAWaitBeyondTheDeadlineIsToldInstead(t *testing.T) {
	for _, value := range []string{"60", "999999999999"} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", value)
			reply(429, refusal("NetworkException", "Too many requests"))(w, r)
		})
		e := failure(t, profile(t, newClient(), appAt(server.URL)), kite.ERATELIMIT)
		if server.count() != 1 || !strings.HasPrefix(e.Hint, "Try again in ") {
			t.Errorf("Retry-After %s: sent %d times, hint %q", value, server.count(), e.Hint)
		}
	}
}

func TestTheLimitBelongsToTheAPIKey(t *testing.T) {
	server := serve(t, reply(200, profileBody))
	c := newClient()
	c.PerSecond, c.Burst = 0.001, 1
	app, other := appAt(server.URL), appAt(server.URL)
	other.APIKey = "another"
	if err := profile(t, c, app); err != nil {
		t.Fatal(err)
	}
	wantCode(t, profile(t, c, app), kite.ERATELIMIT)
	if err := profile(t, c, other); err != nil {
		t.Errorf("another API key had to wait: %v", err)
	}
	if server.count() != 2 {
		t.Errorf("sent %d requests; want 2", server.count())
	}
}

func TestWaitingForTheLimitCanBeCancelled(t *testing.T) {
	c := newClient()
	c.PerSecond, c.Burst, c.Timeout = 0.01, 1, time.Hour
	app := appAt(serve(t, reply(200, profileBody)).URL)
	if err := profile(t, c, app); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := c.Profile(ctx, app, kite.NewSecret(accessToken))
	if kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("code = %s; want ECANCELED", kite.ErrorCode(err))
	}
}

func TestManyGoroutinesShareAClient(t *testing.T) {
	c, app := newClient(), appAt(serve(t, reply(200, profileBody)).URL)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if err := profile(t, c, app); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
