package update

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"strings"

	"aead.dev/minisign"
)

// Set by the linker, -X github.com/kiteaccounts/kite-accounts/backend/update.pinnedKey=RW…
// Without a key a build has no update check.
var (
	pinnedKey string // public keys of minisign, several with commas between: any of them counts
	feedURL   string // https; empty for that of the project's own releases
)

// projectFeed is the feed beside the newest release, where GitHub keeps it at
// one address, https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases.
const projectFeed = "https://github.com/kiteaccounts/kite-accounts/releases/latest/download/feed.json"

// Source is where the feed of releases is and whose signature counts. Its zero
// value is that of a build without an update check.
type Source struct {
	URL   *url.URL             // of the feed; the signature is beside it, with signatureSuffix
	Keys  []minisign.PublicKey // any of them
	Roots *x509.CertPool       // whose certificates are trusted; nil for the system's
}

// signatureSuffix is minisign's own, https://jedisct1.github.io/minisign/.
const signatureSuffix = ".minisig"

// None says that there is no feed to check.
func (s Source) None() bool { return s.URL == nil || len(s.Keys) == 0 }

// NewSource reads keys, with commas between, and the address of a feed; empty
// for the project's own. Without a key it is the zero Source.
func NewSource(keys, address string) (Source, error) {
	var s Source
	for key := range strings.SplitSeq(keys, ",") {
		if key = strings.TrimSpace(key); key == "" {
			continue
		}
		var public minisign.PublicKey
		if err := public.UnmarshalText([]byte(key)); err != nil {
			return Source{}, fmt.Errorf("read key of the feed: %w", err)
		}
		s.Keys = append(s.Keys, public)
	}
	if len(s.Keys) == 0 {
		return Source{}, nil
	}
	if address == "" {
		address = projectFeed
	}
	at, err := url.Parse(address)
	if err != nil {
		return Source{}, fmt.Errorf("read address of the feed: %w", err)
	}
	if !permitted(at) || at.Host == "" || at.User != nil {
		return Source{}, fmt.Errorf("read address of the feed: %q isn't https", at.Redacted())
	}
	s.URL = at
	return s, nil
}
