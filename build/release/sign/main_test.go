package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
)

func newKey(t *testing.T) (minisign.PublicKey, minisign.PrivateKey, string) {
	t.Helper()
	public, private, err := minisign.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := private.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return public, private, string(text)
}

func feed(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "feed.json")
	if err := os.WriteFile(path, []byte(`{"schema":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// signed runs the command and says whether the signature is the key's.
func signed(t *testing.T, public minisign.PublicKey, env map[string]string) (bool, string, error) {
	t.Helper()
	file := feed(t)
	var out bytes.Buffer
	err := run([]string{file}, func(name string) string { return env[name] }, &out, time.Unix(1, 0))
	data, _ := os.ReadFile(file)
	text, _ := os.ReadFile(file + ".minisig")
	var s minisign.Signature
	if s.UnmarshalText(text) != nil {
		return false, out.String(), err
	}
	return s.Algorithm == minisign.HashEdDSA && s.TrustedComment == "timestamp:1\tfile:feed.json\thashed" && minisign.Verify(public, data, text), out.String(), err
}

func TestSign_with_a_whole_file_or_its_line(t *testing.T) {
	public, _, text := newKey(t)
	line := text
	if _, second, found := strings.Cut(text, "\n"); found {
		line = second
	}
	for name, key := range map[string]string{"file": "untrusted comment: minisign secret key\n" + line + "\n", "line": line} {
		ok, out, err := signed(t, public, map[string]string{secretKey: key, pinned: public.String()})
		if !ok || err != nil || !strings.Contains(out, public.String()) || strings.Contains(out, line) {
			t.Errorf("%s: %t, %q, %v", name, ok, out, err)
		}
	}
}

// locked has the form of a key with a password, as minisign -G writes it; it is
// one of scrypt and opens nothing.
var locked = "untrusted comment: minisign encrypted secret key\n" +
	base64.StdEncoding.EncodeToString(append([]byte("EdScB2"), make([]byte, 152)...)) + "\n"

func TestSign_with_a_password(t *testing.T) {
	public, private, _ := newKey(t)
	defer func() { decrypt = minisign.DecryptKey }()
	decrypt = func(password string, file []byte) (minisign.PrivateKey, error) {
		if password != "canary-password" || string(file) != strings.TrimSpace(locked) {
			return minisign.PrivateKey{}, errors.New("canary-cause")
		}
		return private, nil
	}
	if ok, _, err := signed(t, public, map[string]string{secretKey: locked, password: "canary-password"}); !ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
	ok, _, err := signed(t, public, map[string]string{secretKey: locked, password: "canary-wrong"})
	if ok || err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("wrong password: %t, %v", ok, err)
	}
}

func TestSign_refuses(t *testing.T) {
	public, _, text := newKey(t)
	other, _, _ := newKey(t)
	for name, env := range map[string]map[string]string{
		"no key":              {},
		"nonsense":            {secretKey: "canary-key"},
		"a public key":        {secretKey: public.String()},
		"another pinned key":  {secretKey: text, pinned: other.String()},
		"nonsense for pinned": {secretKey: text, pinned: "RWnonsense"},
	} {
		ok, out, err := signed(t, public, env)
		if ok || err == nil || strings.Contains(err.Error()+out, "canary") {
			t.Errorf("%s: %t, %q, %v", name, ok, out, err)
		}
	}
	if ok, _, err := signed(t, public, map[string]string{secretKey: text, pinned: other.String() + "," + public.String()}); !ok || err != nil {
		t.Errorf("one of two pinned keys: %t, %v", ok, err)
	}
	env := func(string) string { return text }
	if err := run(nil, env, &bytes.Buffer{}, time.Now()); err == nil {
		t.Error("no file is signed")
	}
	if err := run([]string{"/nowhere/feed.json"}, env, &bytes.Buffer{}, time.Now()); err == nil {
		t.Error("a file that isn't there is signed")
	}
}

func TestCheckKey(t *testing.T) {
	one, _, text := newKey(t)
	two, _, _ := newKey(t)
	_, secret, _ := strings.Cut(text, "\n")
	secret = strings.TrimSpace(secret)
	for name, c := range map[string]struct {
		key, url string
		ok       bool
	}{
		"a key":                 {one.String(), "", true},
		"two":                   {one.String() + "," + two.String(), "", true},
		"a feed of one's own":   {one.String(), "https://example.org/feed.json", true},
		"none":                  {"", "", false},
		"commas only":           {",,", "", false},
		"nonsense":              {"RWnonsense", "", false},
		"a key cut short":       {one.String()[:50], "", false},
		"a good and a bad one":  {one.String() + ",RWnonsense", "", false},
		"a comma too many":      {one.String() + ",", "", false},
		"a space":               {one.String() + ", " + two.String(), "", false},
		"a whole file":          {"untrusted comment: minisign public key\n" + one.String(), "", false},
		"a secret key's file":   {text, "", false},
		"a secret key":          {secret, "", false},
		"a feed without https":  {one.String(), "http://example.org/feed.json", false},
		"a feed with a space":   {one.String(), "https://example.org/a feed.json", false},
		"a feed that is no URL": {one.String(), "feed.json", false},
	} {
		env := map[string]string{pinned: c.key, feedURL: c.url}
		var out bytes.Buffer
		err := run([]string{"-check-key"}, func(name string) string { return env[name] }, &out, time.Now())
		if (err == nil) != c.ok || out.Len() > 0 || err != nil && !strings.Contains(err.Error(), "FEED_") {
			t.Errorf("%s: %v, %q", name, err, out.String())
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: a secret key is printed: %v", name, err)
		}
	}
}
