package gateway

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Sessions gives an account's living session with its token; ENOSESSION,
// EENDED, ELOCKED, ENOTFOUND.
type Sessions interface {
	Handout(ctx context.Context, accountID string) (kite.Handout, error)
}

// Versions gives a number that is another one after each write to the
// database, by whatever process. It is asked with each request.
type Versions interface {
	Version(ctx context.Context) (int64, error)
}

// Ender ends a session that is still active, as kite.SessionStore does.
type Ender interface {
	EndSession(ctx context.Context, sessionID string, reason kite.EndedReason, at time.Time) error
}

// Recorder is told of each request once it is over. It must be quick.
type Recorder interface {
	// Note takes what the program did: empty for reading, of which the history
	// tells in aggregate, or one thing to be told by itself, such as "POST
	// /orders/regular: 200", in which "unknown" stands for a lost answer, "not
	// sent", "not allowed" and "no session" for what Kite never got.
	Note(client kite.APIClient, account kite.Account, what string)
	// InVain takes why a request to read wasn't passed on, such as "no session".
	InVain(client kite.APIClient, account kite.Account, why string)
}

// Config is what a Gateway works with.
type Config struct {
	Sessions Sessions
	Versions Versions
	Ender    Ender
	Recorder Recorder
	Events   kite.Publisher
	Clock    kite.Clock
	Log      *slog.Logger
}

// Gateway passes requests on to Kite. Its fields are set before the first
// request and then only read.
type Gateway struct {
	Config
	ConnectTimeout time.Duration // for DNS with TCP, and once more for TLS
	HeaderTimeout  time.Duration // from the request's end to the answer's headers
	Silence        time.Duration // longest pause of a body, either way
	LookTimeout    time.Duration // for reading a 403 before it is passed on
	MaxBody        int64         // bytes of a request's body

	handouts  handouts
	start     sync.Once
	proxy     *httputil.ReverseProxy
	transport *http.Transport
}

// New returns a gateway with the release's deadlines and limits.
func New(c Config) *Gateway {
	g := &Gateway{
		Config:         c,
		ConnectTimeout: 10 * time.Second,
		HeaderTimeout:  30 * time.Second,
		Silence:        time.Minute,
		LookTimeout:    5 * time.Second,
		MaxBody:        1 << 20,
	}
	g.handouts.sessions, g.handouts.versions, g.handouts.clock = c.Sessions, c.Versions, c.Clock
	return g
}

// Changed is to be told every event: it drops the tokens in memory if the
// event may concern them.
func (g *Gateway) Changed(e kite.Event) {
	switch e.Type {
	case kite.SessionChanged, kite.AccountChanged, kite.VaultChanged:
		g.handouts.forget()
	default:
	}
}

// Close drops the tokens in memory and idle connections. Requests under way go
// on.
func (g *Gateway) Close() {
	g.handouts.forget()
	g.forwarder()
	g.transport.CloseIdleConnections()
}

// exchange is one request with all that belongs to it.
type exchange struct {
	client  kite.APIClient
	account kite.Account
	request *http.Request
	escaped string // path as it came
	decoded string // path as Kite sees it
	changes bool   // may change something at Kite
	grant   *grant // nil if nothing was passed on
	watch   *watch
	writer  *writer
	upload  *upload     // nil without a body
	sent    atomic.Bool // of an exchange that changes something: Kite has the headers
	// download is nil if Kite didn't answer, failure is if it did.
	download *download
	failure  *failure
	began    time.Time
}

// exchangeKey finds the exchange in a request's context.
type exchangeKey struct{}

// ServeHTTP passes a request of that program on to Kite for the account, whose
// use the caller has allowed. path is the escaped rest of the URL's path, as
// Kite is to see it: it begins with a slash. The server gives the program's
// side its deadlines: for the request's body, and for each piece written. It may panic with
// http.ErrAbortHandler when an answer breaks off, as every http.Handler may.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request, client kite.APIClient, account kite.Account, path string) {
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	x := &exchange{client: client, account: account, request: r, escaped: path, began: time.Now()}
	x.watch = newWatch(cancel, w, g.Silence)
	x.writer = &writer{ResponseWriter: w, watch: x.watch}
	defer g.finish(x)
	defer x.watch.stop()
	if f := g.admit(ctx, x); f != nil {
		g.refuse(x, f)
		return
	}
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	if x.changes {
		ctx = tellWhenSent(ctx, &x.sent)
	}
	out := outgoing(ctx, x)
	if r.Body != nil && r.ContentLength != 0 {
		x.upload = newUpload(r.Body, g.MaxBody, x.watch)
		out.Body = x.upload
	}
	g.forwarder().ServeHTTP(x.writer, out)
}

// admit finds the session to use, or why there is nothing to pass on.
func (g *Gateway) admit(ctx context.Context, x *exchange) *failure {
	var ok bool
	x.changes = !reads(x.request.Method, x.escaped)
	if x.decoded, ok = decodePath(x.escaped); !ok {
		return &failure{status: http.StatusBadRequest, kind: inputException, code: kite.EINVALID, message: "Kite's API has no such path."}
	}
	x.changes = !reads(x.request.Method, x.decoded)
	if f := permit(x.client, x.request, x.decoded); f != nil {
		return f
	}
	if x.request.ContentLength > g.MaxBody {
		return tooBig()
	}
	grant, err := g.handouts.of(ctx, x.account.ID)
	if err != nil {
		return withoutSession(ctx, err)
	}
	x.grant = grant
	return nil
}

// requestFailure says what was wrong with the program's own body, if anything.
// cause is why the gateway ended the exchange, nil if it didn't.
func (x *exchange) requestFailure(cause error) *failure {
	if x.upload == nil || x.upload.whole.Load() {
		return nil
	}
	switch err := x.upload.problem(); {
	case errors.Is(err, errTooBig):
		return tooBig()
	case errors.Is(cause, errSilent), errors.Is(err, os.ErrDeadlineExceeded):
		return &failure{status: http.StatusRequestTimeout, kind: inputException, code: kite.ETIMEOUT,
			message: "The rest of the request didn't come in time.", cause: cause}
	case err != nil:
		return &failure{status: http.StatusBadRequest, kind: inputException, code: kite.EINVALID,
			message: "The request broke off before its end.", cause: err}
	}
	return nil
}

func tooBig() *failure {
	return &failure{status: http.StatusRequestEntityTooLarge, kind: inputException, code: kite.EINVALID,
		message: "The request is longer than Kite's requests are."}
}

// refuse answers in Kite's place, unless the program has gone.
func (g *Gateway) refuse(x *exchange, f *failure) {
	x.failure = f
	if f.status == statusGone {
		return
	}
	_ = http.NewResponseController(x.writer).SetWriteDeadline(time.Now().Add(g.Silence)) // the watch may have ended it
	if err := f.send(x.writer); err != nil {
		g.Log.Debug("refusal not sent", "account", x.account.ID, "error", err)
	}
}

// finish tells the recorder, and the log of what changes something or failed;
// also when the answer broke off. Reads that succeed are in the history, by
// their number: a line each would fill the log in a day.
func (g *Gateway) finish(x *exchange) {
	status := x.writer.status
	if status == 0 {
		status = statusGone
	}
	switch {
	case x.grant == nil && !x.changes && x.failure != nil:
		g.Recorder.InVain(x.client, x.account, x.failure.why())
	default:
		g.Recorder.Note(x.client, x.account, x.deed(status))
	}
	if x.failure == nil && !x.changes && !x.brokeOff() {
		return
	}
	attributes := []slog.Attr{
		slog.String("client", x.client.Name), slog.String("account", x.account.ID), slog.String("method", x.request.Method),
		slog.String("path", x.decoded), slog.Int("status", status), slog.Duration("took", time.Since(x.began)),
	}
	switch {
	case x.failure != nil:
		attributes = append(attributes, slog.String("code", x.failure.code), slog.Any("error", x.failure.cause))
	case x.brokeOff():
		attributes = append(attributes, slog.Any("error", describe(x.download.err)))
	}
	g.Log.LogAttrs(x.request.Context(), slog.LevelInfo, "gateway to Kite", attributes...)
}

// brokeOff says that Kite's answer had no end, also since the program went away
// in the midst of it.
func (x *exchange) brokeOff() bool { return x.download != nil && x.download.err != nil }

// deed is what the history tells of the exchange; empty for reading.
func (x *exchange) deed(status int) string {
	if !x.changes {
		return ""
	}
	outcome := strconv.Itoa(status)
	switch {
	case x.grant == nil && x.failure != nil:
		method := x.request.Method
		if x.failure.status == http.StatusMethodNotAllowed {
			method = "Another method of" // it may be any word
		}
		return method + " " + cmp.Or(x.decoded, "/…") + ": " + x.failure.why()
	case x.failure == nil && x.writer.status != 0:
	case x.sent.Load():
		outcome = "unknown"
	default:
		outcome = "not sent"
	}
	return x.request.Method + " " + x.decoded + ": " + outcome
}
