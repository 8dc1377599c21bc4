package webview

import (
	"net/url"
	"strings"
)

// proxySettings are those of Windows for this user.
type proxySettings struct {
	detects   bool   // looks for a script in the network
	script    string // address of one; "" for none
	proxies   string // set by hand, as WinHTTP writes them
	toThePage string // what a script chose, in the same form
}

// hosts are those that a browser must reach to get to the page by these
// settings.
func (s proxySettings) hosts() (all []string) {
	if s.detects {
		all = append(all, "wpad")
	}
	if u, err := url.Parse(s.script); err == nil && u.Hostname() != "" {
		all = append(all, u.Hostname())
	}
	return append(all, proxyHosts(s.proxies+";"+s.toThePage)...)
}

// proxyHosts are the hosts of a list of ([scheme=][scheme://]server[:port]),
// separated by semicolons or spaces:
// https://learn.microsoft.com/en-us/windows/win32/api/winhttp/ns-winhttp-winhttp_proxy_info
func proxyHosts(list string) (all []string) {
	for _, entry := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || r == ' ' }) {
		if _, server, named := strings.Cut(entry, "="); named {
			entry = server
		}
		if _, server, named := strings.Cut(entry, "://"); named {
			entry = server
		}
		if u, err := url.Parse("http://" + entry); err == nil && u.Hostname() != "" {
			all = append(all, u.Hostname())
		}
	}
	return all
}
