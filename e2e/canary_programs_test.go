//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// aviary goes through kitectl and the local API, where they work and where they
// fail, and keeps the secrets that come up.
type aviary struct {
	*scene
	own      *kiteapp.OwnSandbox
	outside  string // what has secrets by right: stdout of token and the like, descriptors
	watched  *watcher
	canaries []canary
	answers  strings.Builder // of the local API, but those that are to have a token
}

// wrongPassphraseExit is what kitectl ends with after one.
const wrongPassphraseExit = 2

// Passphrases, and what is entered that is wrong.
const (
	backupPassphrase = "backup-canary staple battery horse"
	wrongPassphrase  = "wrong-canary staple battery horse"
	strayToken       = "StrayRequestTokenCanary123456789"
)

func (a *aviary) plant(name, value string) {
	a.t.Helper()
	if len(value) < 10 {
		a.t.Fatalf("%s is %q", name, value)
	}
	a.canaries = append(a.canaries, canary{name, value})
}

// plantRedirect plants what a browser was sent to.
func (a *aviary) plantRedirect(redirect string) {
	a.t.Helper()
	u, err := url.Parse(redirect)
	a.ok(err)
	a.plant("request token", u.Query().Get("request_token"))
}

// ends waits for the end of a kitectl, whatever its exit code, and returns that.
func (a *aviary) ends(c *kiteapp.Call) int {
	a.t.Helper()
	code, err := c.Wait(time.Minute)
	a.ok(err)
	return code
}

// fd runs kitectl with further descriptors.
func (a *aviary) fd(code int, files map[int]string, args ...string) {
	a.t.Helper()
	a.ok(a.call(kiteapp.Shell{Outside: a.outside, Files: files}, args...).Ends(code))
}

// secretly runs a kitectl whose stdout has secrets by right.
func (a *aviary) secretly(args ...string) string {
	a.t.Helper()
	c := a.call(kiteapp.Shell{Outside: a.outside}, args...)
	a.ok(c.Ends(0))
	return strings.TrimSpace(c.Out())
}

// paste logs in with what came from a browser, which may be refused.
func (a *aviary) paste(code int, account string, user sandbox.User, more ...string) {
	a.t.Helper()
	c := a.call(kiteapp.Shell{Remote: true}, append([]string{"login", account, "--paste", "--yes"}, more...)...)
	page, err := c.LoginPage()
	a.ok(err)
	a.watched.look()
	redirect, err := a.LogInByBrowser(page, user, a.own.Callback)
	a.ok(err)
	a.plantRedirect(redirect)
	a.ok(c.Enter(redirect), c.Ends(code))
}

// TestCanaryOfProgramsAndCommands does what TestCanary does for the window.
func TestCanaryOfProgramsAndCommands(t *testing.T) {
	s := newScene(t, withTray)
	a := &aviary{scene: s, watched: s.watch(), own: s.ownSandbox(), outside: t.TempDir()}
	for _, secret := range [][2]string{
		{"password", first.Password}, {"API secret", sandbox.APISecret(sandbox.SharedApp)}, {"planted API secret", unknownAPISecret},
		{"planted password", plantedPassword}, {"backup passphrase", backupPassphrase}, {"wrong passphrase", wrongPassphrase},
		{"entered by mistake", strayToken},
	} {
		a.plant(secret[0], secret[1])
	}
	a.manageAccounts()
	browser, err := s.SystemBrowser()
	s.ok(err)
	a.logInAll(browser)
	a.handOut()
	a.backUp()
	address := s.servedByAgent()
	s.ok(s.Start(browser))
	_, err = s.AwaitAgent(0)
	s.ok(err)
	s.awaitServed(address)
	a.serveClients(address)
	a.endSessions()
	for _, args := range [][]string{
		{"history", "--json"}, {"history", "--csv"}, {"history"}, {"list"}, {"status", "--json"}, {"account", "export"},
		{"account", "show", "good", "--json"}, {"client", "list", "--json"}, {"completion", "bash"}, {"version"}, {"agent", "--status"},
	} {
		s.kitectl(0, args...)
	}
	a.ends(s.call(kiteapp.Shell{}, "doctor", "--json"))
	a.searchAll()
	s.ok(s.Quit())
	s.kitectl(0, "account", "remove", "good", "--yes", "--anyway")
	s.ok(a.own.Stop())
	a.searchAll()
	a.searchSeen("login", "sandbox", "serve", "agent")
}

// manageAccounts adds, changes, exports and imports.
func (a *aviary) manageAccounts() {
	a.t.Helper()
	a.addByCommand(a.own, "Good", first)
	second := sandbox.UserNumber(2)
	planted := append([]string{"account", "add", "Planted", "--api-secret-fd=3", "--password-fd=4"}, a.own.Flags(second)...)
	secrets := map[int]string{3: unknownAPISecret, 4: plantedPassword}
	a.fd(0, secrets, planted...)
	a.fd(18, secrets, planted...) // the name is taken
	a.fd(2, secrets, append(planted, "--slug=not a slug")...)
	a.fd(0, secrets, "account", "edit", "planted", "--api-secret-fd=3", "--password-fd=4", "--phone=9800000000")
	a.fd(10, secrets, "account", "edit", "nobody", "--api-secret-fd=3")
	a.kitectl(0, "account", "export", a.Path("tmp/accounts.csv"))
	file := filepath.Join(a.outside, "import.json")
	third := map[string]any{
		"accountName": "Imported", "clientId": sandbox.UserNumber(3).UserID, "apiKey": sandbox.SharedApp, "apiSecret": unknownAPISecret,
		"password": plantedPassword, "accountType": "sandbox", "callbackUrl": a.own.Callback,
	}
	for _, with := range []map[string]any{third, {"accountName": "Broken", "clientId": "?", "apiSecret": unknownAPISecret}} {
		text, err := json.Marshal([]any{with})
		a.ok(err, os.WriteFile(file, text, 0o600))
		a.ends(a.call(kiteapp.Shell{}, "account", "import", file, "--yes"))
	}
	a.kitectl(0, "account", "show", "imported")
}

// logInAll logs in by every way but the window's, wrongly and rightly.
func (a *aviary) logInAll(browser string) {
	a.t.Helper()
	for _, pasted := range []string{strayToken, "https://evil.example/?request_token=" + strayToken + "&status=success", "", strayToken + " " + strayToken} {
		c := a.call(kiteapp.Shell{Outside: a.outside, Remote: true}, "login", "good", "--paste")
		a.ok(c.Await("/connect/login?"), c.Enter(pasted))
		if a.ends(c) == 0 {
			a.t.Errorf("%q was taken", pasted)
		}
	}
	a.paste(2, "planted", sandbox.UserNumber(2)) // its API secret is wrong
	a.paste(16, "good", sandbox.UserNumber(2))
	a.ok(a.Faults(sandbox.Faults{API: "garbage"}))
	c := a.call(kiteapp.Shell{Remote: true}, "login", "good", "--paste")
	page, err := c.LoginPage()
	a.ok(err)
	redirect, err := a.LogInByBrowser(page, first, a.own.Callback)
	a.ok(err)
	a.plantRedirect(redirect)
	a.ok(c.Enter(redirect))
	if a.ends(c) == 0 {
		a.t.Error("garbage was taken")
	}
	a.ok(a.Faults(sandbox.Faults{}))
	a.paste(0, "good", first)
	a.plant("access token", a.secretly("token", "good"))
	c = a.call(kiteapp.Shell{Env: []string{browser}}, "login", "good", "--browser", "--yes")
	page, err = a.Opened()
	a.ok(err)
	redirect, err = a.LogInByBrowser(page, first, a.own.Callback)
	a.ok(err)
	a.plantRedirect(redirect)
	a.follow(redirect)
	a.ok(c.Ends(0))
	a.plant("access token of the browser", a.secretly("token", "good"))
}

// handOut prints and passes on, and fails to.
func (a *aviary) handOut() {
	a.t.Helper()
	token := a.secretly("token", "good")
	for _, args := range [][]string{
		{"header", "good"}, {"header", "good", "--value"}, {"env", "good"}, {"env", "good", "--format=fish"},
		{"env", "good", "--format=powershell"}, {"env", "good", "--format=dotenv"}, {"env", "good", "--format=json"},
	} {
		if said := a.secretly(args...); !strings.Contains(said, token) {
			a.t.Errorf("%q doesn't print the token", args)
		}
	}
	child := a.call(kiteapp.Shell{Outside: a.outside}, "exec", "good", "--", "sh", "-c", `echo "$KITE_ACCESS_TOKEN"; sleep 1`)
	a.ok(child.Await(token), child.Ends(0))
	for code, args := range map[int][]string{
		11: {"exec", "planted", "--", "true"}, 127: {"exec", "good", "--", "no-such-command"}, 10: {"token", "nobody"},
		126: {"exec", "good", "--", a.DataDir + "/kite-accounts.db"}, 2: {"env", "good", "--format=none"},
	} {
		a.kitectl(code, args...)
	}
	a.kitectl(0, "test", "good")
	a.ok(a.Faults(sandbox.Faults{API: "drop"}))
	a.kitectl(14, "test", "good")
	a.kitectl(14, "logout", "good")
	a.ok(a.Faults(sandbox.Faults{}))
}

// backUp backs up, with sessions, and restores what it may and may not.
func (a *aviary) backUp() {
	a.t.Helper()
	file := a.Path("tmp/all.age")
	a.fd(0, map[int]string{4: backupPassphrase}, "backup", file, "--with-sessions", "--backup-passphrase-fd=4")
	a.fd(17, map[int]string{4: backupPassphrase}, "backup", file, "--backup-passphrase-fd=4")
	a.fd(1, map[int]string{4: wrongPassphrase}, "restore", file, "--yes", "--backup-passphrase-fd=4")
	a.fd(0, map[int]string{4: backupPassphrase}, "restore", file, "--dry-run", "--replace", "--backup-passphrase-fd=4")
	a.fd(0, map[int]string{4: backupPassphrase}, "restore", file, "--yes", "--backup-passphrase-fd=4")
}

// asked notes an answer that is to have no secret.
func (a *aviary) asked(code int, method, url, token, body string) {
	a.t.Helper()
	got := a.ask(method, url, token, body)
	fmt.Fprintf(&a.answers, "%s\n", got.body)
	if got.status != code {
		a.t.Errorf("%s %s: %+v, want %d", method, url, got, code)
	}
}

// exchange is the body of generate-session.
func (a *aviary) exchange(requestToken, apiSecret string) string {
	text, err := json.Marshal(map[string]string{"requestToken": requestToken, "apiKey": sandbox.SharedApp, "apiSecret": apiSecret})
	a.ok(err)
	return string(text)
}

// serveClients asks the local API for all there is.
func (a *aviary) serveClients(address string) {
	a.t.Helper()
	bearer := apiToken.FindString(a.secretly("client", "add", "strategy", "--all-accounts"))
	revoked := apiToken.FindString(a.secretly("client", "add", "old", "--account=good"))
	a.plant("bearer token", bearer)
	a.plant("revoked bearer token", revoked)
	a.kitectl(0, "client", "edit", "old", "--name=older")
	a.kitectl(0, "client", "revoke", "older")
	heard := a.listen(address, bearer)
	for path, code := range map[string]int{
		"/v1/accounts": 200, "/v1/openapi.yaml": 200, "/v1/accounts/planted/session": 409, "/v1/accounts/nobody/session": 404,
		"/v1/nothing/" + strayToken: 404, "/kite/good/user/profile": 200, "/kite/good/portfolio/holdings": 200, "/kite/planted/user/profile": 403,
	} {
		a.asked(code, http.MethodGet, address+path, bearer, "")
		a.asked(401, http.MethodGet, address+path, revoked, "")
		a.asked(401, http.MethodGet, address+path, strayToken, "")
	}
	a.asked(403, http.MethodPost, address+"/kite/good/orders/regular", bearer, `{"quantity":1}`)
	if got := a.ask(http.MethodGet, address+"/v1/accounts/good/session", bearer, ""); got.status != 200 {
		a.t.Errorf("the session: %d", got.status)
	}
	generate := address + "/api/kite-auth/generate-session"
	redirect, err := a.LogInByBrowser(a.own.LoginURL+"?v=3&api_key="+sandbox.SharedApp, first, a.own.Callback)
	a.ok(err)
	a.plantRedirect(redirect)
	requestToken := a.canaries[len(a.canaries)-1].value
	a.asked(400, http.MethodPost, generate, bearer, `{"requestToken":"`+requestToken+`","apiSecret":7}`)
	for _, wrong := range []string{a.exchange(requestToken, unknownAPISecret), a.exchange(strayToken, sandbox.APISecret(sandbox.SharedApp))} {
		got := a.ask(http.MethodPost, generate, bearer, wrong)
		a.answers.WriteString(got.body)
		if got.status < 400 || strings.Contains(got.body, "access_token") {
			a.t.Errorf("a wrong exchange: %+v", got)
		}
	}
	// The session of the account ends at Kite: the gateway notices.
	a.ok(a.MasterLogout(first.UserID))
	a.asked(403, http.MethodGet, address+"/kite/good/user/profile", bearer, "")
	a.hears(heard, "session.ended")
	a.asked(410, http.MethodGet, address+"/v1/accounts/good/session", bearer, "")
	a.answers.WriteString(heard.Text())
	a.serveAlone(bearer)
}

// serveAlone serves without the agent, at a socket.
func (a *aviary) serveAlone(bearer string) {
	a.t.Helper()
	socket := a.Path("run/api.sock")
	c := a.call(kiteapp.Shell{Remote: true}, "serve", "--listen=unix:"+socket)
	a.ok(c.Await("serving programs at"))
	a.watched.look()
	out, err := a.Command("header = \"Authorization: Bearer "+bearer+"\"\n", "curl", "-s", "--unix-socket", socket, "-K", "-", "http://localhost/v1/accounts")
	a.ok(err)
	if !strings.Contains(out, first.UserID) {
		a.t.Errorf("at the socket: %s", out)
	}
	a.answers.WriteString(out)
	for _, p := range a.Processes() {
		if strings.Contains(p.Command, "kitectl serve") && !strings.HasPrefix(p.Command, "setsid") {
			a.ok(desktop.SendSignal(p.PID, desktop.Terminate))
		}
	}
	a.ok(c.Ends(0))
}

// endSessions logs in once more and out.
func (a *aviary) endSessions() {
	a.t.Helper()
	a.paste(0, "good", first)
	a.plant("last access token", a.secretly("token", "good"))
	a.kitectl(17, "logout", "--all")
	a.kitectl(0, "logout", "good")
	a.kitectl(11, "token", "good")
}

// searchAll looks where none of the secrets may be.
func (a *aviary) searchAll() {
	a.t.Helper()
	if files := a.searchFiles(a.canaries, ""); files < 50 {
		a.t.Errorf("only %d files were searched", files)
	}
	rows := a.sql("SELECT * FROM history") + a.sql("SELECT * FROM settings") + a.sql("SELECT * FROM api_clients")
	for _, found := range search([]byte(a.answers.String()+rows), a.canaries) {
		a.t.Errorf("answers of the local API, or the database: %s", found)
	}
}

// searchSeen looks through arguments and environments; it must have seen these
// commands, which wait for something.
func (a *aviary) searchSeen(commands ...string) {
	a.t.Helper()
	seen := a.watched.stop()
	for _, command := range commands {
		if !bytes.Contains(seen, []byte("kitectl\x00"+command+"\x00")) {
			a.t.Errorf("no kitectl %s was looked at", command)
		}
	}
	for _, found := range search(seen, a.canaries) {
		a.t.Errorf("arguments or environment of a process: %s", found)
	}
}

// TestCanaryOfPassphrases: where there is no keyring.
func TestCanaryOfPassphrases(t *testing.T) {
	s := newScene(t, desktop.Options{Keyring: desktop.KeyringNone})
	a := &aviary{scene: s, watched: s.watch(), outside: t.TempDir()}
	a.plant("passphrase of the vault", passphrase)
	a.plant("wrong passphrase", wrongPassphrase)
	a.plant("backup passphrase", backupPassphrase)
	a.plant("password", first.Password)
	right, wrong := map[int]string{3: passphrase, 4: backupPassphrase}, map[int]string{3: wrongPassphrase}
	a.fd(0, right, "account", "add", "--sandbox", "--passphrase-fd=3")
	a.fd(wrongPassphraseExit, wrong, "login", sandboxSlug, "--paste", "--passphrase-fd=3")
	c := a.call(kiteapp.Shell{Outside: a.outside, Files: right}, "login", sandboxSlug, "--paste", "--passphrase-fd=3")
	page, err := c.LoginPage()
	a.ok(err)
	a.watched.look()
	redirect, err := a.LogInByBrowser(page, first, sandbox.DefaultCallback)
	a.ok(err)
	a.plantRedirect(redirect)
	a.ok(c.Enter(redirect), c.Ends(0))
	c = a.call(kiteapp.Shell{Outside: a.outside, Files: right}, "token", sandboxSlug, "--passphrase-fd=3")
	a.ok(c.Ends(0))
	a.plant("access token", strings.TrimSpace(c.Out()))
	a.fd(wrongPassphraseExit, wrong, "token", sandboxSlug, "--passphrase-fd=3")
	a.ok(a.call(kiteapp.Shell{Remote: true}, "token", sandboxSlug).Ends(12))
	a.fd(0, right, "exec", "--passphrase-fd=3", sandboxSlug, "--", "sh", "-c", "sleep 1; ! { true <&3; } 2>/dev/null")
	file := a.Path("tmp/all.age")
	a.fd(0, right, "backup", file, "--with-sessions", "--passphrase-fd=3", "--backup-passphrase-fd=4")
	a.fd(0, right, "restore", file, "--yes", "--passphrase-fd=3", "--backup-passphrase-fd=4")
	a.fd(0, right, "test", sandboxSlug, "--passphrase-fd=3")
	a.fd(0, right, "logout", sandboxSlug, "--passphrase-fd=3")
	a.kitectl(0, "history")
	if files := s.searchFiles(a.canaries, ""); files < 20 {
		t.Errorf("only %d files were searched", files)
	}
	a.searchSeen("login")
}
