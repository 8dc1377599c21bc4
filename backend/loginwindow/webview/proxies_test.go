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
		"found elsewhere":    {proxySettings{detects: true, found: "http://dhcp.corp/proxy.pac", script: "http://pac.corp/"}, "wpad dhcp.corp pac.corp"},
		"on lines":           {proxySettings{proxies: "a.corp:80\tb.corp\r\nc.corp"}, "a.corp b.corp c.corp"},
		"what nobody can be": {proxySettings{proxies: ";; =;http=;://;%zz", script: "%zz"}, ""},
	} {
		if got := strings.Join(c.settings.hosts(), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOrigins_tell_a_script_no_path(t *testing.T) {
	got := origins("https://kite.zerodha.com/connect/login?api_key=abc", []string{"captcha.example"})
	if strings.Join(got, " ") != "https://kite.zerodha.com/ https://captcha.example/" {
		t.Errorf("origins %q", got)
	}
	if got := origins("%zz", nil); len(got) != 0 {
		t.Errorf("origins %q", got)
	}
}
