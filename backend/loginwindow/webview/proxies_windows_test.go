package webview

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func TestStructuresOfWinHTTP_have_their_sizes(t *testing.T) {
	if a, b := unsafe.Sizeof(userProxies{}), unsafe.Sizeof(autoProxyOptions{}); a != 32 || b != 32 || unsafe.Sizeof(proxyInfo{}) != 24 {
		t.Errorf("sizes %d, %d", a, b)
	}
}

// setProxies makes settings as WinINet keeps them: version, counter, flags, and
// after their lengths proxies, exceptions and the address of a script.
func setProxies(t *testing.T, flags byte, proxies, script string) {
	t.Helper()
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() != nil {
		t.Skip("these are a real user's settings")
	}
	const settings = `Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`
	key, _, err := registry.CreateKey(registry.CURRENT_USER, settings, registry.ALL_ACCESS)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close() //nolint:errcheck // its changes are made
	blob := []byte{70, 0, 0, 0, 1, 0, 0, 0, flags, 0, 0, 0}
	for _, text := range []string{proxies, "", script} {
		blob = append(append(blob, byte(len(text)), 0, 0, 0), text...)
	}
	if err := key.SetBinaryValue("DefaultConnectionSettings", append(blob, make([]byte, 32)...)); err != nil {
		t.Fatal(err)
	}
}

func TestProxiesTo_are_those_of_this_users_settings(t *testing.T) {
	const byHand = 2
	setProxies(t, byHand, "https=proxy.corp:8080", "")
	hosts, err := proxiesTo("https://kite.zerodha.com/connect/login", nil)
	if err != nil || strings.Join(hosts, " ") != "proxy.corp" {
		t.Errorf("hosts = %q, %v", hosts, err)
	}
}

func TestProxiesTo_asks_a_script_about_each_host_and_tells_it_no_path(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
		_, _ = w.Write([]byte(`function FindProxyForURL(url, host) {
			return "PROXY for-" + host + ":3128" + (url.indexOf("api_key") < 0 ? "" : "; PROXY told.example:80")
		}`))
	}))
	t.Cleanup(site.Close)
	const byScript = 4
	setProxies(t, byScript, "", site.URL+"/proxy.pac")
	hosts, err := proxiesTo("https://kite.zerodha.com/connect/login?api_key=abc", []string{"captcha.example"})
	if err != nil || strings.Join(hosts, " ") != "127.0.0.1 for-kite.zerodha.com for-captcha.example" {
		t.Errorf("hosts = %q, %v", hosts, err)
	}
}
