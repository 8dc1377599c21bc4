//go:build e2e

package update

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSource_of_a_test_is_on_loopback(t *testing.T) {
	const key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
	for url, may := range map[string]bool{
		"http://127.0.0.1:1234/feed.json": true, "https://example.org/feed.json": true, "http://example.org/feed.json": false, "http://localhost/feed.json": false,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, FileName), []byte(`{"url":"`+url+`","key":"`+key+`"}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := Stamped(dir); (err == nil && !s.None()) != may {
			t.Errorf("%s: %+v, %v", url, s, err)
		}
	}
}
