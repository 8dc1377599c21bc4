// Package sandboxtest runs a simulated Kite in a test and logs in to it as a
// person with a browser would, page by page.
package sandboxtest

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// Kite is a running sandbox.
type Kite struct {
	*sandbox.Server
	URL string
}

// Start runs a sandbox until the test ends.
func Start(t testing.TB, c sandbox.Config) *Kite {
	t.Helper()
	server, err := sandbox.New(c)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	return &Kite{Server: server, URL: web.URL}
}

// Endpoints are where its login page and API are.
func (k *Kite) Endpoints() kite.Endpoints { return sandbox.Endpoints(k.URL) }

// Person logs in at the sandbox. Its cookies last as long as it does.
type Person struct {
	User     sandbox.User
	Password string // User.Password unless set
	TOTP     string // the right one unless set
	Declines bool   // presses Cancel on the consent page
	clock    kite.Clock
	client   *http.Client
	k        *Kite
}

// Person returns the n-th user with a new browser.
func (k *Kite) Person(n int) *Person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // cookiejar.New never fails
	}
	p := &Person{User: sandbox.UserNumber(n), clock: k.Clock, k: k}
	p.Password = p.User.Password
	p.client = &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), k.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return p
}

var (
	sessID = regexp.MustCompile(`name="sess_id" value="([A-Za-z0-9]+)"`)
	action = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
)

// ErrPage is a page that leads nowhere; its text follows.
var ErrPage = errors.New("page without a way on")

// LogIn goes from the login URL to the redirect, and returns where that leads.
func (p *Person) LogIn(loginURL string) (redirect string, err error) {
	resp, err := p.client.Get(loginURL) //nolint:noctx // the client has a timeout
	for steps := 0; err == nil && steps < 6; steps++ {
		if target := resp.Header.Get("Location"); target != "" {
			return target, resp.Body.Close()
		}
		resp, err = p.answer(resp)
	}
	return "", err
}

func (p *Person) answer(resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	form, id := action.FindSubmatch(body), sessID.FindSubmatch(body)
	if form == nil || id == nil || strings.Contains(string(body), `role="alert"`) {
		return nil, errors.Join(ErrPage, errors.New(string(body)))
	}
	values := url.Values{"sess_id": {string(id[1])}, "userid": {p.User.UserID}, "password": {p.Password}}
	values.Set("totp", p.code())
	values.Set("answer", map[bool]string{true: "cancel", false: "authorise"}[p.Declines])
	return p.client.PostForm(p.k.URL+string(form[1]), values) //nolint:noctx // the client has a timeout
}

func (p *Person) code() string {
	if p.TOTP != "" {
		return p.TOTP
	}
	code, err := totp.GenerateCode(p.User.TOTPSecret, p.clock.Now())
	if err != nil {
		panic(err) // the seed is the sandbox's own
	}
	return code
}
