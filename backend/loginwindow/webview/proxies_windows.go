package webview

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winhttp          = windows.NewLazySystemDLL("winhttp.dll")
	procUserProxies  = winhttp.NewProc("WinHttpGetIEProxyConfigForCurrentUser")
	procFindScript   = winhttp.NewProc("WinHttpDetectAutoProxyConfigUrl")
	procProxiesFor   = winhttp.NewProc("WinHttpGetProxyForUrl")
	procOpenSession  = winhttp.NewProc("WinHttpOpen")
	procCloseSession = winhttp.NewProc("WinHttpCloseHandle")
	procGlobalFree   = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalFree")
)

// Structures and values of winhttp.h:
// https://learn.microsoft.com/en-us/windows/win32/winhttp/winhttp-structures
type (
	userProxies struct { // WINHTTP_CURRENT_USER_IE_PROXY_CONFIG
		detects                 int32
		script, proxies, bypass *uint16
	}
	autoProxyOptions struct { // WINHTTP_AUTOPROXY_OPTIONS
		flags, detectBy uint32
		script          *uint16
		_               uintptr
		_               uint32
		_               int32 // this user's credentials for whoever asks
	}
	proxyInfo struct { // WINHTTP_PROXY_INFO
		accessType      uint32
		proxies, bypass *uint16
	}
)

const (
	accessNoProxy              = 1
	autoProxyScript            = 2
	detectByDHCP, detectByDNSA = 1, 2

	errNoScript windows.Errno = 12180 // ERROR_WINHTTP_AUTODETECTION_FAILED
)

// proxiesTo are the hosts that lead to a page and hosts by this user's settings.
// To look for a script in the network takes seconds.
func proxiesTo(page string, hosts []string) ([]string, error) {
	var user userProxies
	if ok, _, err := procUserProxies.Call(uintptr(unsafe.Pointer(&user))); ok == 0 {
		return nil, fmt.Errorf("read proxy settings: %w", err)
	}
	s := proxySettings{detects: user.detects != 0, script: takeText(user.script), proxies: takeText(user.proxies)}
	takeText(user.bypass)
	var failed error
	if s.detects {
		s.found, failed = findScript()
	}
	for _, script := range s.scripts() {
		chosen, err := askScript(script, origins(page, hosts))
		s.toThePage += ";" + chosen
		failed = errors.Join(failed, err)
	}
	return s.hosts(), failed
}

// findScript looks for a script in the network; "" if there is none.
func findScript() (string, error) {
	var address *uint16
	ok, _, err := procFindScript.Call(detectByDHCP|detectByDNSA, uintptr(unsafe.Pointer(&address)))
	if ok == 0 && !errors.Is(err, errNoScript) {
		return "", fmt.Errorf("look for proxy script: %w", err)
	}
	return takeText(address), nil
}

// askScript has a script choose the proxies to each of some addresses.
func askScript(script string, addresses []string) (all string, err error) {
	from, err := windows.UTF16PtrFromString(script)
	if err != nil {
		return "", err
	}
	session, _, err := procOpenSession.Call(0, accessNoProxy, 0, 0, 0)
	if session == 0 {
		return "", fmt.Errorf("ask proxy script: %w", err)
	}
	defer procCloseSession.Call(session) //nolint:errcheck // nothing is left to do
	for _, address := range addresses {
		to, err := windows.UTF16PtrFromString(address)
		if err != nil {
			return all, err
		}
		options, info := autoProxyOptions{flags: autoProxyScript, script: from}, proxyInfo{}
		ok, _, err := procProxiesFor.Call(session, uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(&options)), uintptr(unsafe.Pointer(&info)))
		if ok == 0 {
			return all, fmt.Errorf("ask proxy script: %w", err)
		}
		takeText(info.bypass)
		all += ";" + takeText(info.proxies)
	}
	return all, nil
}

// takeText reads a text that WinHTTP made, and frees it.
func takeText(text *uint16) string {
	if text == nil {
		return ""
	}
	defer procGlobalFree.Call(uintptr(unsafe.Pointer(text))) //nolint:errcheck // it was WinHTTP's
	return windows.UTF16PtrToString(text)
}
