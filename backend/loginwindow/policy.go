package loginwindow

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Policy says what a login window may load. It is pure data and pure
// functions, the same on every platform.
//
// Live: top level and sub-resources only https on zerodha.com, kite.trade and
// their subdomains. Sandbox: only the origin of its login page. Further hosts,
// https only, where the user allowed them for the account.
type Policy struct {
	Callback string   `json:"callback"`
	Live     bool     `json:"live"`
	Origin   string   `json:"origin"` // of the login page: scheme://host:port
	Hosts    []string `json:"hosts"`
}

// NewPolicy returns the policy of a job.
func NewPolicy(job kite.LoginJob) Policy {
	return Policy{
		Callback: job.CallbackURL, Live: job.AccountType == kite.Live,
		Origin: originOf(job.LoginURL), Hosts: append([]string{}, job.AllowedHosts...),
	}
}

// Verdict is what to do with a navigation.
type Verdict int

// The verdicts. Only Load lets anything go to the network.
const (
	Blocked         Verdict = iota // another host: refuse, and name it
	Load                           // let it load
	Landed                         // the redirect: stop, the login is done
	LandedElsewhere                // a request_token on its way to another address
	Refused                        // refuse silently: about:, data:, downloads and the like
)

// Decide judges a navigation of the page or of a frame, which WebKit doesn't
// tell apart, by its URL and method, with the URL last committed at top level.
func (p Policy) Decide(raw, method, committed string) Verdict {
	if raw == "about:blank" || raw == "about:srcdoc" {
		return Load
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return Refused
	}
	fromBroker := p.IsBroker(committed)
	switch {
	case kite.MatchesCallback(raw, p.Callback) && fromBroker:
		if !isGet(method) { // Kite's redirect is a GET; a form could be anybody's
			return Refused
		}
		return Landed
	case p.allowed(raw):
		return Load
	case kite.CarriesRequestToken(raw) && fromBroker:
		return LandedElsewhere
	default:
		return Blocked
	}
}

func isGet(method string) bool { return method == "" || method == "GET" }

// allowed says whether the page or a resource may come from raw.
func (p Policy) allowed(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || strings.HasSuffix(u.Hostname(), ".") {
		return false
	}
	if p.isBroker(u) {
		return true
	}
	for _, host := range p.Hosts {
		if u.Scheme == "https" && strings.EqualFold(u.Hostname(), host) && (u.Port() == "" || u.Port() == "443") {
			return true
		}
	}
	return false
}

// AllowsResource says whether a request other than for a page may be made: for
// an image, by a script, from a worker. It says what ContentFilter does, where
// the web view asks about each instead of taking rules.
func (p Policy) AllowsResource(raw string) bool {
	scheme, _, _ := strings.Cut(raw, ":")
	switch strings.ToLower(scheme) {
	case "data", "blob", "about":
		return true
	default:
		return p.allowed(raw)
	}
}

// AllowsHost says whether anything may be loaded from a host.
func (p Policy) AllowsHost(host string) bool {
	return p.allowed("https://"+host+"/") || (!p.Live && host == HostOf(p.Origin))
}

func (p Policy) isBroker(u *url.URL) bool {
	if p.Live {
		return u.Scheme == "https" && kite.BrokerHost(u.Hostname()) && (u.Port() == "" || u.Port() == "443")
	}
	return p.Origin != "" && originOf(u.String()) == p.Origin
}

// IsBroker says whether raw is the broker's own page: where the user ID may be
// filled in and whose answers are read.
func (p Policy) IsBroker(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.User == nil && p.isBroker(u)
}

// originOf is scheme://host:port with the default port written out.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}

// HostOf is the host of a URL for people; empty if it has none.
func HostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

type filterRule struct {
	Trigger map[string]string `json:"trigger"`
	Action  map[string]string `json:"action"`
}

// ContentFilter is the list of rules, in WebKit's format, that keeps
// sub-resources from everywhere else: fetch, images and beacons don't pass
// Decide. See https://webkit.org/blog/3476/content-blockers-first-look/.
func (p Policy) ContentFilter() string {
	rules := []filterRule{{Trigger: map[string]string{"url-filter": ".*"}, Action: map[string]string{"type": "block"}}}
	allow := func(pattern string) {
		rules = append(rules, filterRule{
			Trigger: map[string]string{"url-filter": pattern}, Action: map[string]string{"type": "ignore-previous-rules"},
		})
	}
	for _, scheme := range []string{"data", "blob", "about"} {
		allow("^" + scheme + ":")
	}
	// The port is written out or left out; a bare ":" would also let user info
	// through, with another host behind it.
	if p.Live {
		allow(`^https://([^/:@]+\.)?zerodha\.com(:443)?/`)
		allow(`^https://([^/:@]+\.)?kite\.trade(:443)?/`)
	} else if u, err := url.Parse(p.Origin); err == nil {
		pattern := "^" + u.Scheme + "://" + regexp.QuoteMeta(u.Hostname())
		if defaultPort := map[string]string{"https": "443", "http": "80"}[u.Scheme]; u.Port() == defaultPort {
			pattern += "(:" + defaultPort + ")?/"
		} else {
			pattern += ":" + u.Port() + "/"
		}
		allow(pattern)
	}
	for _, host := range p.Hosts {
		allow("^https://" + regexp.QuoteMeta(host) + "(:443)?/")
	}
	text, _ := json.Marshal(rules) // strings always marshal
	return string(text)
}
