package kiteconnect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// call is one request to an API.
type call struct {
	method, path string
	app          kite.App
	access       kite.Secret // empty for the exchange
	query, form  url.Values
	secrets      []kite.Secret // what no error may hold
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
		if k.method != http.MethodGet || try == c.Retries || !errors.As(err, &refused) || !refused.temporary() {
			return err
		}
		if wait(ctx, max(refused.retryAfter, c.Backoff<<try)) != nil {
			return err
		}
	}
}

// wait returns at once if the call's deadline comes first.
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
	if err := c.turn(ctx, k.app.APIKey); err != nil {
		return err
	}
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := c.newRequest(ctx, k)
	if err != nil {
		return err
	}
	if k.isExchange() {
		// An idle connection may have died unseen; finding that out with the
		// exchange would look like a lost answer.
		c.client().CloseIdleConnections()
	}
	a, err := c.read(req)
	if err != nil {
		return networkError(k, err, sent.Load())
	}
	return decode(k, a, out)
}

// answer is what came back, whoever sent it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

var errTooLong = errors.New("answer is too long")

func (c *Client) read(req *http.Request) (answer, error) {
	resp, err := c.client().Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.MaxBody+1))
	if err == nil && int64(len(body)) > c.MaxBody {
		err = fmt.Errorf("%w: more than %d bytes", errTooLong, c.MaxBody)
	}
	return answer{resp.StatusCode, resp.Header, body}, err
}

func (c *Client) newRequest(ctx context.Context, k call) (*http.Request, error) {
	target, err := apiURL(k.app.Endpoints.APIRoot, k.path)
	if err != nil {
		return nil, err
	}
	target.RawQuery = k.query.Encode()
	var body io.Reader
	if k.form != nil {
		body = strings.NewReader(k.form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, k.method, target.String(), body)
	if err != nil {
		return nil, kite.Errorf(kite.EINTERNAL, "The request to Kite couldn't be made.").Because(describe(k, err))
	}
	req.Header.Set("X-Kite-Version", apiVersion)
	req.Header.Set("User-Agent", c.UserAgent)
	if k.form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if !k.access.Empty() {
		req.Header.Set("Authorization", "token "+k.app.APIKey+":"+k.access.Reveal())
	}
	return req, nil
}

// apiURL joins root, which may have a path prefix, and path. Tokens never
// travel unencrypted except within this computer.
func apiURL(root, path string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(root, "/") + path)
	if err == nil && u.Host != "" && !strings.ContainsAny(root, "?#") && (u.Scheme == "https" || (u.Scheme == "http" && loopback(u.Hostname()))) {
		return u, nil
	}
	return nil, kite.Errorf(kite.EINVALID, "The API root of this account isn't an https address.").WithField("apiRoot").
		WithHint("Edit the account and correct it.")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}

// maxRetryAfter keeps a nonsensical header from overflowing.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header as seconds or as a date, which it compares with
// the server's own: our clock may be wrong. Kite documents no such header;
// gateways send it (RFC 9110, 10.2.3).
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
