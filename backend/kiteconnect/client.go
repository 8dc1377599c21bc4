// Package kiteconnect talks to Kite Connect's HTTP API, version 3:
// https://kite.trade/docs/connect/v3/.
//
//	client.go   one call: request, limits, retry
//	answer.go   Kite's envelope and what its errors mean
//	session.go  login URL, exchange, profile, invalidate
//	network.go  what went wrong when no answer of Kite's came
//
// Rules: every call has a deadline and a body cap; redirects are refused;
// only GETs are retried; no token is ever part of an error, so the URL of
// DELETE /session/token, which holds one, is cut from network errors; the
// limits are per API key, as Kite's are.
package kiteconnect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Client implements kite.Broker. Its fields are set before the first call.
type Client struct {
	HTTP    *http.Client
	Timeout time.Duration // for a whole call, retries included
	Backoff time.Duration // before the first retry of a GET; doubles
	MaxBody int64         // bytes of an answer

	limiters sync.Map // API key → *rate.Limiter
}

var _ kite.Broker = (*Client)(nil)

// Kite allows ten requests a second for each API key,
// https://kite.trade/docs/connect/v3/exceptions/#api-rate-limit; we stay below.
const (
	perSecond = 8
	burst     = 4
)

// retries is how often a GET is sent again.
const retries = 2

// userAgent names the program; Kite's staff ask for one that can be told apart.
const userAgent = "KiteAccounts (+https://github.com/kiteaccounts/kite-accounts)"

// New returns a client with its default limits.
func New() *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented to be one
	transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	return &Client{
		HTTP: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
		},
		Timeout: 30 * time.Second,
		Backoff: 500 * time.Millisecond,
		MaxBody: 1 << 20,
	}
}

var errRedirect = errors.New("redirect refused")

// call is one request to an API.
type call struct {
	method, path string
	app          kite.App
	access       kite.Secret // empty for the exchange
	query, form  url.Values
}

// isExchange says that this is POST /session/token, which works once and may
// have counted though its answer was lost.
func (k call) isExchange() bool { return k.method == http.MethodPost && k.path == sessionPath }

// do sends the call and decodes Kite's data into out. GETs are tried again
// after 429, 502, 503 and 504.
func (c *Client) do(ctx context.Context, k call, out any) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	for try := 0; ; try++ {
		err := c.once(ctx, k, out)
		var refused *refusal
		if k.method != http.MethodGet || try == retries || !errors.As(err, &refused) || !refused.temporary() {
			return err
		}
		if wait(ctx, max(refused.retryAfter, c.Backoff<<try)) != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (c *Client) once(ctx context.Context, k call, out any) error {
	if err := c.limiter(k.app.APIKey).Wait(ctx); err != nil {
		return kite.Errorf(kite.ETIMEOUT, "Too many requests for this API key are waiting.").WithHint("Try again in a minute.").Because(err)
	}
	req, err := newRequest(ctx, k)
	if err != nil {
		return err
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return networkError(k, withoutURL(err))
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.MaxBody+1))
	if err != nil {
		return networkError(k, withoutURL(err))
	}
	if int64(len(body)) > c.MaxBody {
		return networkError(k, fmt.Errorf("answer is longer than %d bytes", c.MaxBody))
	}
	return decode(k, resp, body, out)
}

func (c *Client) limiter(apiKey string) *rate.Limiter {
	l, _ := c.limiters.LoadOrStore(apiKey, rate.NewLimiter(perSecond, burst))
	return l.(*rate.Limiter) //nolint:forcetypeassert // nothing else is stored
}

func newRequest(ctx context.Context, k call) (*http.Request, error) {
	target := strings.TrimRight(k.app.Endpoints.APIRoot, "/") + k.path
	if len(k.query) > 0 {
		target += "?" + k.query.Encode()
	}
	var body io.Reader
	if k.form != nil {
		body = strings.NewReader(k.form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, k.method, target, body)
	if err != nil {
		return nil, kite.Errorf(kite.EINVALID, "The API root of this account isn't an address.").
			WithHint("Edit the account and correct it.").Because(withoutURL(err))
	}
	req.Header.Set("X-Kite-Version", "3")
	req.Header.Set("User-Agent", userAgent)
	if k.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if !k.access.Empty() {
		req.Header.Set("Authorization", "token "+k.app.APIKey+":"+k.access.Reveal())
	}
	return req, nil
}

// retryAfter reads the header's seconds; Kite documents none, proxies send it.
func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
