package webview

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// WebView2's NavigationStarting comes when a GET may be on its way
// (https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/icorewebview2navigationstartingeventargs#get_cancel),
// which for the redirect would be too late. The DevTools protocol holds every request,
// one after a redirect too, until it is told to go on:
// https://chromedevtools.github.io/devtools-protocol/tot/Fetch/

// interceptAll makes every request wait, before it is sent.
const (
	interceptMethod = "Fetch.enable"
	interceptAll    = `{"patterns":[{"urlPattern":"*","requestStage":"Request"}]}`
	interceptEvent  = "Fetch.requestPaused"
)

// pausedRequest is what is used of the event's parameters.
type pausedRequest struct {
	RequestID string `json:"requestId"`
	Request   struct {
		URL    string `json:"url"` // without the fragment
		Method string `json:"method"`
	} `json:"request"`
	ResourceType string `json:"resourceType"` // Document for pages and frames
}

// intercept answers a request that waits: with the method of the protocol and
// its parameters. What can't be understood isn't answered, so it never goes on.
func (b *browser) intercept(parameters string) (method, answer string) {
	var p pausedRequest
	if err := json.Unmarshal([]byte(parameters), &p); err != nil || p.RequestID == "" {
		fmt.Fprintln(os.Stderr, "login-window: a request that can't be understood was held")
		return "", ""
	}
	var allowed bool
	if p.ResourceType == "Document" {
		allowed = b.decide(p.Request.URL, p.Request.Method)
		if !allowed {
			b.mu.Lock()
			b.refused = p.Request.URL
			b.mu.Unlock()
		}
	} else {
		allowed = b.allowResource(p.Request.URL)
	}
	if allowed {
		return "Fetch.continueRequest", protocolJSON(map[string]string{"requestId": p.RequestID})
	}
	return "Fetch.failRequest", protocolJSON(map[string]string{"requestId": p.RequestID, "errorReason": "BlockedByClient"})
}

func protocolJSON(parameters map[string]string) string {
	text, _ := json.Marshal(parameters) // strings always marshal
	return string(text)
}

// allowResource says whether a page may load something, and names the host if
// not.
func (b *browser) allowResource(uri string) bool {
	if b.policy.AllowsResource(uri) {
		return true
	}
	b.missing(loginwindow.HostOf(uri))
	return false
}

// allowRequest is for what may be a page or a resource of one, where the web
// view doesn't say which: pages are decided elsewhere as well.
func (b *browser) allowRequest(uri string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.policy.AllowsResource(uri) || (b.undecided != "" && b.undecided == withoutFragment(uri))
}
