package loginwindow

import (
	"net/url"
	"strings"
)

// isPlain says whether a host can't be taken for more than one in HostRules. It
// is no regular expression: kitectl would compile that at every start.
func isPlain(host string) bool {
	const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
	return host != "" && len(host) <= 253 && strings.Trim(host, characters) == ""
}

// HostRules is the policy as Chromium's --host-resolver-rules: no other host has
// an address, whatever asks for one, so that sockets (ws:, wss:) and connections
// ahead of requests reach nobody, which no filter of requests is asked about. It
// knows hosts only, no ports. A proxy finds its hosts by itself, so behind one
// the rules keep nothing away; proxies are the hosts of those that are in use,
// which must be found.
//
// The word for no address begins with ^, which no host may have in it. With the ~ of
// Chromium before version 119, others would ask for the address of ~notfound.
//
// https://source.chromium.org/chromium/chromium/src/+/main:net/dns/mapped_host_resolver.h
func (p Policy) HostRules(proxies ...string) string {
	hosts := append([]string{}, p.Hosts...)
	if p.Live {
		for _, broker := range []string{"zerodha.com", "kite.trade"} {
			hosts = append(hosts, broker, "*."+broker)
		}
	} else if u, err := url.Parse(p.Origin); err == nil {
		hosts = append(hosts, u.Hostname())
	}
	rules := []string{"MAP * ^NOTFOUND"}
	for _, host := range append(hosts, proxies...) {
		if isPlain(strings.TrimPrefix(host, "*.")) {
			rules = append(rules, "EXCLUDE "+strings.ToLower(host))
		}
	}
	return strings.Join(rules, " , ")
}
