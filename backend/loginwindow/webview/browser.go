package webview

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// browser takes every decision of a login window.
type browser struct {
	job     loginwindow.Job
	policy  loginwindow.Policy
	answers *os.File

	mu        sync.Mutex
	ended     bool
	committed string              // URL of the page at top level
	problem   loginwindow.Outcome // what keeps the page from being usable; "" if nothing
	host      string              // whose problem it is
	blocked   []string

	undecided string // what waits for intercept's word, without its fragment
	refused   string // what intercept kept from loading, without its fragment
}

func newBrowser(job loginwindow.Job, answers *os.File) *browser {
	return &browser{job: job, policy: job.Policy, answers: answers, committed: job.LoginURL}
}

// maxBlocked bounds how many hosts are named.
const maxBlocked = 20

// shown tells the parent that the window is there.
func (b *browser) shown() {
	r := loginwindow.NewReport()
	r.Shown = true
	b.write(r)
}

// decide says whether a navigation may load; the redirect ends the login here,
// before any request is sent to it.
func (b *browser) decide(uri, method string) bool {
	b.mu.Lock()
	verdict := b.policy.Decide(uri, method, b.committed)
	b.mu.Unlock()
	switch verdict {
	case loginwindow.Load:
		return true
	case loginwindow.Landed:
		b.end(loginwindow.Report{Outcome: loginwindow.OutcomeLanded, URL: uri})
	case loginwindow.LandedElsewhere:
		b.end(loginwindow.Report{Outcome: loginwindow.OutcomeLandedElsewhere, Host: loginwindow.HostOf(uri)})
	case loginwindow.Blocked:
		b.block(loginwindow.HostOf(uri))
	}
	return false
}

// block names a page that was refused, to the user at once and to the parent
// at the end.
func (b *browser) block(host string) {
	if b.name(host) {
		setProblem(host + " was blocked: this window shows Kite's own pages only. If Kite really needs it, close this window and allow the host for this account.")
	}
}

// missing is told of resources that didn't load; those that were allowed to
// failed for another reason.
func (b *browser) missing(host string) {
	if hostName.MatchString(host) && !b.policy.AllowsHost(host) {
		b.name(host)
	}
}

var hostName = regexp.MustCompile(`^[a-z0-9.-]{1,253}$`)

func (b *browser) name(host string) (named bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if host == "" || len(b.blocked) >= maxBlocked {
		return false
	}
	if !slices.Contains(b.blocked, host) {
		b.blocked = append(b.blocked, host)
		fmt.Fprintln(os.Stderr, "blocked", host)
		report := loginwindow.NewReport()
		report.Blocked = slices.Clone(b.blocked)
		b.write(report)
	}
	return true
}

// commit notes which page is shown.
func (b *browser) commit(uri string) {
	b.mu.Lock()
	b.committed, b.problem = uri, ""
	b.mu.Unlock()
	setHost(loginwindow.HostOf(uri), hostLine(uri))
	setProblem("")
}

// hostLine says where the page comes from, in the bar above it.
func hostLine(uri string) string {
	host := loginwindow.HostOf(uri)
	switch {
	case strings.HasPrefix(uri, "https:"):
		return "🔒 " + host
	case host == "127.0.0.1" || host == "localhost":
		return host + " (this computer)"
	default:
		return host
	}
}

// finish fills in the user ID, on the broker's own page only, and looks
// whether the page is Kite's refusal.
func (b *browser) finish(uri string) {
	if b.policy.IsBroker(uri) {
		runScript(fillUserID(b.job.ClientID, uri))
		readAnswer()
	}
}

// fillUserID is a one-way script: it writes into the field when that is there
// and empty, and reports nothing. It leaves pages alone that aren't from where
// page is: a web view runs a script in the next one if that begins to load.
func fillUserID(clientID, page string) string {
	id, _ := json.Marshal(clientID) // a string always marshals
	origin := ""
	if u, err := url.Parse(page); err == nil {
		origin = u.Scheme + "://" + u.Host
	}
	from, _ := json.Marshal(origin)
	return `(function () {
  if (location.origin !== ` + string(from) + `) return
  var left = 40
  function fill() {
    var field = document.querySelector('input#userid')
    if (!field) { if (left-- > 0) setTimeout(fill, 250); return }
    if (field.value) return
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, ` + string(id) + `)
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.dispatchEvent(new Event('change', { bubbles: true }))
    var password = document.querySelector('input#password')
    if (password) password.focus()
  }
  fill()
})()`
}

// maxAnswer is far above Kite's JSON refusals.
const maxAnswer = 4 << 10

// answer looks at a page that is JSON instead of HTML: Kite shows its refusal
// of a user who isn't enabled for the app that way, without a redirect.
func (b *browser) answer(body []byte) {
	var refusal struct {
		Status  string `json:"status"`
		Message string `json:"message"`
	}
	if len(body) > maxAnswer || json.Unmarshal(body, &refusal) != nil || refusal.Status != "error" {
		return
	}
	switch message := strings.ToLower(refusal.Message); {
	case strings.Contains(message, "not enabled"):
		b.trouble(loginwindow.OutcomeNotEnabled, "", "The user who logged in isn't enabled for this app. Start again to log in as "+b.job.ClientID+".")
	case strings.Contains(message, "api_key"):
		b.trouble(loginwindow.OutcomeAPIKey, "", "Kite doesn't know this account's API key. Close this window and correct it.")
	}
}

// trouble notes and shows what keeps the page from being usable.
func (b *browser) trouble(what loginwindow.Outcome, host, sentence string) {
	b.mu.Lock()
	b.problem, b.host = what, host
	b.mu.Unlock()
	fmt.Fprintln(os.Stderr, "trouble:", what, host)
	setProblem(sentence)
}

// loadFailed is told of pages that didn't load. A redirect to a port that
// browsers refuse comes here without ever being decided.
func (b *browser) loadFailed(uri string) {
	b.mu.Lock()
	verdict, refused := b.policy.Decide(uri, "GET", b.committed), b.refused == withoutFragment(uri)
	b.mu.Unlock()
	if refused {
		return
	}
	if verdict == loginwindow.Landed || verdict == loginwindow.LandedElsewhere {
		b.decide(uri, "GET")
		return
	}
	host := loginwindow.HostOf(uri)
	b.trouble(loginwindow.OutcomeOffline, host, "The page on "+host+" couldn't be loaded. Check the internet connection and start again.")
}

func (b *browser) tlsFailed(uri string) {
	host := loginwindow.HostOf(uri)
	b.trouble(loginwindow.OutcomeTLS, host, "The connection to "+host+" isn't secure, so the page isn't shown. Sign in to the network or check the computer's clock, then start again.")
}

// hung is told of a page that no longer answers.
func (b *browser) hung() {
	b.trouble(loginwindow.OutcomePageCrashed, "", "The page doesn't answer. Start again to load it anew.")
}

func (b *browser) crashed() {
	b.trouble(loginwindow.OutcomePageCrashed, "", "The page crashed. Start again to load it anew.")
}

// closed is the user's way out: it ends with the problem that was shown, if
// one was.
func (b *browser) closed() {
	b.mu.Lock()
	r := loginwindow.Report{Outcome: loginwindow.OutcomeClosed}
	if b.problem != "" {
		r.Outcome, r.Host = b.problem, b.host
	}
	b.mu.Unlock()
	b.end(r)
}

// end answers the parent, once, and closes the window.
func (b *browser) end(r loginwindow.Report) {
	b.mu.Lock()
	if b.ended {
		b.mu.Unlock()
		return
	}
	b.ended = true
	report := loginwindow.NewReport()
	report.Outcome, report.URL, report.Host, report.Blocked = r.Outcome, r.URL, r.Host, b.blocked
	b.mu.Unlock()
	b.write(report)
	quit()
}

// endIfOpen answers for a loop that ended by itself.
func (b *browser) endIfOpen() { b.closed() }

// write is only ever called by one goroutine at a time: the toolkit's.
func (b *browser) write(r loginwindow.Report) {
	if err := loginwindow.WriteMessage(b.answers, r); err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
	}
}
