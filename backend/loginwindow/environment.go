package loginwindow

import (
	"os"
	"runtime"
	"slices"
	"strings"
)

// kept are the variables that a web view needs to find its display, bus, theme,
// language and network. Everything else stays here; WEBKIT_INSPECTOR_SERVER,
// which would open a debugger, is not among them.
var kept = []string{
	"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XDG_CONFIG_HOME",
	"XDG_CONFIG_DIRS", "XDG_DATA_DIRS", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "HOME", "PATH", "USER", "LOGNAME",
	"LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
}

var keptPrefixes = []string{"LC_", "GDK_", "GTK_", "GIO_", "WEBKIT_DISABLE_"}

// keptOnWindows are the variables by which programs of Windows find the system,
// the user's folders and the processor; Windows takes no account of case.
// Variables that begin with WEBVIEW2_, which would open a debugger or start
// another browser, are not among them, nor is SSLKEYLOGFILE, which would write
// down the keys of connections.
var keptOnWindows = []string{
	"SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "COMSPEC", "PATH", "OS", "TEMP", "TMP",
	"USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PUBLIC", "USERNAME", "USERDOMAIN", "COMPUTERNAME", "SESSIONNAME",
	"PROGRAMDATA", "ALLUSERSPROFILE", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432",
	"COMMONPROGRAMFILES", "COMMONPROGRAMFILES(X86)", "COMMONPROGRAMW6432",
	"PROCESSOR_ARCHITECTURE", "PROCESSOR_ARCHITEW6432", "PROCESSOR_IDENTIFIER", "PROCESSOR_LEVEL", "PROCESSOR_REVISION", "NUMBER_OF_PROCESSORS",
}

// environment is the helper's. What a web view would keep goes to a folder
// that is removed after the login.
func environment(folder string) []string { return environmentOf(runtime.GOOS, os.Environ(), folder) }

func environmentOf(system string, variables []string, folder string) []string {
	env := []string{"XDG_DATA_HOME=" + folder, "XDG_CACHE_HOME=" + folder, "XDG_STATE_HOME=" + folder}
	keeps := keepsOnUnix
	if system == "windows" {
		env, keeps = nil, keepsOnWindows
	}
	for _, variable := range variables {
		name, _, _ := strings.Cut(variable, "=")
		if keeps(name) {
			env = append(env, variable)
		}
	}
	return env
}

func keepsOnWindows(name string) bool { return slices.Contains(keptOnWindows, strings.ToUpper(name)) }

func keepsOnUnix(name string) bool {
	if slices.Contains(kept, name) {
		return true
	}
	return slices.ContainsFunc(keptPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
