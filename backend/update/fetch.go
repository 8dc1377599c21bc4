package update

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"aead.dev/minisign"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// The bounds of a check. GitHub redirects an asset of a release twice.
const (
	fetchLimit   = 20 * time.Second // for everything
	maxRedirects = 5
	maxSignature = 4 << 10 // bytes
)

// userAgent is the same for every version, so that no request tells which one
// asks.
const userAgent = "kite-accounts"

var (
	errUnread    = errors.New("not read")
	errRedirect  = errors.New("redirected to where no request may go")
	errSignature = errors.New("no pinned key has signed it")
)

// fetch reads the feed and verifies it: EOFFLINE if it can't be had, EDATA if
// it isn't signed or makes no sense.
func (s Source) fetch(ctx context.Context, limit time.Duration) (Feed, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	client := s.client()
	defer client.CloseIdleConnections()
	data, err := get(ctx, client, s.URL.String(), MaxFeed)
	if err != nil {
		return Feed{}, unreached(err)
	}
	beside := *s.URL
	beside.Path, beside.RawPath = s.URL.Path+signatureSuffix, ""
	signature, err := get(ctx, client, beside.String(), maxSignature)
	if err != nil {
		return Feed{}, unreached(err)
	}
	if err := s.verify(data, signature); err != nil {
		return Feed{}, kite.Errorf(kite.EDATA, "The list of releases isn't signed by the makers of Kite Accounts, so it isn't used.").
			WithHint("Somebody between you and the server may have changed it. Try again in another network; if it stays, report it.").Because(err)
	}
	feed, err := Parse(data, s.URL)
	if err != nil {
		return Feed{}, kite.Errorf(kite.EDATA, "The list of releases can't be read by this version.").
			WithHint("Look for a newer version where you got this one.").Because(err)
	}
	return feed, nil
}

func unreached(err error) error {
	return kite.Errorf(kite.EOFFLINE, "The list of releases can't be reached.").WithHint("Check the network and try again.").Because(err)
}

// verify takes only signatures over a hash, as minisign makes them by default:
// of the older ones a signature may also fit another text.
func (s Source) verify(data, text []byte) error {
	var signature minisign.Signature
	if err := signature.UnmarshalText(text); err != nil {
		return fmt.Errorf("read signature: %w", err)
	}
	if signature.Algorithm != minisign.HashEdDSA {
		return fmt.Errorf("read signature: algorithm %#x: %w", signature.Algorithm, errSignature)
	}
	for _, key := range s.Keys {
		if minisign.Verify(key, data, text) {
			return nil
		}
	}
	return errSignature
}

// client keeps no cookie and no connection, and says nothing of where it was
// before.
func (s Source) client() *http.Client {
	transport := &http.Transport{
		Proxy:              http.ProxyFromEnvironment,
		TLSClientConfig:    &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.Roots},
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
	}
	return &http.Client{
		Transport: transport,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if !permitted(r.URL) || r.URL.User != nil {
				return errRedirect
			}
			if len(via) > maxRedirects {
				return fmt.Errorf("more than %d redirects", maxRedirects)
			}
			r.Header.Del("Referer")
			return nil
		},
	}
}

func get(ctx context.Context, client *http.Client, address string, limit int64) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for the feed: %w", err)
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for the feed: %w", withoutAddress(err))
	}
	defer response.Body.Close() //nolint:errcheck // only read
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask for the feed: status %d: %w", response.StatusCode, errUnread)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the feed: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read the feed: more than %d bytes: %w", limit, errUnread)
	}
	return data, nil
}

// withoutAddress keeps addresses out of the log: those of redirects carry
// tokens.
func withoutAddress(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
