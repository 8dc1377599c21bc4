package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// requestTokenLifetime: "only a few minutes", kite.trade/docs/connect/v3/user.
const requestTokenLifetime = 3 * time.Minute

// tokenLength is that of Kite's tokens as seen.
const tokenLength = 32

type requestToken struct {
	apiKey, userID string
	issued         time.Time
}

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func newToken() string {
	token := make([]byte, tokenLength)
	for i := range token {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(tokenAlphabet))))
		if err != nil {
			panic(err) // crypto/rand never fails since Go 1.24
		}
		token[i] = tokenAlphabet[n.Int64()]
	}
	return string(token)
}

func (s *Server) issueRequestToken(apiKey, userID string) string {
	token := newToken()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[token] = requestToken{apiKey, userID, s.Clock.Now()}
	return token
}

// takeRequestToken uses a token up.
func (s *Server) takeRequestToken(token, apiKey string) (requestToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.requests[token]
	delete(s.requests, token)
	return t, ok && t.apiKey == apiKey && s.Clock.Now().Before(t.issued.Add(requestTokenLifetime))
}

// issueAccessToken ends the user's earlier token of the app: "an app can only
// have one access token at any point in time",
// https://kite.trade/forum/discussion/comment/20783/.
func (s *Server) issueAccessToken(apiKey, userID string) string {
	token := newToken()
	s.forgetTokens(func(t accessToken) bool { return t.APIKey == apiKey && t.UserID == userID })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Tokens = append(s.state.Tokens, accessToken{hash(token), apiKey, userID, s.Clock.Now()})
	s.save()
	return token
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// userOf returns whose living token this is.
func (s *Server) userOf(apiKey, token string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := hash(token)
	i := slices.IndexFunc(s.state.Tokens, func(t accessToken) bool { return t.APIKey == apiKey && t.Hash == h })
	if i < 0 || !s.Clock.Now().Before(s.endOf(s.state.Tokens[i])) {
		return User{}, false
	}
	return userByID(s.state.Tokens[i].UserID)
}

func (s *Server) endOf(t accessToken) time.Time {
	end := kite.NextCutoff(t.Issued)
	if s.Lifetime > 0 && t.Issued.Add(s.Lifetime).Before(end) {
		end = t.Issued.Add(s.Lifetime)
	}
	return end
}

// LivingTokens counts the tokens that would be accepted now.
func (s *Server) LivingTokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, t := range s.state.Tokens {
		if s.Clock.Now().Before(s.endOf(t)) {
			n++
		}
	}
	return n
}

// EndTokensOf ends a user's tokens, as a master logout on Kite's web does.
func (s *Server) EndTokensOf(userID string) {
	s.forgetTokens(func(t accessToken) bool { return t.UserID == userID })
}
