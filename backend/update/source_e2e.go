//go:build e2e

package update

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"path/filepath"
)

// FileName is the file in the data folder that names a test's feed and key, as
// JSON: {"url": "http://127.0.0.1:1234/feed.json", "key": "RW…"}.
const FileName = "test-feed"

// Stamped is the source that a test wrote, else that of the build.
func Stamped(dataDir string) (Source, error) {
	text, err := os.ReadFile(filepath.Join(dataDir, FileName))
	if err != nil {
		return NewSource(pinnedKey, feedURL)
	}
	var test struct{ URL, Key string }
	if err := json.Unmarshal(text, &test); err != nil {
		return Source{}, err
	}
	return NewSource(test.Key, test.URL)
}

// permitted lets a test's server on loopback do without a certificate.
func permitted(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && ip != nil && ip.IsLoopback()
}
