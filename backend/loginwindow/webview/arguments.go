package webview

import (
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// browserArguments keep WebView2's browser from speaking to anybody but the
// page's hosts: what it does by itself isn't asked about anywhere, nor are
// sockets. WebView2 ignores those it doesn't know, and any may change with it, as
// Microsoft warns. Proxies are the hosts of those that lead to the page.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/webview-features-flags,
// https://github.com/GoogleChrome/chrome-launcher/blob/main/docs/chrome-flags-for-tools.md
func browserArguments(policy loginwindow.Policy, proxies []string) string {
	return strings.Join([]string{
		"--disable-features=msSmartScreenProtection",                   // sends addresses to Microsoft
		"--disable-background-networking",                              // updates, reports
		"--disable-component-update",                                   // downloads parts of the browser
		"--disable-domain-reliability",                                 // reports about sites
		"--disable-breakpad",                                           // reports of crashes
		"--no-pings",                                                   // <a ping>
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",          // WebRTC sends nothing to addresses
		"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",    // its name in older ones
		`--host-resolver-rules="` + policy.HostRules(proxies...) + `"`, // nobody else has an address, nor is it asked for
	}, " ")
}
