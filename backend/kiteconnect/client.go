package kiteconnect

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Client calls Kite for any number of apps: what differs between them comes
// with each call. Its fields are set before the first call and then only read.
type Client struct {
	ConnectTimeout time.Duration // for DNS with TCP, and once more for TLS
	Timeout        time.Duration // for a whole call, retries and waits included
	Retries        int           // how often a GET is sent again
	Backoff        time.Duration // before the first retry; doubles
	MaxBody        int64         // bytes of an unpacked answer
	PerSecond      float64       // requests for one API key
	Burst          int           // requests for one API key at once
	UserAgent      string

	start    sync.Once
	http     *http.Client
	limiters sync.Map // API key → *rate.Limiter
}

var _ kite.Broker = (*Client)(nil)

// New returns a client with the release's deadlines and limits. Kite allows
// ten requests a second for each API key,
// https://kite.trade/docs/connect/v3/exceptions/#api-rate-limit; the rest is
// left to the user's own programs.
func New() *Client {
	return &Client{
		ConnectTimeout: 10 * time.Second,
		Timeout:        30 * time.Second,
		Retries:        2,
		Backoff:        500 * time.Millisecond,
		MaxBody:        1 << 20,
		PerSecond:      8,
		Burst:          5,
		UserAgent:      "KiteAccounts (+https://github.com/kiteaccounts/kite-accounts)",
	}
}

// maxHeader is far above Kite's headers, which fit into a few KiB.
const maxHeader = 64 << 10

var errRedirect = errors.New("redirect refused")

// client makes the HTTP client with the first call. It keeps no cookies.
func (c *Client) client() *http.Client {
	c.start.Do(func() {
		dialer := &net.Dialer{Timeout: c.ConnectTimeout}
		c.http = &http.Client{
			Transport: &http.Transport{
				Proxy:                  http.ProxyFromEnvironment,
				DialContext:            dialer.DialContext,
				TLSHandshakeTimeout:    c.ConnectTimeout,
				MaxResponseHeaderBytes: maxHeader,
				ForceAttemptHTTP2:      true,
				IdleConnTimeout:        c.Timeout,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
		}
	})
	return c.http
}

// turn waits until the API key may send another request.
func (c *Client) turn(ctx context.Context, apiKey string) error {
	l, _ := c.limiters.LoadOrStore(apiKey, rate.NewLimiter(rate.Limit(c.PerSecond), c.Burst))
	err := l.(*rate.Limiter).Wait(ctx) //nolint:forcetypeassert // nothing else is stored
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return canceled(err)
	default:
		return kite.Errorf(kite.ERATELIMIT, "Too many requests for this API key are waiting.").
			WithHint("Try again in a minute.").Because(err)
	}
}
