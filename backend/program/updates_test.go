package program_test

import (
	"crypto/x509"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"aead.dev/minisign"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// TestUpdates_follow_the_preference: a feed is asked as soon as the user
// switches that on, and not before.
func TestUpdates_follow_the_preference(t *testing.T) {
	asked := make(chan string, 10)
	feed := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		http.NotFound(w, r)
	}))
	defer feed.Close()
	at, err := url.Parse(feed.URL + "/feed.json")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(feed.Certificate())
	source := update.Source{URL: at, Keys: []minisign.PublicKey{{}}, Roots: roots}
	b := newBench(t)
	p := program.New(program.Config{
		Dir: b.dir, Log: slog.New(slog.DiscardHandler), Clock: b.clock, Window: b, Endpoints: b, Keyring: b.ring,
		Updates: &program.Updates{Version: "1.2.3", Source: func() (update.Source, error) { return source, nil }},
	})
	p.Events.Follow(b.calls.Publish)
	p.Start(t.Context())
	defer p.Close()
	services, err := p.Services(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	choices, err := services.Preferences(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if choices.CheckUpdates {
		t.Error("it is on before anybody said so")
	}
	b.clock.Advance(48 * time.Hour)
	if _, err := services.SetPreferences(t.Context(), choices); err != nil {
		t.Fatal(err)
	}
	select {
	case <-asked:
		t.Fatal("asked though it is off")
	default:
	}
	choices.CheckUpdates = true
	if _, err := services.SetPreferences(t.Context(), choices); err != nil {
		t.Fatal(err)
	}
	b.calls.WaitFor(t, kite.Event{Type: kite.UpdateChanged})
	if path := <-asked; path != "/feed.json" {
		t.Errorf("asked for %s", path)
	}
}

func TestUpdates_are_the_windows_alone(t *testing.T) {
	b := newBench(t)
	services, err := program.OpenServices(t.Context(), program.Config{
		Dir: b.dir, Log: slog.New(slog.DiscardHandler), Clock: b.clock, Window: b, Endpoints: b, Keyring: b.ring,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer services.Close()
	if services.Updates != nil {
		t.Error("a command would check by itself")
	}
}
