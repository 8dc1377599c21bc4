package webview

import (
	"strings"
	"testing"
)

func TestProxySettings_hosts(t *testing.T) {
	for name, c := range map[string]struct {
		settings proxySettings
		want     string
	}{
		"none":               {proxySettings{}, ""},
		"one":                {proxySettings{proxies: "proxy.corp:8080"}, "proxy.corp"},
		"by scheme":          {proxySettings{proxies: "http=a.corp:80;https=http://b.corp:443;socks=c.corp"}, "a.corp b.corp c.corp"},
		"script":             {proxySettings{script: "http://pac.corp:81/proxy.pac", toThePage: "p1.corp:3128 p2.corp:3128"}, "pac.corp p1.corp p2.corp"},
		"script in a file":   {proxySettings{script: "file:///c:/proxy.pac"}, ""},
		"found":              {proxySettings{detects: true, toThePage: "10.0.0.1:3128"}, "wpad 10.0.0.1"},
		"what nobody can be": {proxySettings{proxies: ";; =;http=;://;%zz", script: "%zz"}, ""},
	} {
		if got := strings.Join(c.settings.hosts(), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
