package loginwindow

import (
	"slices"
	"strings"
	"testing"
)

func TestEnvironment_windows_keeps_what_programs_need_and_nothing_else(t *testing.T) {
	given := []string{
		`SystemRoot=C:\Windows`, `windir=C:\Windows`, `TEMP=C:\T`, `LOCALAPPDATA=C:\L`, `ProgramFiles(x86)=C:\P`, `ProgramData=C:\D`,
		`USERPROFILE=C:\U`, "PROCESSOR_ARCHITECTURE=AMD64", `Path=C:\Windows`,
		"WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS=--remote-debugging-port=9222", "webview2_browser_executable_folder=C:\\evil",
		"WEBVIEW2_USER_DATA_FOLDER=C:\\evil", "WebView2_Pipe_For_Script_Debugger=x", "WEBVIEW2_WAIT_FOR_SCRIPT_DEBUGGER=1", "WEBVIEW2_RELEASE_CHANNEL_PREFERENCE=1",
		"SSLKEYLOGFILE=C:\\keys", "KITE_TOKEN=secret", "LC_ALL=C", "=C:=C:\\",
	}
	got := environmentOf("windows", given, `C:\T\folder`)
	if want := given[:9]; !slices.Equal(got, want) {
		t.Errorf("environment = %q, want %q", got, want)
	}
}

func TestEnvironment_linux_takes_account_of_case_and_has_its_own_folder(t *testing.T) {
	got := environmentOf("linux", []string{"HOME=/h", "home=/other", "LC_ALL=C", "SYSTEMROOT=x", "WEBKIT_INSPECTOR_SERVER=:1", "XDG_CACHE_HOME=/other"}, "/f")
	if want := "XDG_DATA_HOME=/f XDG_CACHE_HOME=/f XDG_STATE_HOME=/f HOME=/h LC_ALL=C"; strings.Join(got, " ") != want {
		t.Errorf("environment = %q, want %q", got, want)
	}
}
