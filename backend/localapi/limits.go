package localapi

import (
	"io"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Limits are how much, how often and how long. Zero means the usual.
type Limits struct {
	Connections int // at once; beyond it those whose request has brought no token yet are closed, oldest first
	Requests    int // under way at once, of one client
	Streams     int // of events at once, of one client

	Rate      rate.Limit // requests a second of one client, to anything but /kite/
	Burst     int
	KiteRate  rate.Limit // to /kite/
	KiteBurst int

	Refusals     rate.Limit // a second, of requests without a right token, of all programs together
	RefusalBurst int

	Header    time.Duration // until a request's header is there
	Body      time.Duration // until its body is there
	Idle      time.Duration // between two requests of a connection
	Write     time.Duration // until what was written is taken
	Login     time.Duration // until the user has logged in
	Heartbeat time.Duration // between two signs of life on a stream
	Recheck   time.Duration // until a stream sees what another process changed
	Goodbye   time.Duration // until answers under way are done once the server is to end
}

// Bytes that a request may have.
const (
	maxHeader   = 16 << 10
	maxBody     = 16 << 10 // of anything but /kite/
	maxKiteBody = 2 << 20  // the gateway has a lower bound of its own
)

func usualLimits() Limits {
	return Limits{
		Connections: 512, Requests: 128, Streams: 8,
		Rate: 20, Burst: 60, KiteRate: 200, KiteBurst: 400, Refusals: 20, RefusalBurst: 60,
		Header: 5 * time.Second, Body: 10 * time.Second, Idle: time.Minute, Write: 20 * time.Second,
		Login: 10 * time.Minute, Heartbeat: 15 * time.Second, Recheck: 2 * time.Second, Goodbye: 2 * time.Second,
	}
}

func (l Limits) orUsual() Limits {
	u := usualLimits()
	unless(&l.Connections, u.Connections)
	unless(&l.Requests, u.Requests)
	unless(&l.Streams, u.Streams)
	unless(&l.Rate, u.Rate)
	unless(&l.Burst, u.Burst)
	unless(&l.KiteRate, u.KiteRate)
	unless(&l.KiteBurst, u.KiteBurst)
	unless(&l.Refusals, u.Refusals)
	unless(&l.RefusalBurst, u.RefusalBurst)
	unless(&l.Header, u.Header)
	unless(&l.Body, u.Body)
	unless(&l.Idle, u.Idle)
	unless(&l.Write, u.Write)
	unless(&l.Login, u.Login)
	unless(&l.Heartbeat, u.Heartbeat)
	unless(&l.Recheck, u.Recheck)
	unless(&l.Goodbye, u.Goodbye)
	return l
}

func unless[T comparable](value *T, usual T) {
	var zero T
	if *value == zero {
		*value = usual
	}
}

// rates are the allowances of all clients.
type rates struct {
	limits   Limits
	refusals *rate.Limiter // of those who are none
	mu       sync.Mutex
	byClient map[string]*allowance
}

func newRates(l Limits) rates {
	return rates{limits: l, refusals: rate.NewLimiter(l.Refusals, l.RefusalBurst), byClient: map[string]*allowance{}}
}

// allowance is what one client has left.
type allowance struct {
	own, kite *rate.Limiter
	requests  int
	streams   int
}

// most bounds how many allowances are kept: those of revoked clients go.
const most = 1000

func (r *rates) of(clientID string) *allowance {
	a := r.byClient[clientID]
	if a == nil {
		if len(r.byClient) >= most {
			clear(r.byClient)
		}
		a = &allowance{own: rate.NewLimiter(r.limits.Rate, r.limits.Burst), kite: rate.NewLimiter(r.limits.KiteRate, r.limits.KiteBurst)}
		r.byClient[clientID] = a
	}
	return a
}

// enter counts a request in; the caller calls leave when it is done. Where the
// client has used up what it has, err is ERATELIMIT and wait is how long to wait.
func (r *rates) enter(clientID string, toKite bool) (leave func(), wait time.Duration, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.of(clientID)
	limiter := a.own
	if toKite {
		limiter = a.kite
	}
	reservation := limiter.Reserve()
	if wait := reservation.Delay(); wait > 0 {
		reservation.Cancel()
		return nil, wait, kite.Errorf(kite.ERATELIMIT, "This program asks too often.").WithHint("Wait as long as Retry-After says.")
	}
	if a.requests >= r.limits.Requests {
		return nil, time.Second, kite.Errorf(kite.ERATELIMIT, "This program has too many requests under way.").WithHint("Wait for answers before asking more.")
	}
	a.requests++
	return func() { r.mu.Lock(); a.requests--; r.mu.Unlock() }, 0, nil
}

// enterStream is enter for a stream of events.
func (r *rates) enterStream(clientID string) (leave func(), err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.of(clientID)
	if a.streams >= r.limits.Streams {
		return nil, kite.Errorf(kite.ERATELIMIT, "This program follows events too many times at once.").WithHint("Close a stream before opening another.")
	}
	a.streams++
	return func() { r.mu.Lock(); a.streams--; r.mu.Unlock() }, nil
}

// retryAfter is the header for that wait, in whole seconds:
// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after.
func retryAfter(wait time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
}

// limitBody bounds how much a request's body may have and how long it may take,
// and takes the time limit away once the body is there: an answer may take
// longer.
func limitBody(w http.ResponseWriter, r *http.Request, bytes int64, patience time.Duration) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(patience)) // connections of this server have deadlines
	r.Body = &timedBody{ReadCloser: http.MaxBytesReader(w, r.Body, bytes), done: func() { _ = control.SetReadDeadline(time.Time{}) }}
}

type timedBody struct {
	io.ReadCloser
	done func()
}

// Read lifts the deadline at the end of the body.
func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF { //nolint:errorlint // readers return it as it is
		b.done()
	}
	return n, err
}

// patientWriter gives each write its own time: an answer may be long, but its
// reader must go on reading.
type patientWriter struct {
	http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
	status   int
	route    string // that was found, for the log
}

func newPatientWriter(w http.ResponseWriter, patience time.Duration) *patientWriter {
	return &patientWriter{ResponseWriter: w, control: http.NewResponseController(w), patience: patience}
}

// Unwrap lets http.ResponseController find what is below.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *patientWriter) extend() { _ = w.control.SetWriteDeadline(time.Now().Add(w.patience)) }

// WriteHeader remembers the status, for the log.
func (w *patientWriter) WriteHeader(status int) {
	w.extend()
	if w.status == 0 || w.status < http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write gives the reader time for this part.
func (w *patientWriter) Write(p []byte) (int, error) {
	w.extend()
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Flush is FlushError for those who don't ask.
func (w *patientWriter) Flush() { _ = w.FlushError() }

// FlushError sends what was written.
func (w *patientWriter) FlushError() error {
	w.extend()
	return w.control.Flush()
}
