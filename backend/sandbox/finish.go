package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

var totpOptions = totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// handleFinish sends the user back with a request_token.
func (s *Server) handleFinish(w http.ResponseWriter, r *http.Request) {
	l := s.loginOf(w, r)
	if l == nil {
		return
	}
	if l.userID == "" || !s.consented(l) || !enabled(l.apiKey, l.userID) {
		hop(w, r, "/connect/login", l)
		return
	}
	s.mu.Lock()
	delete(s.logins, l.id)
	s.mu.Unlock()
	q := url.Values{
		"action": {"login"}, "type": {"login"}, "status": {"success"},
		"request_token": {s.issueRequestToken(l.apiKey, l.userID)},
	}
	s.leave(w, r, s.callback(l, q))
}

// callback is the app's redirect URL with these parameters and the flattened
// redirect_params, as Kite sends them.
func (s *Server) callback(l *login, q url.Values) string {
	params, err := url.ParseQuery(l.redirectParams)
	if err == nil && q.Get("status") == "success" {
		for name, values := range params {
			q[name] = values
		}
	}
	s.mu.Lock()
	base := s.redirects[l.apiKey]
	s.mu.Unlock()
	return spoil(base, q, s.faults().Redirect)
}

// spoil applies a redirect fault.
func spoil(base string, q url.Values, fault string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	switch fault {
	case "no-state":
		q.Del("state")
	case "foreign-state":
		q.Set("state", strings.Repeat("0", 32))
	case "two-tokens":
		q.Add("request_token", newToken())
	case "no-token":
		q.Del("request_token")
	case "error":
		q.Set("status", "error")
		q.Del("request_token")
	case "no-status":
		q.Del("status")
	case "extra-path":
		u.Path += "/more"
	case "lookalike-host":
		u.Host = u.Hostname() + ".evil.example"
	case "other-host":
		u.Scheme, u.Host = "https", "elsewhere.example"
	case "other-scheme":
		u.Scheme = map[string]string{"http": "https", "https": "http"}[u.Scheme]
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// leave redirects as Kite does, or in one of the other ways a page can.
func (s *Server) leave(w http.ResponseWriter, r *http.Request, target string) {
	switch way := s.faults().Redirect; way {
	case "js", "meta", "post":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := s.pages.ExecuteTemplate(w, "leave.html", map[string]string{"Way": way, "Target": target}); err != nil {
			s.log.Error("leave page not shown", "error", err)
		}
	default:
		http.Redirect(w, r, target, http.StatusFound)
	}
}

// hintFor is what a person needs to log in as an invented user.
func (s *Server) hintFor(userID string) *hint {
	user, ok := userByID(userID)
	if !ok {
		return &hint{}
	}
	code, err := totp.GenerateCodeCustom(user.TOTPSecret, s.Clock.Now(), totpOptions)
	if err != nil {
		s.log.Error("TOTP not computed", "error", err)
	}
	return &hint{UserID: user.UserID, Password: user.Password, TOTP: code}
}

// handleHint answers the strip on the login page.
func (s *Server) handleHint(w http.ResponseWriter, r *http.Request) {
	if !s.Hints {
		s.fail(w, r, noRoute)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(s.hintFor(r.URL.Query().Get("userid"))); err != nil {
		s.log.Debug("hint not sent", "error", err)
	}
}
