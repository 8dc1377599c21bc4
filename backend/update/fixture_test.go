package update_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"aead.dev/minisign"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

const projectPage = "https://github.com/kiteaccounts/kite-accounts/releases/tag/v"

// published is when the tests' feeds are signed, and now a day later.
var (
	published = time.Date(2026, time.November, 25, 9, 0, 0, 0, time.UTC)
	now       = published.Add(24 * time.Hour)
)

func release(version string, notes ...string) update.Release {
	return update.Release{Version: version, Date: "2026-11-25", Notes: notes, Page: projectPage + version}
}

func feedOf(releases ...update.Release) update.Feed {
	return update.Feed{Schema: update.Schema, Published: published, Expires: published.AddDate(0, 6, 0), Releases: releases}
}

func encode(t *testing.T, f update.Feed) []byte {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// signer is a pair of keys.
type signer struct {
	public  minisign.PublicKey
	private minisign.PrivateKey
}

func newSigner(t *testing.T) signer {
	t.Helper()
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{public, private}
}

// sign signs a hash of the data, as minisign does.
func sign(t *testing.T, by signer, data []byte) []byte {
	t.Helper()
	r := minisign.NewReader(bytes.NewReader(data))
	if _, err := io.Copy(io.Discard, r); err != nil {
		t.Fatal(err)
	}
	return r.Sign(by.private)
}

// server is a real HTTPS server with a feed and a signature.
type server struct {
	*httptest.Server
	mu        sync.Mutex
	answers   map[string]http.HandlerFunc
	requests  []*http.Request
	arrivedAt chan string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{answers: map[string]http.HandlerFunc{}, arrivedAt: make(chan string, 100)}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(s.answer))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(s.Close)
	return s
}

func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	answer := s.answers[r.URL.Path]
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	s.arrivedAt <- r.URL.Path
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

func (s *server) at(path string, answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = answer
}

func (s *server) asked() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func file(data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
}

// serve puts a signed feed at /feed.json.
func (s *server) serve(t *testing.T, by signer, f update.Feed) {
	t.Helper()
	data := encode(t, f)
	s.at("/feed.json", file(data))
	s.at("/feed.json.minisig", file(sign(t, by, data)))
}

func (s *server) source(t *testing.T, keys ...minisign.PublicKey) update.Source {
	t.Helper()
	at, err := url.Parse(s.URL + "/feed.json")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return update.Source{URL: at, Keys: keys, Roots: roots}
}

// checker is a Service over a real database.
type checker struct {
	*update.Service
	clock  *kitetest.Clock
	events *kitetest.Events
	db     *sqlite.DB
	log    *bytes.Buffer
}

func newChecker(t *testing.T, version string, source update.Source) *checker {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c := &checker{clock: kitetest.NewClock(now), events: &kitetest.Events{}, db: db, log: &bytes.Buffer{}}
	c.Service = &update.Service{
		Version: version, Source: func() (update.Source, error) { return source, nil },
		Settings: db.Settings(), Clock: c.clock, Events: c.events, Log: slog.New(slog.NewTextHandler(c.log, nil)),
		Limit: time.Minute,
	}
	return c
}

func (c *checker) status(t *testing.T) update.Status {
	t.Helper()
	s, err := c.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// switchOn lets the daily check run.
func (c *checker) switchOn(t *testing.T, on bool) {
	t.Helper()
	p := kite.DefaultPreferences()
	p.CheckUpdates = on
	if err := kite.SavePreferences(t.Context(), c.Settings, p); err != nil {
		t.Fatal(err)
	}
}
