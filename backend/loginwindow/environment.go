package loginwindow

import (
	"os"
	"strings"
)

// kept are the variables that a web view needs to find its display, bus, theme,
// language and network. Everything else stays here; WEBKIT_INSPECTOR_SERVER,
// which would open a debugger, is not among them.
var kept = []string{
	"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XDG_CONFIG_HOME",
	"XDG_CONFIG_DIRS", "XDG_DATA_DIRS", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "HOME", "PATH", "USER", "LOGNAME",
	"LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
	"SYSTEMROOT", "TEMP", "TMP", "APPDATA", "LOCALAPPDATA",
}

var keptPrefixes = []string{"LC_", "GDK_", "GTK_", "GIO_", "WEBKIT_DISABLE_"}

// environment is the helper's. What a web view would keep goes to a folder
// that is removed after the login.
func environment(folder string) []string {
	env := []string{"XDG_DATA_HOME=" + folder, "XDG_CACHE_HOME=" + folder, "XDG_STATE_HOME=" + folder}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if keeps(name) {
			env = append(env, variable)
		}
	}
	return env
}

func keeps(name string) bool {
	for _, k := range kept {
		if name == k {
			return true
		}
	}
	for _, prefix := range keptPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
