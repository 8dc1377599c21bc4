package mainwindow_test

import (
	"os"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/mainwindow"
)

func TestForgetDebuggers(t *testing.T) {
	forgotten := []string{
		"WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER", "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
		"WebView2_Browser_Executable_Folder",
	}
	kept := []string{"WEBKIT_DISABLE_COMPOSITING_MODE", "KITE_TEST_OTHER"}
	for _, name := range append(append([]string{}, forgotten...), kept...) {
		t.Setenv(name, "127.0.0.1:9222")
	}
	mainwindow.ForgetDebuggers()
	for _, name := range forgotten {
		if value, ok := os.LookupEnv(name); ok {
			t.Errorf("%s is still %q", name, value)
		}
	}
	for _, name := range kept {
		if os.Getenv(name) == "" {
			t.Errorf("%s was forgotten", name)
		}
	}
}
