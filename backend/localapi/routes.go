package localapi

import (
	"net/http"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// route is one thing that the server does.
type route struct {
	method string // empty: any
	path   string
	serve  func(*Server, http.ResponseWriter, *http.Request)
}

// routes are all there are; openapi.yaml describes each.
var routes = []route{
	{"POST", "/api/kite-auth/generate-session", (*Server).generateSession},
	{"GET", "/v1/accounts", (*Server).listAccounts},
	{"GET", "/v1/accounts/{name}/session", (*Server).handOut},
	{"POST", "/v1/accounts/{name}/login", (*Server).logIn},
	{"GET", "/v1/events", (*Server).streamEvents},
	{"GET", "/v1/openapi.yaml", (*Server).describe},
	{"", "/kite/{name}/{path...}", (*Server).callKite},
	{"", "/kite/{name}", (*Server).callKite},
}

// elsewhere is the pattern of what is at none of the routes.
const elsewhere = "/"

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.HandleFunc(strings.TrimSpace(route.method+" "+route.path), func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead && !toKite(r) {
				s.notServed(w, r)
				return
			}
			if pw, ok := w.(*patientWriter); ok {
				pw.route = r.Pattern
			}
			route.serve(s, w, r)
		})
	}
	mux.HandleFunc(elsewhere, s.notServed)
	return mux
}

// toKite says whether a request is for the gateway. A path that begins so only
// once it is decoded isn't: what follows couldn't be passed on as it came.
func toKite(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, gatewayPath) && (r.URL.RawPath == "" || strings.HasPrefix(r.URL.RawPath, gatewayPath))
}

const gatewayPath = "/kite/"

// answer finds the route of a known client's request. The mux gives no answers
// of its own: a redirect to a cleaner path would be a second guess at what was
// meant.
func (s *Server) answer(w *patientWriter, r *http.Request) {
	if oddPath(r.URL) {
		s.Uses.refused(askedBy(r).client, kite.Account{}, "asked for what there isn't")
		s.fail(w, r, noSuchPath())
		return
	}
	if r.Method == http.MethodConnect {
		s.notServed(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) notServed(w http.ResponseWriter, r *http.Request) {
	s.Uses.refused(askedBy(r).client, kite.Account{}, "asked for what there isn't")
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != elsewhere {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		s.fail(w, r, noSuchPath())
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	refuse(w, r, http.StatusMethodNotAllowed, problemOf(kite.Errorf(kite.EINVALID, "That can't be done with this path.").
		WithHint("Use "+strings.Join(allowed, " or ")+".")))
}

func noSuchPath() error {
	return kite.Errorf(kite.ENOTFOUND, "There is nothing at this path.").WithHint("GET /v1/openapi.yaml describes what there is.")
}

// callKite hands the call to the gateway, with what follows the account's name
// as it came: to decode and encode it again could make it mean another path.
func (s *Server) callKite(w http.ResponseWriter, r *http.Request) {
	if !toKite(r) {
		s.Uses.refused(askedBy(r).client, kite.Account{}, "asked for what there isn't")
		s.fail(w, r, noSuchPath())
		return
	}
	if s.Gateway == nil {
		refuse(w, r, http.StatusNotImplemented, problemOf(kite.Errorf(kite.EINVALID, "Calls to Kite aren't passed on here.")))
		return
	}
	client := askedBy(r).client
	account, err := s.accountOf(r, client)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), gatewayPath), "/")
	s.Gateway.ServeHTTP(w, r, client, account, "/"+rest)
}
