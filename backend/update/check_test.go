package update_test

import (
	"bytes"
	"crypto"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func versions(releases []update.Release) []string {
	list := []string{}
	for _, r := range releases {
		list = append(list, r.Version)
	}
	return list
}

func TestCheck_offers_what_is_newer_and_nothing_else(t *testing.T) {
	for own, want := range map[string][]string{
		"1.2.2":            {"1.3.0", "1.2.3"},
		"1.2.3":            {"1.3.0"},
		"1.2.3+4.gabcdef0": {"1.3.0"},
		"1.3.0":            {},
		"1.3.0+2.g1234567": {},
		"2.0.0":            {},
		"1.3.0-rc.1":       {"1.4.0-rc.1", "1.3.0"},
		"0.0.0+gabcdef0":   {"1.3.0", "1.2.3"},
		"dev":              {"1.3.0", "1.2.3"},
	} {
		keys, s := newSigner(t), newServer(t)
		s.serve(t, keys, feedOf(release("1.2.3"), release("1.3.0", "A note."), release("1.4.0-rc.1")))
		c := newChecker(t, own, s.source(t, keys.public))
		if got := c.status(t); got.Result != update.ResultNever || !got.CheckedAt.IsZero() {
			t.Errorf("%s before: %+v", own, got)
		}
		got, err := c.Check(t.Context())
		if err != nil || !slices.Equal(versions(got.Releases), want) || !got.CheckedAt.Equal(now) {
			t.Errorf("%s: %+v, %v", own, got, err)
		}
		if result := map[bool]update.Result{true: update.ResultNewer, false: update.ResultNewest}[len(want) > 0]; got.Result != result {
			t.Errorf("%s: %s, want %s", own, got.Result, result)
		}
		if later := c.status(t); !slices.Equal(versions(later.Releases), want) {
			t.Errorf("%s without asking: %+v", own, later)
		}
	}
}

func TestCheck_tells_the_server_nothing(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	s.at("/first.json", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "42", Path: "/"})
		http.Redirect(w, r, "/feed.json", http.StatusFound)
	})
	s.at("/first.json.minisig", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/feed.json.minisig", http.StatusFound)
	})
	source := s.source(t, keys.public)
	source.URL.Path = "/first.json"
	c := newChecker(t, "1.2.3", source)
	for range 2 {
		if _, err := c.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.asked()) != 8 {
		t.Errorf("%d requests", len(s.asked()))
	}
	for _, r := range s.asked() {
		for name, values := range r.Header {
			if name != "User-Agent" || !slices.Equal(values, []string{"kite-accounts"}) {
				t.Errorf("%s %s: %s: %q", r.Method, r.URL, name, values)
			}
		}
		if r.URL.RawQuery != "" || r.ContentLength != 0 {
			t.Errorf("%s has more: %q", r.URL, r.URL.RawQuery)
		}
	}
}

func TestCheck_takes_any_pinned_key_and_no_other(t *testing.T) {
	old, next, stranger, s := newSigner(t), newSigner(t), newSigner(t), newServer(t)
	c := newChecker(t, "1.2.3", s.source(t, old.public, next.public))
	for _, by := range []signer{old, next} {
		s.serve(t, by, feedOf(release("1.3.0")))
		if _, err := c.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	s.serve(t, stranger, feedOf(release("9.9.9")))
	if _, err := c.Check(t.Context()); kite.ErrorCode(err) != kite.EDATA {
		t.Errorf("another key: %v", err)
	}
	if got := c.status(t); !slices.Equal(versions(got.Releases), []string{"1.3.0"}) {
		t.Errorf("offered: %+v", got)
	}
}

func TestCheck_believes_no_damaged_answer(t *testing.T) {
	keys := newSigner(t)
	good := encode(t, feedOf(release("1.3.0")))
	evil := bytes.ReplaceAll(good, []byte("1.3.0"), []byte("9.3.0"))
	signature := sign(t, keys, good)
	legacy := legacySignature(t, keys, good)
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	flood := func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
				return
			}
		}
	}
	short := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000000")
		_, _ = w.Write(good)
	}
	for name, c := range map[string]struct {
		feed, signature http.HandlerFunc
		code            string
	}{
		"other text":            {file(evil), file(signature), kite.EDATA},
		"a byte less":           {file(good[:len(good)-1]), file(signature), kite.EDATA},
		"a byte more":           {file(append(slices.Clone(good), '\n')), file(signature), kite.EDATA},
		"signature of another":  {file(good), file(sign(t, keys, evil)), kite.EDATA},
		"cut signature":         {file(good), file(signature[:len(signature)/2]), kite.EDATA},
		"empty signature":       {file(good), file(nil), kite.EDATA},
		"comment changed":       {file(good), file(bytes.Replace(signature, []byte("trusted comment: "), []byte("trusted comment: x"), 2)), kite.EDATA},
		"page for a signature":  {file(good), file([]byte("<html>Sign in to the hotel's network</html>")), kite.EDATA},
		"signed without a hash": {file(good), file(legacy), kite.EDATA},
		"signed nonsense":       {file([]byte("[]")), file(sign(t, keys, []byte("[]"))), kite.EDATA},
		"no feed":               {status(404), file(signature), kite.EOFFLINE},
		"no signature":          {file(good), status(404), kite.EOFFLINE},
		"an error":              {status(503), file(signature), kite.EOFFLINE},
		"no content":            {status(204), file(signature), kite.EOFFLINE},
		"too much feed":         {flood, file(signature), kite.EOFFLINE},
		"too much signature":    {file(good), flood, kite.EOFFLINE},
		"a torn answer":         {short, file(signature), kite.EOFFLINE},
	} {
		s := newServer(t)
		s.at("/feed.json", c.feed)
		s.at("/feed.json.minisig", c.signature)
		checker := newChecker(t, "1.2.3", s.source(t, keys.public))
		_, err := checker.Check(t.Context())
		if e := kite.AsError(err); err == nil || e.Code != c.code || e.Hint == "" {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if got := checker.status(t); got.Result != update.ResultNever {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// legacySignature is a signature over the text itself, as old minisign made it;
// the library verifies it.
func legacySignature(t *testing.T, by signer, data []byte) []byte {
	t.Helper()
	text, err := by.private.Sign(nil, data, crypto.Hash(0))
	if err != nil || !minisign.Verify(by.public, data, text) {
		t.Fatalf("%s, %v", text, err)
	}
	return text
}

func TestCheck_gives_up_on_a_slow_server(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	for _, path := range []string{"/feed.json", "/feed.json.minisig"} {
		s.serve(t, keys, feedOf(release("1.3.0")))
		s.at(path, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil { // a byte now and then
				_, _ = w.Write([]byte(" "))
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		})
		c := newChecker(t, "1.2.3", s.source(t, keys.public))
		c.Limit = 200 * time.Millisecond
		begun := time.Now()
		if _, err := c.Check(t.Context()); kite.ErrorCode(err) != kite.EOFFLINE {
			t.Errorf("%s: %v", path, err)
		}
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("%s took %s", path, took)
		}
	}
}

func TestCheck_follows_few_redirects(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	s.at("/round.json", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round.json", http.StatusFound) })
	source := s.source(t, keys.public)
	source.URL.Path = "/round.json"
	if _, err := newChecker(t, "1.2.3", source).Check(t.Context()); kite.ErrorCode(err) != kite.EOFFLINE || len(s.asked()) > 6 {
		t.Errorf("%v after %d requests", err, len(s.asked()))
	}
}

func TestCheck_trusts_no_unknown_certificate(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	source := s.source(t, keys.public)
	source.Roots = nil
	if _, err := newChecker(t, "1.2.3", source).Check(t.Context()); kite.ErrorCode(err) != kite.EOFFLINE || len(s.asked()) > 0 {
		t.Errorf("%v after %d requests", err, len(s.asked()))
	}
}

func TestCheck_refuses_an_older_feed_than_it_has_seen(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	old := feedOf(release("1.3.0"))
	fixed := feedOf(release("1.3.1"), release("1.3.0"))
	fixed.Published = published.Add(time.Hour)
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	for _, f := range []update.Feed{old, old, fixed, fixed} {
		s.serve(t, keys, f)
		if _, err := c.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.serve(t, keys, old)
	if _, err := c.Check(t.Context()); kite.ErrorCode(err) != kite.EDATA {
		t.Errorf("replayed: %v", err)
	}
	if got := c.status(t); !slices.Equal(versions(got.Releases), []string{"1.3.1", "1.3.0"}) {
		t.Errorf("after the replay: %+v", got)
	}
}

func TestExpired_feed_says_nothing_of_the_newest(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	f := feedOf(release("1.2.3"))
	s.serve(t, keys, f)
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	if got, err := c.Check(t.Context()); err != nil || got.Result != update.ResultNewest {
		t.Fatalf("%+v, %v", got, err)
	}
	c.clock.Set(f.Expires.Add(-time.Second))
	if got := c.status(t); got.Result != update.ResultNewest {
		t.Errorf("before: %+v", got)
	}
	c.clock.Set(f.Expires)
	if got := c.status(t); got.Result != update.ResultUnknown {
		t.Errorf("kept: %+v", got)
	}
	if got, err := c.Check(t.Context()); err != nil || got.Result != update.ResultUnknown {
		t.Errorf("asked: %+v, %v", got, err)
	}
}

func TestSkipped_until_a_newer_one(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Skip(t.Context(), "nonsense"); kite.ErrorCode(err) != kite.EINVALID || c.status(t).Skipped {
		t.Errorf("nonsense: %v", err)
	}
	if err := c.Skip(t.Context(), "1.3.0"); err != nil || !c.status(t).Skipped {
		t.Errorf("%v, %+v", err, c.status(t))
	}
	s.serve(t, keys, feedOf(release("1.3.1"), release("1.3.0")))
	if got, err := c.Check(t.Context()); err != nil || got.Skipped || got.Result != update.ResultNewer {
		t.Errorf("a newer one: %+v, %v", got, err)
	}
}

func TestUpgrade_ends_the_offer_without_a_check(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Version = "1.3.0"
	if got := c.status(t); got.Result != update.ResultNewest || len(got.Releases) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestPage_is_the_newest_release_and_checked_once_more(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0"), release("1.4.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	if _, err := c.Page(t.Context()); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("before: %v", err)
	}
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if page, err := c.Page(t.Context()); err != nil || page != projectPage+"1.4.0" {
		t.Errorf("%s, %v", page, err)
	}
	kept, err := c.Settings.Setting(t.Context(), "updates")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Settings.SetSetting(t.Context(), "updates", strings.ReplaceAll(kept, "https://github.com/kiteaccounts", "https://evil.example")); err != nil {
		t.Fatal(err)
	}
	if page, err := c.Page(t.Context()); kite.ErrorCode(err) != kite.EDATA {
		t.Errorf("changed: %s, %v", page, err)
	}
}

func TestBarriers(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	for name, c := range map[string]struct {
		kind   update.Package
		source func() (update.Source, error)
		want   update.Barrier
	}{
		"packaged":  {update.PackageDeb, func() (update.Source, error) { return s.source(t, keys.public), nil }, update.BarrierPackage},
		"no key":    {"", func() (update.Source, error) { return update.Source{}, nil }, update.BarrierNoKey},
		"wrong key": {"", func() (update.Source, error) { return update.Source{}, errors.New("key") }, update.BarrierNoKey},
	} {
		checker := newChecker(t, "1.2.3", update.Source{})
		checker.Package, checker.Source = c.kind, c.source
		checker.switchOn(t, true)
		if got := checker.status(t); got.Barrier != c.want {
			t.Errorf("%s: %+v", name, got)
		}
		if _, err := checker.Check(t.Context()); kite.ErrorCode(err) != kite.EINVALID {
			t.Errorf("%s: %v", name, err)
		}
		runUntilIdle(t, checker)
	}
	if len(s.asked()) > 0 {
		t.Errorf("asked %d times", len(s.asked()))
	}
}

func TestMemory_that_makes_no_sense_is_forgotten(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	if err := c.Settings.SetSetting(t.Context(), "updates", "{"); err != nil {
		t.Fatal(err)
	}
	if got := c.status(t); got.Result != update.ResultNever {
		t.Errorf("%+v", got)
	}
	if got, err := c.Check(t.Context()); err != nil || got.Result != update.ResultNewer {
		t.Errorf("%+v, %v", got, err)
	}
}
