package kiteapp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/pquerna/otp/totp"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// SystemBrowser puts a program in the place of the user's browser, which notes
// what it is asked to open. It returns the variable to start the program with.
func (a *App) SystemBrowser() (string, error) {
	dir, err := a.MakeDir("browser")
	if err != nil {
		return "", err
	}
	script := "#!/bin/sh\nprintf '%s' \"$1\" > '" + dir + "/asked.new' && mv '" + dir + "/asked.new' '" + dir + "/asked'\n"
	if err := os.WriteFile(dir+"/xdg-open", []byte(script), 0o755); err != nil { //nolint:gosec // a program
		return "", fmt.Errorf("make browser: %w", err)
	}
	return "PATH=" + dir + ":" + os.Getenv("PATH"), nil
}

// Opened waits for what the browser was asked to open, and forgets it.
func (a *App) Opened() (string, error) {
	var asked []byte
	err := desktop.Await("the browser to be asked", stepDeadline, func() bool {
		var err error
		asked, err = os.ReadFile(a.Path("browser/asked"))
		return err == nil
	})
	if err != nil {
		return "", err
	}
	return string(asked), os.Remove(a.Path("browser/asked"))
}

var sessID = regexp.MustCompile(`name="sess_id" value="([^"]+)"`)

// errLanded stops a browser before it follows the redirect to the callback.
var errLanded = errors.New("landed")

// LogInByBrowser goes through the login pages as a browser would and returns
// the address they end at.
func (a *App) LogInByBrowser(loginURL string, user sandbox.User, callback string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", fmt.Errorf("log in by browser: %w", err)
	}
	landed := ""
	browser := http.Client{Jar: jar, Timeout: stepDeadline, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			landed = r.URL.String()
			return errLanded
		}
		return nil
	}}
	base, err := url.Parse(loginURL)
	if err != nil {
		return "", fmt.Errorf("log in by browser: %w", err)
	}
	code, err := totp.GenerateCode(user.TOTPSecret, a.Now())
	if err != nil {
		return "", fmt.Errorf("make TOTP: %w", err)
	}
	page, err := read(browser.Get(loginURL)) //nolint:noctx // the client has a timeout
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/connect/login/password", url.Values{"userid": {user.UserID}, "password": {user.Password}}},
		{"/connect/login/totp", url.Values{"totp": {code}}},
		{"/connect/authorize", url.Values{"answer": {"authorise"}}},
	} {
		id := sessID.FindStringSubmatch(page)
		if err != nil || landed != "" || id == nil {
			break
		}
		step.form.Set("sess_id", id[1])
		page, err = read(browser.PostForm(base.Scheme+"://"+base.Host+step.path, step.form)) //nolint:noctx // the client has a timeout
	}
	if landed == "" {
		return "", fmt.Errorf("log in by browser: it ended elsewhere: %w", errors.Join(err, errors.New(page)))
	}
	return landed, nil
}

func read(resp *http.Response, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}
