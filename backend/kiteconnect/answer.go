package kiteconnect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// envelope is around every answer:
// https://kite.trade/docs/connect/v3/response-structure/.
type envelope struct {
	Status    string          `json:"status"`
	Message   string          `json:"message"`
	ErrorType string          `json:"error_type"`
	Data      json.RawMessage `json:"data"`
}

// refusal is an answer of Kite's that isn't a success; the cause of the
// *kite.Error made of it.
type refusal struct {
	status     int
	errorType  string
	message    string
	retryAfter time.Duration
}

// Error gives status, type and Kite's words, which hold no secret of ours.
func (r *refusal) Error() string { return fmt.Sprintf("kite answered %d %s: %s", r.status, r.errorType, r.message) }

func (r *refusal) temporary() bool {
	switch r.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// decode reads an answer into out, or says what it means.
func decode(k call, resp *http.Response, body []byte, out any) error {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil || (e.Status != "success" && e.Status != "error") {
		return notKite(resp, body)
	}
	if resp.StatusCode != http.StatusOK || e.Status != "success" {
		r := &refusal{status: resp.StatusCode, errorType: e.ErrorType, message: clean(e.Message), retryAfter: retryAfter(resp)}
		return meaning(k, r)
	}
	if err := json.Unmarshal(e.Data, out); err != nil {
		return kite.Errorf(kite.EBROKER, "Kite's answer can't be understood.").
			WithHint("Try again. If it stays, look for an update of Kite Accounts.").Because(fmt.Errorf("decode %s: %T", k.path, err))
	}
	return nil
}

// maxMessage bounds Kite's words on the card.
const maxMessage = 300

func clean(message string) string {
	message = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, message)
	if runes := []rune(message); len(runes) > maxMessage {
		message = string(runes[:maxMessage]) + "…"
	}
	return strings.TrimSpace(message)
}

// notKite is for what isn't Kite's envelope: a gateway's error page, or a
// network that answers in Kite's place.
func notKite(resp *http.Response, body []byte) error {
	r := &refusal{status: resp.StatusCode, message: "no JSON envelope", retryAfter: retryAfter(resp)}
	html := strings.Contains(resp.Header.Get("Content-Type"), "html") || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return rateLimited(r)
	case resp.StatusCode >= http.StatusInternalServerError:
		return unavailable(r)
	case html:
		return kite.Errorf(kite.EOFFLINE, "Something on the network answered in Kite's place, such as a Wi-Fi sign-in page.").
			WithHint("Open a web page to sign in to the network, then try again.").Because(r)
	default:
		return kite.Errorf(kite.EBROKER, "Kite's answer can't be understood.").
			WithHint("Try again. If it stays, check the account's API root.").Because(r)
	}
}

// meaning turns Kite's error into what it means for the user:
// https://kite.trade/docs/connect/v3/exceptions/. Only 403 with TokenException
// says that a session is over; PermissionException is 403 too.
func meaning(k call, r *refusal) error {
	switch {
	case r.status == http.StatusTooManyRequests:
		return rateLimited(r)
	case k.isExchange():
		return exchangeMeaning(r)
	case r.status == http.StatusForbidden && r.errorType == "TokenException":
		return kite.Errorf(kite.ETOKEN, "Kite has ended this session: somebody logged in or out elsewhere, or its time was up.").
			WithHint("Press Log in again.").Because(r)
	case r.errorType == "PermissionException":
		return kite.Errorf(kite.EDENIED, "Kite doesn't allow this app to do that: %s", sentence(r.message)).
			WithHint("The session is fine. Check the app's plan and its whitelisted IP addresses on Kite's developer console.").Because(r)
	case r.temporary() || r.status >= http.StatusInternalServerError:
		return unavailable(r)
	default:
		return kite.Errorf(kite.EBROKER, "Kite refused: %s", sentence(r.message)).
			WithHint("Try again, or ask Kite Connect's support with these words.").Because(r)
	}
}

// exchangeMeaning is for POST /session/token, where a TokenException is about
// the request_token and no session has ended.
func exchangeMeaning(r *refusal) error {
	message := strings.ToLower(r.message)
	switch {
	case strings.Contains(message, "checksum"):
		return kite.Errorf(kite.EINVALID, "Kite doesn't accept the API secret of this account.").WithField("apiSecret").
			WithHint("Edit the account and enter the API secret that belongs to this API key.").Because(r)
	case strings.Contains(message, "not enabled for the app"):
		return kite.Errorf(kite.EWRONGUSER, "The user who logged in isn't enabled for this app.").
			WithHint("Log in as this account's own user, or add the client ID to the app on Kite's developer console.").Because(r)
	case r.errorType == "TokenException":
		return kite.Errorf(kite.EBROKER, "Kite no longer accepts this login: its request_token was used or is too old.").
			WithHint("Press Get Session Token to log in again.").Because(r)
	case r.status >= http.StatusInternalServerError:
		return kite.Errorf(kite.EUNKNOWN, "Kite failed during the exchange, so it's unknown whether the login counted.").
			WithHint("Press Get Session Token to log in again.").Because(r)
	default:
		return kite.Errorf(kite.EBROKER, "Kite refused the exchange: %s", sentence(r.message)).
			WithHint("Check API key and secret, then log in again.").Because(r)
	}
}

func rateLimited(r *refusal) error {
	return kite.Errorf(kite.ERATELIMIT, "Kite says that too many requests were made with this API key.").
		WithHint("Wait a minute and try again. Other programs may be using the same key.").Because(r)
}

func unavailable(r *refusal) error {
	return kite.Errorf(kite.EOFFLINE, "Kite isn't available right now (error %d).", r.status).
		WithHint("Your session isn't affected. Try again in a minute.").Because(r)
}

// sentence ends Kite's words with a full stop.
func sentence(message string) string {
	if message == "" {
		return "it gave no reason."
	}
	if strings.ContainsAny(message[len(message)-1:], ".!?") {
		return message
	}
	return message + "."
}
