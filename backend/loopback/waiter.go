package loopback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// maxHeaders bounds a request's line and headers, which hold cookies of
// everything that ever ran on this computer's name. net/http adds 4 KiB.
const maxHeaders = 32 << 10

// maxRequestURI is above what kite.ParseRedirect reads.
const maxRequestURI = 9 << 10

type waiter struct {
	callbackURL string
	path        string
	leave       time.Duration
	server      *http.Server
	serving     sync.WaitGroup
	failed      chan error

	mu    sync.Mutex
	judge func(kite.Secret) kite.RedirectAnswer // nil once it is over
}

// serve answers on the sockets until Close.
func (l *Listener) serve(callbackURL string, judge func(kite.Secret) kite.RedirectAnswer, sockets []net.Listener) *waiter {
	w := &waiter{callbackURL: callbackURL, path: "/", leave: l.Leave, judge: judge, failed: make(chan error, len(sockets))}
	if u, err := url.Parse(callbackURL); err == nil && u.EscapedPath() != "" {
		w.path = u.EscapedPath()
	}
	w.server = &http.Server{
		Handler: w, DisableGeneralOptionsHandler: true, MaxHeaderBytes: maxHeaders,
		ReadHeaderTimeout: l.Headers, ReadTimeout: l.Headers, WriteTimeout: l.Answer,
		ErrorLog: log.New(io.Discard, "", 0), // it would quote requests
	}
	w.server.SetKeepAlivesEnabled(false)
	for _, socket := range sockets {
		w.serving.Go(func() {
			if err := w.server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
				w.failed <- fmt.Errorf("answer the browser: %w", err)
			}
		})
	}
	return w
}

// Failed tells why nothing is answered any more.
func (w *waiter) Failed() <-chan error { return w.failed }

// ServeHTTP answers one request; only one that leads to the callback URL to
// the letter is judged.
func (w *waiter) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	switch {
	case !kite.MatchesCallback("http://"+r.Host+w.path, w.callbackURL):
		show(rw, http.StatusMisdirectedRequest, missing)
	case !kite.MatchesCallback("http://"+r.Host+r.RequestURI, w.callbackURL):
		show(rw, http.StatusNotFound, missing)
	case r.Method != http.MethodGet:
		rw.Header().Set("Allow", http.MethodGet)
		show(rw, http.StatusMethodNotAllowed, unasked)
	case r.ContentLength != 0:
		show(rw, http.StatusRequestEntityTooLarge, unasked)
	case len(r.RequestURI) > maxRequestURI:
		show(rw, http.StatusRequestURITooLong, unasked)
	default:
		w.redirected(rw, kite.NewSecret("http://"+r.Host+r.RequestURI))
	}
}

// redirected has the redirect judged.
func (w *waiter) redirected(rw http.ResponseWriter, redirectURL kite.Secret) {
	answer, judged := w.judged(redirectURL)
	switch {
	case !judged:
		show(rw, http.StatusGone, over)
	case answer.Err == nil:
		show(rw, http.StatusOK, taken)
	default:
		show(rw, http.StatusBadRequest, failed(answer))
	}
}

// judged lets one redirect after another be judged, but none after the one
// that was final.
func (w *waiter) judged(redirectURL kite.Secret) (kite.RedirectAnswer, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.judge == nil {
		return kite.RedirectAnswer{}, false
	}
	answer := w.judge(redirectURL)
	if answer.Final {
		w.judge = nil
	}
	return answer, true
}

// Close lets answers under way reach the browser, but doesn't wait for
// connections on which nothing is asked: browsers open some in advance.
func (w *waiter) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), w.leave)
	defer cancel()
	err := w.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = w.server.Close()
	}
	w.serving.Wait()
	return err
}
