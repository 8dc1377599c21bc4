//go:build !e2e

package update

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const aKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3" // of https://jedisct1.github.io/minisign/

func TestRelease_has_no_feed_of_the_data_folder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "test-feed"), []byte(`{"url":"http://127.0.0.1:1/feed.json","key":"`+aKey+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Stamped(dir); err != nil || !s.None() {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestStamped_needs_a_key_and_https(t *testing.T) {
	defer func() { pinnedKey, feedURL = "", "" }()
	for _, c := range []struct {
		keys, url, want string // want: the URL, empty for an error
		count           int
	}{
		{aKey, "", projectFeed, 1},
		{aKey + ", " + aKey + ",", "", projectFeed, 2},
		{aKey, "https://example.org/feed.json", "https://example.org/feed.json", 1},
		{aKey, "http://example.org/feed.json", "", 0},
		{aKey, "http://127.0.0.1/feed.json", "", 0},
		{aKey, "https://user@example.org/feed.json", "", 0},
		{aKey, "https:///feed.json", "", 0},
		{aKey[1:], "", "", 0},
		{aKey + ",x", "", "", 0},
	} {
		pinnedKey, feedURL = c.keys, c.url
		s, err := Stamped(t.TempDir())
		if c.want == "" {
			if err == nil || !s.None() {
				t.Errorf("%q, %q: %+v", c.keys, c.url, s)
			}
			continue
		}
		if err != nil || s.None() || s.URL.String() != c.want || len(s.Keys) != c.count {
			t.Errorf("%q, %q: %+v, %v", c.keys, c.url, s, err)
		}
	}
}

func TestRedirect_to_http_is_not_followed(t *testing.T) {
	asked := false
	plainServer := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer plainServer.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plainServer.URL+"/feed.json?token=canary-token", http.StatusFound)
	}))
	defer secure.Close()
	s := Source{}
	client := s.client()
	client.Transport.(*http.Transport).TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
	_, err := get(t.Context(), client, secure.URL+"/feed.json", MaxFeed)
	if err == nil || asked {
		t.Errorf("%v, asked %t", err, asked)
	}
	if err != nil && strings.Contains(err.Error(), "canary") {
		t.Errorf("the error has the address: %v", err)
	}
}
