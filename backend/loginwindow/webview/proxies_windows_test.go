package webview

import (
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func TestProxiesTo_are_those_of_this_users_settings(t *testing.T) {
	if a, b := unsafe.Sizeof(userProxies{}), unsafe.Sizeof(autoProxyOptions{}); a != 32 || b != 32 || unsafe.Sizeof(proxyInfo{}) != 24 {
		t.Errorf("sizes %d, %d", a, b)
	}
	const settings = `Software\Microsoft\Windows\CurrentVersion\Internet Settings`
	key, _, err := registry.CreateKey(registry.CURRENT_USER, settings, registry.ALL_ACCESS)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close() //nolint:errcheck // its changes are made
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() != nil {
		t.Skip("these are a real user's settings")
	}
	connections, _, err := registry.CreateKey(key, "Connections", registry.ALL_ACCESS)
	if err != nil {
		t.Fatal(err)
	}
	defer connections.Close() //nolint:errcheck // its changes are made
	// The form that WinINet keeps: version, counter, flags (2: a proxy), proxies, exceptions, script.
	const proxies = "https=proxy.corp:8080"
	blob := append([]byte{70, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, byte(len(proxies)), 0, 0, 0}, proxies...)
	if err := connections.SetBinaryValue("DefaultConnectionSettings", append(blob, make([]byte, 40)...)); err != nil {
		t.Fatal(err)
	}
	hosts, err := proxiesTo("https://kite.zerodha.com/connect/login")
	if err != nil || strings.Join(hosts, " ") != "proxy.corp" {
		t.Errorf("hosts = %q, %v", hosts, err)
	}
}
