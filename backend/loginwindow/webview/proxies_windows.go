package webview

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winhttp          = windows.NewLazySystemDLL("winhttp.dll")
	procUserProxies  = winhttp.NewProc("WinHttpGetIEProxyConfigForCurrentUser")
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
		logOn           int32
	}
	proxyInfo struct { // WINHTTP_PROXY_INFO
		accessType      uint32
		proxies, bypass *uint16
	}
)

const (
	accessNoProxy              = 1
	autoProxyDetect            = 1
	autoProxyScript            = 2
	detectByDHCP, detectByDNSA = 1, 2
)

// proxiesTo are the hosts that lead to a page by this user's settings. To look
// for a script in the network takes seconds.
func proxiesTo(page string) ([]string, error) {
	var user userProxies
	if ok, _, err := procUserProxies.Call(uintptr(unsafe.Pointer(&user))); ok == 0 {
		return nil, fmt.Errorf("read proxy settings: %w", err)
	}
	s := proxySettings{detects: user.detects != 0, script: takeText(user.script), proxies: takeText(user.proxies)}
	takeText(user.bypass)
	if !s.detects && s.script == "" {
		return s.hosts(), nil
	}
	var err error
	s.toThePage, err = askScript(s, page)
	return s.hosts(), err
}

// askScript has a script choose the proxies.
func askScript(s proxySettings, page string) (string, error) {
	address, err := windows.UTF16PtrFromString(page)
	if err != nil {
		return "", err
	}
	options := autoProxyOptions{logOn: 1}
	if s.detects {
		options.flags, options.detectBy = autoProxyDetect, detectByDHCP|detectByDNSA
	}
	if s.script != "" {
		options.flags |= autoProxyScript
		if options.script, err = windows.UTF16PtrFromString(s.script); err != nil {
			return "", err
		}
	}
	session, _, err := procOpenSession.Call(0, accessNoProxy, 0, 0, 0)
	if session == 0 {
		return "", fmt.Errorf("look for proxies: %w", err)
	}
	defer procCloseSession.Call(session) //nolint:errcheck // nothing is left to do
	var info proxyInfo
	ok, _, err := procProxiesFor.Call(session, uintptr(unsafe.Pointer(address)), uintptr(unsafe.Pointer(&options)), uintptr(unsafe.Pointer(&info)))
	if ok == 0 {
		return "", fmt.Errorf("look for proxies: %w", err)
	}
	takeText(info.bypass)
	return takeText(info.proxies), nil
}

// takeText reads a text that WinHTTP made, and frees it.
func takeText(text *uint16) string {
	if text == nil {
		return ""
	}
	defer procGlobalFree.Call(uintptr(unsafe.Pointer(text))) //nolint:errcheck // it was WinHTTP's
	return windows.UTF16PtrToString(text)
}
