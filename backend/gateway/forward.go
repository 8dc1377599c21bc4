package gateway

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

const (
	maxHeader   = 64 << 10         // bytes; far above Kite's headers, which fit into a few KiB
	mostIdle    = 128              // connections to one host that are kept for the next request
	idleFor     = time.Minute      // less than servers keep a silent connection
	pingAfter   = 15 * time.Second // HTTP/2: a dead connection must not hold up everybody on it
	pingTimeout = 5 * time.Second
)

// usualHeaders is how many Kite gets at most of its own clients. A map of so
// many is one piece of memory.
const usualHeaders = 8

// Values of headers, which the proxy copies.
var (
	apiVersion = []string{"3"} // that of https://kite.trade/docs/connect/v3/
	gzipOnly   = []string{"gzip"}
)

// forwarder makes the proxy with the first request.
func (g *Gateway) forwarder() *httputil.ReverseProxy {
	g.start.Do(func() {
		dialer := &net.Dialer{Timeout: g.ConnectTimeout}
		g.transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    g.ConnectTimeout,
			ResponseHeaderTimeout:  g.HeaderTimeout,
			MaxResponseHeaderBytes: maxHeader,
			ForceAttemptHTTP2:      true,
			HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout},
			DisableCompression:     true, // what Kite packed stays packed
			MaxIdleConns:           2 * mostIdle,
			MaxIdleConnsPerHost:    mostIdle,
			IdleConnTimeout:        idleFor,
		}
		g.proxy = &httputil.ReverseProxy{
			Rewrite:        rewrite,
			Transport:      g.transport,
			BufferPool:     &buffers{},
			ModifyResponse: g.examine,
			ErrorHandler:   g.unanswered,
			ErrorLog:       log.New(io.Discard, "", 0), // each exchange has its line
		}
	})
	return g.proxy
}

// passed are the request's headers that go on. With a list of those that don't
// the next one that names a browser, a proxy, another method or another path
// would be missing.
var passed = []string{
	"Accept", "Accept-Language", "Cache-Control", "Content-Encoding", "Content-Type",
	"If-Modified-Since", "If-None-Match", "If-Range", "Pragma", "Range", "User-Agent",
}

// outgoing is the program's request with the headers that Kite gets. The proxy
// copies it, so what stays here isn't copied at all.
func outgoing(ctx context.Context, x *exchange) *http.Request {
	in := x.request.Header
	header := make(http.Header, usualHeaders)
	for _, name := range passed {
		if values := in[name]; len(values) > 0 {
			header[name] = values
		}
	}
	// A packed 403 has to be looked into, so nothing is offered that we can't
	// unpack.
	if slices.ContainsFunc(in["Accept-Encoding"], func(v string) bool { return strings.Contains(v, "gzip") }) {
		header["Accept-Encoding"] = gzipOnly
	}
	header["X-Kite-Version"] = apiVersion
	header["Authorization"] = []string{x.grant.header.Reveal()}
	out := x.request.WithContext(ctx)
	out.Header, out.Trailer = header, nil
	return out
}

// rewrite gives the proxy's copy Kite's address.
func rewrite(p *httputil.ProxyRequest) {
	x := exchangeOf(p.In.Context())
	root := x.grant.root
	p.Out.URL = &url.URL{
		Scheme: root.Scheme, Host: root.Host, Path: root.Path + x.decoded, RawPath: root.EscapedPath() + x.escaped,
		RawQuery: withoutCredentials(x.request.URL.RawQuery),
	}
	p.Out.Host = ""
}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// keptAway are headers of Kite's answer that don't concern the program: about
// the connection to Kite, cookies of its web, and what web pages may do.
var keptAway = []string{
	"Alt-Svc", "Clear-Site-Data", "Set-Cookie", "Set-Cookie2", "Strict-Transport-Security",
	"Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Private-Network", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
	ErrorHeader,
}

// examine looks at Kite's answer before the program gets it.
func (g *Gateway) examine(answer *http.Response) error {
	x := exchangeOf(answer.Request.Context())
	switch status := answer.StatusCode; {
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest && status != http.StatusNotModified:
		return errRedirect
	case status == http.StatusNetworkAuthenticationRequired, status < http.StatusInternalServerError && isHTML(answer.Header):
		return errSignIn
	}
	for _, name := range keptAway {
		delete(answer.Header, name)
	}
	x.writer.expected = answer.ContentLength
	x.download = &download{ReadCloser: answer.Body, watch: x.watch}
	answer.Body = x.download
	if answer.StatusCode == http.StatusForbidden {
		g.look(x, answer)
	}
	return nil
}

func isHTML(header http.Header) bool {
	return strings.Contains(strings.ToLower(header.Get("Content-Type")), "html")
}

// unanswered answers in Kite's place. A root that isn't there any more may be
// that of a sandbox that has started anew.
func (g *Gateway) unanswered(_ http.ResponseWriter, r *http.Request, err error) {
	x := exchangeOf(r.Context())
	f := x.unanswered(r.Context(), err)
	if x.account.UsesEmbeddedSandbox() && f.code == kite.EOFFLINE {
		g.handouts.forget()
	}
	g.refuse(x, f)
}

// tellWhenSent sets sent once Kite has the request's headers.
func tellWhenSent(ctx context.Context, sent *atomic.Bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
}

// bufferSize is that of one piece of an answer.
const bufferSize = 32 << 10

// buffers lends the pieces' memory.
type buffers struct{ pool sync.Pool }

// Get is of httputil.BufferPool.
func (b *buffers) Get() []byte {
	if p, ok := b.pool.Get().(*[bufferSize]byte); ok {
		return p[:]
	}
	return make([]byte, bufferSize)
}

// Put is of httputil.BufferPool.
func (b *buffers) Put(p []byte) {
	if len(p) == bufferSize {
		b.pool.Put((*[bufferSize]byte)(p))
	}
}
