package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// perSecond is Kite's limit for an API key, and for orders of a user with
// whatever key, https://kite.trade/docs/connect/v3/exceptions/#api-rate-limit.
const perSecond = 10

// api wraps a call with the faults and the limit.
func (s *Server) api(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.broken(w, r) {
			return
		}
		if err := r.ParseForm(); err != nil {
			s.fail(w, r, problem{http.StatusBadRequest, "InputException", "Invalid form."})
			return
		}
		if !s.allow(keyOf(r)) {
			s.fail(w, r, tooMany)
			return
		}
		if f := s.faults(); f.API == "drop-after" && strings.HasPrefix(r.URL.Path, f.APIPath) {
			next(discard{http.Header{}}, r)
			drop()
		}
		next(w, r)
	}
}

// discard is where an answer goes that the client is never to see.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// keyOf is the API key a request comes with.
func keyOf(r *http.Request) string {
	if key := r.Form.Get("api_key"); key != "" {
		return key
	}
	key, _ := credentials(r)
	return key
}

func credentials(r *http.Request) (apiKey, token string) {
	apiKey, token, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "token "), ":")
	return apiKey, token
}

// allow counts a call of an API key, or an order of a user.
func (s *Server) allow(who string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.limiters[who]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(s.PerSecond), s.PerSecond)
		s.limiters[who] = l
	}
	return l.Allow()
}

// authorised finds whose token the call carries.
func (s *Server) authorised(next func(http.ResponseWriter, *http.Request, User)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, ok := s.userOf(credentials(r))
		if !ok {
			s.fail(w, r, badToken)
			return
		}
		next(w, r, user)
	}
}

func (s *Server) handleExchange(w http.ResponseWriter, r *http.Request) {
	apiKey, token := r.PostForm.Get("api_key"), r.PostForm.Get("request_token")
	if !knownApp(apiKey) {
		s.fail(w, r, badAPIKey)
		return
	}
	sum := sha256.Sum256([]byte(apiKey + token + APISecret(apiKey)))
	if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(r.PostForm.Get("checksum"))) != 1 {
		s.fail(w, r, badChecksum)
		return
	}
	t, ok := s.takeRequestToken(token, apiKey)
	if !ok {
		s.fail(w, r, usedToken)
		return
	}
	user, _ := userByID(t.userID)
	s.succeed(w, r, s.grant(apiKey, user))
}

// grant is the answer to the exchange, field by field as Kite's:
// https://kite.trade/docs/connect/v3/user/.
func (s *Server) grant(apiKey string, user User) map[string]any {
	f := s.faults()
	if f.OtherUser != "" {
		user.UserID = f.OtherUser
	}
	g := profileOf(user)
	g["access_token"] = s.issueAccessToken(apiKey, user.UserID)
	g["public_token"], g["enctoken"], g["refresh_token"], g["silo"] = newToken(), newToken(), "", ""
	g["api_key"] = apiKey
	if f.OtherAPIKey != "" {
		g["api_key"] = f.OtherAPIKey
	}
	login := s.Clock.Now().Add(time.Duration(f.LoginTimeSkewMs) * time.Millisecond)
	g["login_time"] = login.In(kite.IST).Format("2006-01-02 15:04:05")
	return g
}

func profileOf(u User) map[string]any {
	short, _, _ := strings.Cut(u.Name, " ")
	return map[string]any{
		"user_id": u.UserID, "user_type": "individual", "email": u.Email, "user_name": u.Name, "user_shortname": short,
		"broker": "ZERODHA", "exchanges": []string{"NSE", "BSE", "NFO", "BFO", "CDS", "MCX", "MF"},
		"products": []string{"CNC", "NRML", "MIS", "MTF"}, "order_types": []string{"MARKET", "LIMIT", "SL", "SL-M"},
		"avatar_url": nil, "meta": map[string]any{"demat_consent": "consent"},
	}
}

func (s *Server) handleInvalidate(w http.ResponseWriter, r *http.Request) {
	apiKey, token := r.Form.Get("api_key"), r.Form.Get("access_token")
	if _, ok := s.userOf(apiKey, token); !ok {
		s.fail(w, r, badToken)
		return
	}
	h := hash(token)
	s.forgetTokens(func(t accessToken) bool { return t.Hash == h })
	s.succeed(w, r, true)
}

func (s *Server) handleProfile(w http.ResponseWriter, r *http.Request, user User) {
	s.succeed(w, r, profileOf(user))
}
