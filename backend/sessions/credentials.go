package sessions

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"text/template"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Example is a program that uses the account's session.
type Example struct {
	ID    string // curl, python, go, javascript
	Title string
	Code  string
}

// Credentials are what a program needs to call Kite for the account, with the
// access_token masked.
type Credentials struct {
	AuthorizationHeader string
	Examples            []Example
}

//go:embed examples/*.tmpl
var exampleFiles embed.FS

var exampleTemplates = template.Must(template.ParseFS(exampleFiles, "examples/*.tmpl"))

var exampleTitles = []Example{
	{ID: "curl", Title: "curl"},
	{ID: "python", Title: "Python"},
	{ID: "go", Title: "Go"},
	{ID: "javascript", Title: "JavaScript"},
}

// AuthorizationHeader is the header every call to Kite carries, next to
// "X-Kite-Version: 3": https://kite.trade/docs/connect/v3/user/.
func AuthorizationHeader(apiKey, accessToken string) string {
	return "Authorization: token " + apiKey + ":" + accessToken
}

// Credentials shows how to use the account's session, with the token masked.
func (s *Service) Credentials(ctx context.Context, accountID string) (Credentials, error) {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return Credentials{}, fmt.Errorf("show credentials: %w", err)
	}
	c := Credentials{AuthorizationHeader: AuthorizationHeader(l.account.APIKey, kite.Mask)}
	for _, e := range exampleTitles {
		if e.Code, err = example(e.ID, l.app, kite.Mask); err != nil {
			return Credentials{}, fmt.Errorf("show credentials: %w", err)
		}
		c.Examples = append(c.Examples, e)
	}
	return c, nil
}

func example(id string, app kite.App, accessToken string) (string, error) {
	var b bytes.Buffer
	err := exampleTemplates.ExecuteTemplate(&b, id+".tmpl", map[string]string{
		"APIKey": app.APIKey, "AccessToken": accessToken, "APIRoot": app.Endpoints.APIRoot,
	})
	return b.String(), err
}

// AccessToken is the account's token while its session lives; ENOSESSION or
// EENDED else.
func (s *Service) AccessToken(ctx context.Context, accountID string) (kite.Secret, error) {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return kite.Secret{}, fmt.Errorf("read access_token: %w", err)
	}
	return l.access, nil
}

// HeaderWithToken is the Authorization header with the real token.
func (s *Service) HeaderWithToken(ctx context.Context, accountID string) (kite.Secret, error) {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return kite.Secret{}, fmt.Errorf("read access_token: %w", err)
	}
	return kite.NewSecret(AuthorizationHeader(l.account.APIKey, l.access.Reveal())), nil
}

// ExampleWithToken is an example that runs as it is; ENOTFOUND for an unknown
// id.
func (s *Service) ExampleWithToken(ctx context.Context, accountID, id string) (kite.Secret, error) {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return kite.Secret{}, fmt.Errorf("read access_token: %w", err)
	}
	if exampleTemplates.Lookup(id+".tmpl") == nil {
		return kite.Secret{}, kite.Errorf(kite.ENOTFOUND, "There is no such example.")
	}
	code, err := example(id, l.app, l.access.Reveal())
	return kite.NewSecret(code), err
}
