// Package clients is the use case around the programs that may use the local
// API: add, change and revoke them. Each has one bearer token, which is shown
// once, when it is made, and of which a hash is kept.
package clients

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// TokenPrefix begins every token, so that scanners of leaked secrets, and
// people, know one when they see it.
const TokenPrefix = "ka_"

// tokenBytes is how much of a token is random: 256 bits can't be guessed, and
// so neither can their hash.
const tokenBytes = 32

// Service is the use case.
type Service struct {
	Store   kite.ClientStore
	Clock   kite.Clock
	Events  kite.Publisher
	History kite.HistoryStore
	Log     *slog.Logger
}

// List returns all clients by name.
func (s *Service) List(ctx context.Context) ([]kite.APIClient, error) {
	all, err := s.Store.Clients(ctx)
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	return all, nil
}

// Find returns the client of that name, whatever its case; ENOTFOUND.
func (s *Service) Find(ctx context.Context, name string) (kite.APIClient, error) {
	all, err := s.List(ctx)
	if err != nil {
		return kite.APIClient{}, err
	}
	for _, c := range all {
		if strings.EqualFold(c.Name, normalName(name)) {
			return c, nil
		}
	}
	return kite.APIClient{}, kite.Errorf(kite.ENOTFOUND, "No program called %q may use the local API.", name).
		WithHint("See kitectl client list for those that may.")
}

// Add stores a new client and returns it with its token, which nothing shows
// again. ID and CreatedAt are given here. EINVALID or ECONFLICT with the Field.
func (s *Service) Add(ctx context.Context, c kite.APIClient) (kite.APIClient, kite.Secret, error) {
	c = normal(c)
	if err := c.Validate(); err != nil {
		return c, kite.Secret{}, err
	}
	c.ID, c.CreatedAt = uuid.NewString(), s.Clock.Now()
	token, hash := newToken()
	if err := s.Store.CreateClient(ctx, c, hash); err != nil {
		return c, kite.Secret{}, fmt.Errorf("add client: %w", err)
	}
	s.changed(ctx, fmt.Sprintf("%s may use the local API: %s.", c.Name, rights(c)))
	return c, token, nil
}

// Change replaces name, accounts and MayTrade of the client with that ID;
// EINVALID or ECONFLICT with the Field, ENOTFOUND.
func (s *Service) Change(ctx context.Context, c kite.APIClient) error {
	c = normal(c)
	if err := c.Validate(); err != nil {
		return err
	}
	if err := s.Store.UpdateClient(ctx, c); err != nil {
		return fmt.Errorf("change client: %w", err)
	}
	s.changed(ctx, fmt.Sprintf("What %s may do was changed: %s.", c.Name, rights(c)))
	return nil
}

// Revoke ends the client's token for good; ENOTFOUND.
func (s *Service) Revoke(ctx context.Context, id string) error {
	all, err := s.List(ctx)
	if err != nil {
		return err
	}
	name := "A program"
	if i := slices.IndexFunc(all, func(c kite.APIClient) bool { return c.ID == id }); i >= 0 {
		name = all[i].Name
	}
	if err := s.Store.DeleteClient(ctx, id); err != nil {
		return fmt.Errorf("revoke client: %w", err)
	}
	s.changed(ctx, name+" may no longer use the local API: its token was revoked.")
	return nil
}

// changed tells everybody and the history. What was done is done, whether or
// not it can be noted.
func (s *Service) changed(ctx context.Context, sentence string) {
	s.Events.Publish(kite.Event{Type: kite.ClientsChanged})
	err := s.History.Record(context.WithoutCancel(ctx), kite.HistoryEntry{At: s.Clock.Now(), Kind: kite.HistoryClient, OK: true, Detail: sentence})
	if err != nil {
		s.Log.Error("history not recorded", "kind", string(kite.HistoryClient), "error", err)
		return
	}
	s.Events.Publish(kite.Event{Type: kite.HistoryChanged})
}

func rights(c kite.APIClient) string {
	words := "all accounts"
	switch n := len(c.AccountIDs); {
	case c.AllAccounts:
	case n == 1:
		words = "one account"
	default:
		words = fmt.Sprintf("%d accounts", n)
	}
	if c.MayTrade {
		return words + ", also to trade"
	}
	return words + ", to read"
}

func normal(c kite.APIClient) kite.APIClient {
	c.Name = normalName(c.Name)
	c.AccountIDs = slices.Clone(c.AccountIDs)
	slices.Sort(c.AccountIDs)
	c.AccountIDs = slices.Compact(c.AccountIDs)
	return c
}

func normalName(name string) string { return norm.NFC.String(strings.TrimSpace(name)) }

// newToken makes a token and what is stored of it.
func newToken() (kite.Secret, kite.TokenHash) {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // never fails since Go 1.24
	token := []byte(TokenPrefix + base64.RawURLEncoding.EncodeToString(b))
	defer clear(token)
	return kite.SecretBytes(token), sha256.Sum256(token)
}
