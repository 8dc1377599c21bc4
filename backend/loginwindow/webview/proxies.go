package webview

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// proxySettings are those of Windows for this user.
type proxySettings struct {
	detects   bool   // looks for a script in the network
	found     string // address of the one that was found there; "" for none
	script    string // address of one that was set; "" for none
	proxies   string // set by hand, as WinHTTP writes them
	toThePage string // what scripts chose, in the same form
}

// hosts are those that a browser must reach to get to the page by these
// settings.
func (s proxySettings) hosts() (all []string) {
	if s.detects {
		all = append(all, "wpad")
	}
	for _, script := range s.scripts() {
		if u, err := url.Parse(script); err == nil && u.Hostname() != "" {
			all = append(all, u.Hostname())
		}
	}
	return append(all, proxyHosts(s.proxies+";"+s.toThePage)...)
}

// scripts are the addresses of those that a browser may ask.
func (s proxySettings) scripts() []string {
	return slices.DeleteFunc([]string{s.found, s.script}, func(address string) bool { return address == "" })
}

// origins are what scripts are asked about to reach a page and hosts. Neither a
// browser tells them more of an https address: a network may have set them up.
func origins(page string, hosts []string) (all []string) {
	if u, err := url.Parse(page); err == nil && u.Host != "" {
		all = append(all, u.Scheme+"://"+u.Host+"/")
	}
	for _, host := range hosts {
		all = append(all, "https://"+host+"/")
	}
	return all
}

// proxyHosts are the hosts of a list of ([scheme=][scheme://]server[:port]),
// separated by semicolons or white space:
// https://learn.microsoft.com/en-us/windows/win32/api/winhttp/ns-winhttp-winhttp_proxy_info
func proxyHosts(list string) (all []string) {
	for _, entry := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || unicode.IsSpace(r) }) {
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
