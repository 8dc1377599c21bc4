package webview

import (
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// What WebView2 tells is judged here: it says less than WebKit, or says it in
// numbers.

// start says whether a navigation may go on that begins or was redirected,
// where the web view doesn't tell its method. Only a form that is posted has a
// body; but one that was redirected may have another method by now, or the same:
// whether such a one is Kite's redirect is left to intercept, which is told.
func (b *browser) start(uri string, redirected, hasBody bool) bool {
	if redirected && hasBody && b.lands(uri) {
		b.mu.Lock()
		b.undecided = withoutFragment(uri)
		b.mu.Unlock()
		return true
	}
	method := "GET"
	if hasBody {
		method = "POST"
	}
	return b.decide(uri, method)
}

// lands says whether a GET of uri would end the login.
func (b *browser) lands(uri string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.policy.Decide(uri, "GET", b.committed) == loginwindow.Landed
}

func withoutFragment(uri string) string {
	address, _, _ := strings.Cut(uri, "#")
	return address
}

// ending is what the end of a page's loading means.
type ending int

const (
	interrupted ending = iota // by us, or by another navigation
	finished                  // a page is there, whatever HTTP's status
	notLoaded                 // there is none
	notTrusted                // its certificate isn't
)

// Values of COREWEBVIEW2_WEB_ERROR_STATUS: from a wrong name in a certificate
// to one that is invalid, a navigation that was cancelled, and a proxy that wants
// a password.
const (
	firstCertificateError, lastCertificateError = 1, 5

	errorCanceled      = 14
	errorProxyPassword = 18
)

// endingOf judges WebView2's NavigationCompleted. A page with a status such as
// 403 is no success, but is there: Kite's refusals are such pages.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/icorewebview2navigationcompletedeventargs#get_issuccess
func endingOf(success bool, webError, status int32) ending {
	switch {
	case success:
		return finished
	case webError == errorCanceled:
		return interrupted
	case webError >= firstCertificateError && webError <= lastCertificateError:
		return notTrusted
	case status != 0 && webError != errorProxyPassword: // its 407 isn't the page's
		return finished
	default:
		return notLoaded
	}
}

// completed tells the browser how the loading of a page ended.
func (b *browser) completed(uri string, end ending) {
	switch end {
	case finished:
		b.finish(uri)
	case notLoaded:
		b.loadFailed(uri)
	case notTrusted:
		b.tlsFailed(uri)
	case interrupted:
	}
}

// Values of COREWEBVIEW2_PROCESS_FAILED_KIND. WebView2 starts the other
// processes again by itself, but one of frames alone: their place shows an error.
const (
	browserExited    = 0
	pageExited       = 1
	pageUnresponsive = 2
)

// processFailed says whether the browser itself is gone.
func (b *browser) processFailed(kind int32) (gone bool) {
	switch kind {
	case browserExited, pageExited:
		b.crashed()
	case pageUnresponsive:
		b.hung()
	}
	return kind == browserExited
}
