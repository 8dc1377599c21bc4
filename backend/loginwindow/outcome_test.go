package loginwindow

import (
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestNoWebView_says_what_the_system_needs(t *testing.T) {
	for system, wants := range map[string]string{"windows": "WebView2 Runtime", "linux": "isn't available here"} {
		e := kite.AsError(noWebView(system))
		if !strings.Contains(e.Message, wants) || !strings.Contains(e.Hint, "Paste the redirect URL") || strings.Contains(e.Hint, "WebView2") != (system == "windows") {
			t.Errorf("%s: %s %s", system, e.Message, e.Hint)
		}
	}
}
