package sandbox

import (
	"embed"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// DefaultCallback is the redirect URL the invented apps are registered with,
// and the one the account form suggests.
const DefaultCallback = "http://127.0.0.1:51730/kite/callback"

// Config is how a sandbox behaves. The zero value works.
type Config struct {
	Clock     kite.Clock    // default: the computer's
	StatePath string        // keeps consent and token hashes; "" forgets them
	Lifetime  time.Duration // of access tokens; 0 is Kite's cut-off
	Hints     bool          // show the invented user's password and TOTP on the login page
	Callback  string        // registered with both apps; default DefaultCallback
	PerSecond int           // calls of an API key, and orders of a user; default Kite's 10
	Log       *slog.Logger
}

// Server is the simulated Kite: an http.Handler.
type Server struct {
	Config
	log   *slog.Logger
	pages *template.Template
	mux   *http.ServeMux
	desk  *desk

	mu        sync.Mutex
	fault     Faults
	redirects map[string]string        // API key → registered redirect URL
	logins    map[string]*login        // sess_id → login under way
	browsers  map[string]string        // cookie → logged-in user
	requests  map[string]requestToken  // request_token → what it is good for
	limiters  map[string]*rate.Limiter // API key, or "orders of " + user → its limit
	state     state
	lastUsed  time.Time
}

//go:embed page
var pageFiles embed.FS

// New returns a sandbox with what the state file remembers.
func New(c Config) (*Server, error) {
	if c.Clock == nil {
		c.Clock = kite.SystemClock{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Callback == "" {
		c.Callback = DefaultCallback
	}
	if c.PerSecond == 0 {
		c.PerSecond = perSecond
	}
	pages, err := template.ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return nil, err
	}
	s := &Server{
		Config: c, log: c.Log, pages: pages, mux: http.NewServeMux(),
		redirects: map[string]string{SharedApp: c.Callback, PrivateApp: c.Callback},
		logins:    map[string]*login{}, browsers: map[string]string{},
		requests: map[string]requestToken{}, limiters: map[string]*rate.Limiter{},
		lastUsed: time.Now(),
	}
	if s.state, err = readState(c.StatePath); err != nil {
		return nil, err
	}
	if s.desk, err = openDesk(c.Clock, c.Log, journalPath(c.StatePath)); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

func (s *Server) routes() {
	s.mux.HandleFunc("GET /connect/login", s.handleLogin)
	s.mux.HandleFunc("POST /connect/login/password", s.handlePassword)
	s.mux.HandleFunc("POST /connect/login/totp", s.handleTOTP)
	s.mux.HandleFunc("GET /connect/authorize", s.handleAuthorize)
	s.mux.HandleFunc("POST /connect/authorize", s.handleConsent)
	s.mux.HandleFunc("GET /connect/finish", s.handleFinish)
	s.mux.HandleFunc("GET /connect/hint", s.handleHint)
	s.mux.Handle("GET /page/", http.FileServerFS(pageFiles))
	s.mux.HandleFunc("POST /session/token", s.api(s.handleExchange))
	s.mux.HandleFunc("DELETE /session/token", s.api(s.handleInvalidate))
	s.mux.HandleFunc("GET /user/profile", s.api(s.authorised(s.handleProfile)))
	s.mux.HandleFunc("GET /user/margins", s.api(s.authorised(s.handleMargins)))
	s.mux.HandleFunc("GET /user/margins/{segment}", s.api(s.authorised(s.handleMargins)))
	s.orderRoutes()
	s.mux.HandleFunc("GET /_sandbox/health", s.handleHealth)
	s.mux.HandleFunc("POST /_sandbox/faults", control(s.handleFaults))
	s.mux.HandleFunc("POST /_sandbox/expire", control(s.handleExpire))
	s.mux.HandleFunc("POST /_sandbox/redirect", control(s.handleRedirect))
	s.mux.HandleFunc("POST /_sandbox/price", control(s.handlePrice))
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, noRoute) })
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.lastUsed = time.Now()
	s.mu.Unlock()
	s.mux.ServeHTTP(w, r)
}

// Idle is how long nobody has asked anything.
func (s *Server) Idle() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.lastUsed)
}

// Apps are the invented apps.
func (s *Server) Apps() []App {
	s.mu.Lock()
	defer s.mu.Unlock()
	var apps []App
	for _, key := range []string{SharedApp, PrivateApp} {
		apps = append(apps, App{APIKey: key, APISecret: APISecret(key), RedirectURL: s.redirects[key]})
	}
	return apps
}

// Endpoints are where a sandbox at base, such as http://127.0.0.1:8080, has
// its login page and API.
func Endpoints(base string) kite.Endpoints {
	return kite.Endpoints{LoginURL: base + "/connect/login", APIRoot: base}
}

// ControlHeader must be on requests that switch the sandbox: a web page can't
// set it across origins.
const ControlHeader = "X-Sandbox-Control"

func control(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(ControlHeader) == "" {
			http.Error(w, "set "+ControlHeader, http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// handleHealth tells that this is a sandbox and which process, for who looks
// for the one of a data folder.
func (s *Server) handleHealth(w http.ResponseWriter, r *http.Request) {
	s.succeed(w, r, map[string]any{"sandbox": true, "pid": os.Getpid()})
}

// handleExpire ends a user's tokens, as a master logout on Kite's web does.
func (s *Server) handleExpire(w http.ResponseWriter, r *http.Request) {
	var body struct {
		UserID string `json:"user_id"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.EndTokensOf(body.UserID)
	w.WriteHeader(http.StatusNoContent)
}

// handleRedirect registers another redirect URL with an app.
func (s *Server) handleRedirect(w http.ResponseWriter, r *http.Request) {
	var body struct {
		APIKey string `json:"api_key"`
		URL    string `json:"url"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !knownApp(body.APIKey) {
		http.Error(w, "api_key and url are needed", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.redirects[body.APIKey] = body.URL
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}
