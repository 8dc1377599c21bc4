package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pquerna/otp/totp"
)

// login is one login under way, known by its sess_id.
type login struct {
	id, apiKey     string
	redirectParams string
	claimed        string // user ID, once the password was right
	userID         string // once the TOTP was right too
}

// browserCookie holds who is logged in to this browser: whoever comes again
// with it goes on as that user, as on Kite.
const browserCookie = "enctoken"

// view is what the pages show.
type view struct {
	Step, SessID, APIKey, UserID, Error string
	Hint                                *hint
	ForeignResource                     string
}

type hint struct {
	UserID   string `json:"user_id"`
	Password string `json:"password"`
	TOTP     string `json:"totp"`
}

// handleLogin begins a login and then shows its steps; there are several hops,
// as on Kite.
func (s *Server) handleLogin(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !knownApp(q.Get("api_key")) {
		s.fail(w, r, badAPIKey)
		return
	}
	if !q.Has("sess_id") {
		l := &login{id: newToken(), apiKey: q.Get("api_key"), redirectParams: q.Get("redirect_params")}
		s.mu.Lock()
		s.logins[l.id] = l
		s.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: "kf_session", Value: newToken(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		hop(w, r, "/connect/login", l)
		return
	}
	l := s.loginOf(w, r)
	if l == nil || s.brokenLogin(w, r) {
		return
	}
	if userID := s.browserUser(r); userID != "" {
		s.goOn(w, r, l, userID)
		return
	}
	s.show(w, l, view{Step: "password"})
}

func (s *Server) brokenLogin(w http.ResponseWriter, r *http.Request) bool {
	switch s.faults().Login {
	case "hang":
		<-r.Context().Done()
	case "error":
		http.Error(w, "Service unavailable", http.StatusServiceUnavailable)
	case "garbage":
		s.raw(w, "garbage")
	default:
		return false
	}
	return true
}

func hop(w http.ResponseWriter, r *http.Request, path string, l *login) {
	http.Redirect(w, r, path+"?"+url.Values{"api_key": {l.apiKey}, "sess_id": {l.id}}.Encode(), http.StatusFound)
}

func (s *Server) loginOf(w http.ResponseWriter, r *http.Request) *login {
	s.mu.Lock()
	l := s.logins[r.FormValue("sess_id")]
	s.mu.Unlock()
	if l == nil {
		s.fail(w, r, problem{http.StatusBadRequest, "InputException", "Invalid session."})
	}
	return l
}

func (s *Server) browserUser(r *http.Request) string {
	cookie, err := r.Cookie(browserCookie)
	if err != nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.browsers[cookie.Value]
}

func (s *Server) show(w http.ResponseWriter, l *login, v view) {
	v.SessID, v.APIKey = l.id, l.apiKey
	if f := s.faults(); f.Login == "foreign-resource" {
		v.ForeignResource = f.ResourceHost
	}
	if s.Hints && v.Step != "consent" {
		v.Hint = &hint{}
		if v.Step == "totp" {
			v.Hint = s.hintFor(l.claimed)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := s.pages.ExecuteTemplate(w, "login.html", v); err != nil {
		s.log.Error("login page not shown", "error", err)
	}
}

func (s *Server) handlePassword(w http.ResponseWriter, r *http.Request) {
	l := s.loginOf(w, r)
	if l == nil {
		return
	}
	user, known := userByID(r.PostFormValue("userid"))
	if !known || r.PostFormValue("password") != user.Password {
		s.show(w, l, view{Step: "password", UserID: r.PostFormValue("userid"), Error: "Invalid username or password."})
		return
	}
	l.claimed = user.UserID
	s.show(w, l, view{Step: "totp", UserID: user.UserID})
}

func (s *Server) handleTOTP(w http.ResponseWriter, r *http.Request) {
	l := s.loginOf(w, r)
	if l == nil {
		return
	}
	user, known := userByID(l.claimed)
	if !known {
		s.show(w, l, view{Step: "password"})
		return
	}
	if !s.rightTOTP(user, r.PostFormValue("totp")) {
		s.show(w, l, view{Step: "totp", UserID: user.UserID, Error: "Invalid TOTP."})
		return
	}
	cookie := newToken()
	s.mu.Lock()
	s.browsers[cookie] = user.UserID
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: browserCookie, Value: cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	hop(w, r, "/connect/login", l)
}

// rightTOTP takes the code of now and of 30 seconds before and after, as
// RFC 6238 recommends.
func (s *Server) rightTOTP(user User, code string) bool {
	ok, err := totp.ValidateCustom(strings.TrimSpace(code), user.TOTPSecret, s.Clock.Now(), totpOptions)
	return err == nil && ok
}

// goOn leads a logged-in user to the app: refused, asked once, or back.
func (s *Server) goOn(w http.ResponseWriter, r *http.Request, l *login, userID string) {
	l.userID = userID
	if !enabled(l.apiKey, userID) {
		s.fail(w, r, notEnabled)
		return
	}
	if !s.consented(l) {
		hop(w, r, "/connect/authorize", l)
		return
	}
	hop(w, r, "/connect/finish", l)
}

func (s *Server) consented(l *login) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.state.Consents, l.apiKey+" "+l.userID)
}

func (s *Server) handleAuthorize(w http.ResponseWriter, r *http.Request) {
	if l := s.loggedIn(w, r); l != nil {
		s.show(w, l, view{Step: "consent", UserID: l.userID})
	}
}

// loggedIn is loginOf for what only a user past the TOTP may do; others are
// sent back to the login page.
func (s *Server) loggedIn(w http.ResponseWriter, r *http.Request) *login {
	l := s.loginOf(w, r)
	if l != nil && l.userID == "" {
		hop(w, r, "/connect/login", l)
		return nil
	}
	return l
}

func (s *Server) handleConsent(w http.ResponseWriter, r *http.Request) {
	l := s.loggedIn(w, r)
	if l == nil {
		return
	}
	if r.PostFormValue("answer") != "authorise" {
		http.Redirect(w, r, s.callback(l, url.Values{"status": {"cancelled"}}), http.StatusFound)
		return
	}
	s.mu.Lock()
	s.state.Consents = append(s.state.Consents, l.apiKey+" "+l.userID)
	s.save()
	s.mu.Unlock()
	hop(w, r, "/connect/finish", l)
}
