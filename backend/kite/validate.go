package kite

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what a field may hold, in characters.
const (
	maxName   = 80
	maxPhone  = 20
	maxURL    = 2000
	maxSecret = 256
	maxHosts  = 20
)

var (
	clientIDPattern = newPattern(`^[A-Z0-9]{2,12}$`)
	apiKeyPattern   = newPattern(`^[A-Za-z0-9]{4,64}$`)
	phonePattern    = newPattern(`^\+?[0-9][0-9 -]{4,18}$`)
	hostPattern     = newPattern(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
)

// Validate returns what is wrong with the plain fields, each an EINVALID with
// Field and a sentence that says what to enter; nothing if they are fine. It
// expects trimmed input.
func (a Account) Validate() []*Error {
	var problems []*Error
	check := func(field, sentence string) {
		if sentence != "" {
			problems = append(problems, Errorf(EINVALID, "%s", sentence).WithField(field))
		}
	}
	check("accountName", nameProblem(a.Name))
	check("slug", slugProblem(a.Slug))
	check("loginWay", wayProblem(a.LoginWay))
	check("clientId", patternProblem(a.ClientID, clientIDPattern,
		"Enter the Zerodha client ID.", "A client ID has letters and digits only, such as AB1234."))
	check("phoneNumber", optionalPattern(a.PhoneNumber, phonePattern, "Enter digits, such as +91 98765 43210, or leave it empty."))
	check("apiKey", patternProblem(a.APIKey, apiKeyPattern,
		"Enter the API key from Kite's developer console.", "An API key has 4 to 64 letters and digits."))
	check("accountType", typeProblem(a.Type))
	check("callbackUrl", CallbackProblem(a.CallbackURL))
	check("postbackUrl", postbackProblem(a.PostbackURL))
	check("sessionLifetimeHours", lifetimeProblem(a))
	check("allowedHosts", hostsProblem(a.AllowedHosts))
	return append(problems, endpointProblems(a)...)
}

// ValidateSecret says whether s can be stored; nil if so. Empty is fine.
func ValidateSecret(field string, s Secret) *Error {
	text := s.Bytes()
	switch {
	case !utf8.Valid(text):
		return Errorf(EINVALID, "This isn't text. Copy it again.").WithField(field)
	case utf8.RuneCount(text) > maxSecret:
		return Errorf(EINVALID, "This is too long: at most %d characters.", maxSecret).WithField(field)
	case strings.ContainsFunc(string(text), unicode.IsControl):
		return Errorf(EINVALID, "This contains a line break or another invisible character. Copy it again without.").WithField(field)
	}
	return nil
}

func nameProblem(name string) string {
	switch {
	case name == "":
		return "Enter a name for this account."
	case utf8.RuneCountInString(name) > maxName:
		return "Choose a shorter name: at most 80 characters."
	case !utf8.ValidString(name) || strings.ContainsFunc(name, invisible):
		return "The name contains an invisible control character. Type it again."
	}
	return ""
}

// invisible finds control characters and those that reorder text, with which
// one name could be made to look like another. Joiners stay: emoji and Indian
// scripts need them.
func invisible(r rune) bool {
	return unicode.IsControl(r) || (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) || r == 0x200B || r == 0xFEFF || r == 0x2028 || r == 0x2029
}

func patternProblem(value string, pattern *pattern, ifEmpty, ifWrong string) string {
	if value == "" {
		return ifEmpty
	}
	return optionalPattern(value, pattern, ifWrong)
}

func optionalPattern(value string, pattern *pattern, ifWrong string) string {
	if value != "" && !pattern.MatchString(value) {
		return ifWrong
	}
	return ""
}

func wayProblem(w LoginWay) string {
	if slices.Contains([]LoginWay{"", LoginInWindow, LoginInBrowser, LoginByPaste}, w) {
		return ""
	}
	return "Choose the login window, the browser or pasting."
}

func typeProblem(t AccountType) string {
	if t != Live && t != Sandbox {
		return "Choose live or sandbox."
	}
	return ""
}

func lifetimeProblem(a Account) string {
	switch {
	case a.Type == Live && a.TTL != DefaultTTL:
		return "A live session lasts until Kite's cut-off; its lifetime can't be set."
	case a.TTL < time.Second || a.TTL > DefaultTTL:
		return "Enter hours between 0.001 and 24."
	}
	return ""
}

// CallbackProblem says why a callback URL can't be registered at Kite or
// intercepted; "" if it can. Kite's console takes https, or http on this
// computer: https://kite.trade/docs/connect/v3/apps/.
func CallbackProblem(raw string) string {
	if raw == "" {
		return "Enter the redirect URL that is registered on Kite's developer console."
	}
	u, sentence := parseWebURL(raw)
	if sentence != "" {
		return sentence
	}
	switch {
	case u.Scheme == "http" && !isThisComputer(u.Hostname()):
		return "Kite takes http only for 127.0.0.1 or localhost. Use https."
	case strings.ContainsAny(raw, "?#"):
		return "Leave out everything from ? or # on."
	case dotSegments(u.EscapedPath()):
		return "Leave out . and .. between the slashes: browsers resolve them."
	case BrokerHost(u.Hostname()):
		return "This is Kite's own address. Enter the redirect URL of your app."
	case blockedPort(u.Port()):
		return "Browsers refuse port " + u.Port() + ". Choose another one, such as 51730."
	}
	return ""
}

func parseWebURL(raw string) (*url.URL, string) {
	if len(raw) > maxURL {
		return nil, "This is too long for an address."
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil, u.Opaque != "", u.Hostname() == "", strings.ContainsFunc(raw, unicode.IsSpace):
		return nil, "Enter a whole address, such as http://127.0.0.1:51730/kite/callback."
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "The address must begin with https:// (or http:// for this computer)."
	case u.User != nil:
		return nil, "Leave out the user name before the @."
	case !isASCII(u.Host):
		return nil, "Write the host in plain letters, in its xn-- form if it has one."
	case strings.HasSuffix(u.Hostname(), "."):
		return nil, "Leave out the dot at the end of the host."
	}
	if port, err := strconv.Atoi(u.Port()); u.Port() != "" && (err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != u.Port()) {
		return nil, "The port must be a number from 1 to 65535."
	}
	return u, ""
}

// dotSegments finds what browsers resolve before they go anywhere, so that the
// path seen would never be the one entered: https://url.spec.whatwg.org/#path-state.
func dotSegments(path string) bool {
	for segment := range strings.SplitSeq(strings.ReplaceAll(strings.ToLower(path), "%2e", "."), "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

func isThisComputer(host string) bool {
	return host == "127.0.0.1" || strings.EqualFold(host, "localhost")
}

// BrokerHost says whether host is zerodha.com, kite.trade or below one of
// them.
func BrokerHost(host string) bool {
	host = strings.ToLower(host)
	for _, domain := range []string{"zerodha.com", "kite.trade"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

func postbackProblem(raw string) string {
	if raw == "" {
		return ""
	}
	u, sentence := parseWebURL(raw)
	switch {
	case sentence != "":
		return sentence
	case u.Scheme != "https" || isThisComputer(u.Hostname()):
		return "Kite calls the postback URL over the internet: enter a public https address or leave it empty."
	}
	return ""
}

func endpointProblems(a Account) []*Error {
	e := a.Endpoints
	if e.IsZero() {
		return nil
	}
	if a.Type != Sandbox {
		return []*Error{Errorf(EINVALID, "Only sandbox accounts have endpoints of their own.").WithField("apiRoot")}
	}
	var problems []*Error
	for _, f := range [][2]string{{"loginUrl", e.LoginURL}, {"apiRoot", e.APIRoot}} {
		field, raw := f[0], f[1]
		u, sentence := parseWebURL(raw)
		switch {
		case raw == "":
			sentence = "Enter both the login URL and the API root, or neither."
		case sentence == "" && u.Scheme == "http" && !isThisComputer(u.Hostname()):
			sentence = "Use https, or http for 127.0.0.1."
		case sentence == "" && field == "apiRoot" && strings.ContainsAny(raw, "?#"):
			sentence = "Leave out everything from ? or # on."
		}
		if sentence != "" {
			problems = append(problems, Errorf(EINVALID, "%s", sentence).WithField(field))
		}
	}
	return problems
}

func hostsProblem(hosts []string) string {
	if len(hosts) > maxHosts {
		return "At most 20 hosts can be allowed."
	}
	for _, h := range hosts {
		if len(h) > 253 || !hostPattern.MatchString(h) {
			return "Enter host names only, such as static.example.com."
		}
	}
	return ""
}

// blockedPorts are those that browsers refuse,
// https://fetch.spec.whatwg.org/#port-blocking.
var blockedPorts = []int{
	0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113,
	115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556,
	563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
	6668, 6669, 6679, 6697, 10080,
}

func blockedPort(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && slices.Contains(blockedPorts, n)
}
