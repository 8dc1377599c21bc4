//go:build wine

package windows

import (
	"slices"
	"testing"
)

// Where Microsoft's installer says which version there is, for the user or for
// everybody.
const (
	webView2Key = `Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}`

	webView2Machine = `HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}`
)

func TestSetup_installs_WebView2_where_it_is_missing(t *testing.T) {
	setup := standinSetup(t, "1.0.0")
	const works, fails = "STANDIN_WEBVIEW2=120.0.1.2", "STANDIN=fails"
	for name, c := range map[string]struct {
		everybody, user, bootstrapper string
		args                          []string
		ran                           bool
		code                          int
	}{
		"missing":             {"", "", works, nil, true, 0},
		"missing and offline": {"", "", fails, nil, true, exitWebView2},
		"removed":             {"0.0.0.0", "0.0.0.0", works, nil, true, 0},
		"nothing but a zero":  {"", "", "STANDIN_WEBVIEW2=0.0.0.0", nil, true, exitWebView2},
		"the user's":          {"", "119.0.0.1", fails, nil, false, 0},
		"the user's again":    {"0.0.0.0", "119.0.0.1", fails, nil, false, 0},
		"everybody's":         {"119.0.0.1", "", fails, nil, false, 0},
		"not wanted":          {"", "", fails, []string{"/NOWEBVIEW2"}, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			folder := installed(t)
			setRegistry(t, webView2Key, "pv", "REG_SZ", c.user)
			run(t, nil, "reg", "add", webView2Machine, "/v", "pv", "/d", c.everybody, "/f")
			t.Cleanup(func() { run(t, nil, "reg", "delete", webView2Machine, "/f") })
			_, code := run(t, []string{c.bootstrapper}, append([]string{setup, "/S"}, c.args...)...)
			if code != c.code {
				t.Errorf("it ended with %d", code)
			}
			if ran := slices.Contains(told(), "bootstrapper ran"); ran != c.ran {
				t.Errorf("that the bootstrapper ran is %t", ran)
			}
			if got := names(t, folder); !slices.Equal(got, brought) {
				t.Errorf("it brought %q", got)
			}
		})
	}
}
