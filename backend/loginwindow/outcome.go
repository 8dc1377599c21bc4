package loginwindow

import (
	"runtime"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Outcome is how a login window ended.
type Outcome string

// The outcomes a helper reports. What it can't report (a crash, a hang) the
// parent sees for itself.
const (
	OutcomeLanded          Outcome = "landed"
	OutcomeLandedElsewhere Outcome = "landed-elsewhere"
	OutcomeClosed          Outcome = "closed"
	OutcomeNotEnabled      Outcome = "not-enabled"
	OutcomeAPIKey          Outcome = "api-key"
	OutcomeOffline         Outcome = "offline"
	OutcomeTLS             Outcome = "tls"
	OutcomePageCrashed     Outcome = "page-crashed"
	OutcomeNoWebView       Outcome = "no-web-view"
)

const hintPaste = "Try again, or use Paste the redirect URL to log in with your own browser."

// failure says an outcome other than OutcomeLanded to the user.
func failure(r Report, job kite.LoginJob) error {
	switch r.Outcome {
	case OutcomeClosed:
		return kite.Errorf(kite.ECANCELED, "The login window was closed before the login was done.").
			WithHint("Try again from the card.")
	case OutcomeLandedElsewhere:
		return kite.Errorf(kite.EINVALID, "Kite sent the login to %s, not to this account's callback URL, so it wasn't used.", quoteHost(r.Host)).
			WithHint("Make the callback URL here and the redirect URL on Kite's developer console the same: " + job.CallbackURL + " is what this account has.").
			WithField("callbackUrl")
	case OutcomeNotEnabled:
		return kite.Errorf(kite.EWRONGUSER, "The user who logged in isn't enabled for this app.").
			WithHint("Log in as " + job.ClientID + ", or add the other client ID to the app on Kite's developer console.")
	case OutcomeAPIKey:
		return kite.Errorf(kite.EINVALID, "Kite doesn't know this account's API key.").WithField("apiKey").
			WithHint("Edit the account and enter the API key from Kite's developer console.")
	case OutcomeOffline:
		return kite.Errorf(kite.EOFFLINE, "The login page on %s couldn't be loaded.", quoteHost(r.Host)).
			WithHint("Check the internet connection and try again.")
	case OutcomeTLS:
		return kite.Errorf(kite.EOFFLINE, "The connection to %s isn't secure, so the login page wasn't shown.", quoteHost(r.Host)).
			WithHint("Sign in to the network, check the computer's clock, or use another network. The connection can't be allowed.")
	case OutcomePageCrashed:
		return kite.Errorf(kite.EINTERNAL, "The login page crashed.").WithHint(hintPaste)
	case OutcomeNoWebView:
		return noWebView(runtime.GOOS)
	default:
		return kite.Errorf(kite.EINTERNAL, "The login window gave an answer that can't be understood.").WithHint(hintPaste)
	}
}

// noWebView says what a system's web view needs.
func noWebView(system string) error {
	if system == "windows" {
		return kite.Errorf(kite.EINTERNAL, "The embedded login window needs Microsoft's WebView2 Runtime, which isn't here or is too old.").
			WithHint("Install or update the WebView2 Runtime from https://developer.microsoft.com/microsoft-edge/webview2, or use Paste the redirect URL to log in with your own browser.")
	}
	return kite.Errorf(kite.EINTERNAL, "The embedded login window isn't available here.").
		WithHint("Use Paste the redirect URL to log in with your own browser.")
}

func quoteHost(host string) string {
	if host == "" {
		return "an unknown address"
	}
	return host
}
