package kiteconnect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Paths below the API root: https://kite.trade/docs/connect/v3/user/.
const (
	sessionPath = "/session/token"
	profilePath = "/user/profile"
)

// apiVersion is Kite Connect's, on the login page and as X-Kite-Version.
const apiVersion = "3"

// LoginURL is the page the user logs in at. redirect_params is a query string
// of its own, so its value is encoded twice.
func (c *Client) LoginURL(app kite.App, state string) (string, error) {
	u, err := url.Parse(app.Endpoints.LoginURL)
	if err != nil || u.Host == "" {
		return "", kite.Errorf(kite.EINVALID, "The login URL of this account isn't an address.").WithField("loginUrl").
			WithHint("Edit the account and correct it.")
	}
	q := u.Query()
	q.Set("v", apiVersion)
	q.Set("api_key", app.APIKey)
	q.Set("redirect_params", url.Values{kite.StateParam: {state}}.Encode())
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// checksum is SHA-256 of api_key + request_token + api_secret, in lower-case
// hex.
func checksum(apiKey string, requestToken, apiSecret kite.Secret) string {
	h := sha256.New()
	h.Write([]byte(apiKey))
	h.Write(requestToken.Bytes())
	h.Write(apiSecret.Bytes())
	return hex.EncodeToString(h.Sum(nil))
}

// profile has the fields that the exchange and /user/profile share. enctoken
// isn't among them: it is a credential of Kite's web trading terminal.
type profile struct {
	UserID        string   `json:"user_id"`
	UserName      string   `json:"user_name"`
	UserShortname string   `json:"user_shortname"`
	Email         string   `json:"email"`
	UserType      string   `json:"user_type"`
	Broker        string   `json:"broker"`
	Exchanges     []string `json:"exchanges"`
	Products      []string `json:"products"`
	OrderTypes    []string `json:"order_types"`
}

type grant struct {
	profile
	APIKey       string `json:"api_key"`
	AccessToken  string `json:"access_token"`
	PublicToken  string `json:"public_token"`
	RefreshToken string `json:"refresh_token"`
	LoginTime    string `json:"login_time"`
}

// timeLayout is Kite's, in IST:
// https://kite.trade/docs/connect/v3/response-structure/.
const timeLayout = "2006-01-02 15:04:05"

// Exchange swaps a request_token for a session, once.
func (c *Client) Exchange(ctx context.Context, app kite.App, requestToken, apiSecret kite.Secret) (kite.Grant, error) {
	sum := checksum(app.APIKey, requestToken, apiSecret)
	var g grant
	err := c.do(ctx, call{
		method: http.MethodPost, path: sessionPath, app: app,
		form: url.Values{
			"api_key":       {app.APIKey},
			"request_token": {requestToken.Reveal()},
			"checksum":      {sum},
		},
		secrets: []kite.Secret{requestToken, apiSecret, kite.NewSecret(sum)},
	}, &g)
	if err != nil {
		return kite.Grant{}, err
	}
	login, err := time.ParseInLocation(timeLayout, g.LoginTime, kite.IST)
	if err != nil || g.UserID == "" || g.AccessToken == "" {
		return kite.Grant{}, c.incomplete(ctx, app, g)
	}
	return kite.Grant{
		Profile: kite.Profile(g.profile), APIKey: g.APIKey, LoginTime: login.UTC(),
		Tokens: kite.Tokens{
			Access: kite.NewSecret(g.AccessToken), Request: requestToken,
			Public: kite.NewSecret(g.PublicToken), Refresh: kite.NewSecret(g.RefreshToken),
		},
	}, nil
}

// incomplete refuses a grant that lacks what a session needs, and ends its
// token, which would live at Kite unseen.
func (c *Client) incomplete(ctx context.Context, app kite.App, g grant) error {
	problem := kite.Errorf(kite.EBROKER, "Kite's answer to the login lacks the user, the token or the login time, so it wasn't kept.").
		WithHint("Log in again from the card.")
	if g.AccessToken == "" {
		return problem
	}
	if err := c.Invalidate(ctx, app, kite.NewSecret(g.AccessToken)); err != nil {
		problem.Message += " Its token may live until 06:00 IST."
		return problem.Because(err)
	}
	return problem
}

// Profile fetches who the token belongs to.
func (c *Client) Profile(ctx context.Context, app kite.App, accessToken kite.Secret) (kite.Profile, error) {
	var p profile
	k := call{method: http.MethodGet, path: profilePath, app: app, access: accessToken, secrets: []kite.Secret{accessToken}}
	if err := c.do(ctx, k, &p); err != nil {
		return kite.Profile{}, err
	}
	if p.UserID == "" {
		return kite.Profile{}, kite.Errorf(kite.EBROKER, "Kite's answer names no user.").WithHint("Try again.")
	}
	return kite.Profile(p), nil
}

// Invalidate ends the token at Kite, which wants it in the query.
func (c *Client) Invalidate(ctx context.Context, app kite.App, accessToken kite.Secret) error {
	return c.do(ctx, call{
		method: http.MethodDelete, path: sessionPath, app: app, access: accessToken,
		query:   url.Values{"api_key": {app.APIKey}, "access_token": {accessToken.Reveal()}},
		secrets: []kite.Secret{accessToken},
	}, nil)
}
