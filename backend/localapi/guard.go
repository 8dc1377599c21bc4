package localapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// crossOrigin refuses what browsers say comes from another site,
// https://pkg.go.dev/net/http#CrossOriginProtection.
var crossOrigin = http.NewCrossOriginProtection()

// ServeHTTP refuses what mustn't get further, and lets the rest be answered.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	pw := newPatientWriter(w, s.Limits.Write)
	pw.Header().Set("Cache-Control", "no-store")
	pw.Header().Set("X-Content-Type-Options", "nosniff")
	defer s.recover(pw, r)
	bound := int64(maxBody)
	if toKite(r) {
		bound = maxKiteBody
	}
	limitBody(pw, r, bound, s.Limits.Body)
	if sentence := s.foreign(r); sentence != "" {
		pw.Header().Set("Connection", "close")
		refuse(pw, r, http.StatusForbidden, problem{Code: kite.EDENIED, Message: sentence})
		return
	}
	s.known(pw, r)
	if pw.status >= http.StatusBadRequest {
		s.Log.Info("local API refused", "route", pw.route, "method", shownMethod(r.Method), "status", pw.status)
	}
}

// foreign says what makes the request one that isn't meant for this server, or
// nothing. A page of the web can make the browser send requests here: over a
// name that it lets lead to this computer, which Host then has (DNS
// rebinding), or from itself, which Origin and Sec-Fetch-Site say. There is no
// page that may.
func (s *Server) foreign(r *http.Request) string {
	_, hasOrigin := r.Header["Origin"]
	site := r.Header.Values("Sec-Fetch-Site")
	switch {
	case len(s.hosts) > 0 && !slices.Contains(s.hosts, r.Host):
		return "This server answers at its own address only, 127.0.0.1 with its port."
	case hasOrigin,
		slices.ContainsFunc(site, func(v string) bool { return v != "none" }),
		crossOrigin.Check(r) != nil:
		return "This server answers no web pages."
	}
	return ""
}

// known finds out who asks, before it says anything about what there is.
func (s *Server) known(w *patientWriter, r *http.Request) {
	c := credentialOf(r.Header, toKite(r))
	if !c.valid {
		s.stranger(w, r, c)
		return
	}
	client, number, err := s.Auth.clientAt(r.Context(), c.hash)
	switch kite.ErrorCode(err) {
	case "":
	case kite.ENOTFOUND:
		s.stranger(w, r, c)
		return
	case kite.ECONFLICT: // about the database, not about what was asked
		refuse(w, r, http.StatusServiceUnavailable, problemOf(err))
		return
	default:
		s.fail(w, r, err)
		return
	}
	defer s.conns.hold(r.Context())()
	leave, wait, err := s.rates.enter(client.ID, toKite(r))
	if err != nil {
		s.Uses.refused(client, kite.Account{}, "was refused: it asked too often")
		w.Header().Set("Retry-After", retryAfter(wait))
		s.fail(w, r, err)
		return
	}
	defer leave()
	s.Uses.Seen(client)
	who := asked{client: client, hash: c.hash, version: &version{number: number}}
	s.answer(w, r.WithContext(context.WithValue(r.Context(), askedKey{}, who)))
}

// stranger refuses who has no right token. Those who have one never wait for
// the others, who share what they may.
func (s *Server) stranger(w *patientWriter, r *http.Request, c credential) {
	if c.brought {
		s.Uses.Refused()
	}
	w.Header().Set("Connection", "close")
	if !s.rates.refusals.Allow() {
		w.Header().Set("Retry-After", retryAfter(time.Second))
		s.fail(w, r, kite.Errorf(kite.ERATELIMIT, "Too many requests came without a right token.").WithHint("Wait as long as Retry-After says, and look at the token."))
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="Kite Accounts"`)
	refuse(w, r, http.StatusUnauthorized, problem{
		Code: codeUnauthorized, Message: "The token is missing, wrong or revoked.",
		Hint: "Send Authorization: Bearer TOKEN. The user adds programs, and gets their tokens, in Kite Accounts' preferences or with kitectl client add.",
	})
}

// codeUnauthorized is the code of a refused token: none of the domain's.
const codeUnauthorized = "EUNAUTHORIZED"

// asked is who asks.
type asked struct {
	client  kite.APIClient
	hash    kite.TokenHash
	version *version // at which the client was let in
}

type askedKey struct{}

func askedBy(r *http.Request) asked {
	a, _ := r.Context().Value(askedKey{}).(asked)
	return a
}

// oddPath says whether a path has parts that could mean another path to
// whoever reads it next: dot segments, empty ones, control characters,
// backslashes, also where they are encoded.
func oddPath(u *url.URL) bool {
	path := u.Path // decoded
	if !strings.HasPrefix(path, "/") || strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return true
	}
	segments := strings.Split(strings.TrimSuffix(path[1:], "/"), "/")
	return path != "/" && slices.ContainsFunc(segments, func(s string) bool { return s == "" || s == "." || s == ".." })
}

func (s *Server) recover(w *patientWriter, r *http.Request) {
	value := recover()
	if value == nil {
		return
	}
	if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(value) // the way to break an answer off
	}
	// The value may have what the request had, so only the stack is told.
	s.Log.Error("local API panicked", "route", w.route, "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	refuse(w, r, http.StatusInternalServerError, problemOf(kite.AsError(http.ErrAbortHandler)))
}

// shownMethod keeps words of the caller's out of the log.
func shownMethod(method string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}, method) {
		return method
	}
	return "other"
}
