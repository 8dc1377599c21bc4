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

// refusal is an answer that isn't a success; the cause of the *kite.Error made
// of it.
type refusal struct {
	status     int
	errorType  string
	message    string // Kite's words, scrubbed; one line
	retryAfter time.Duration
}

// Error gives status, type and Kite's words, which hold no secret of ours.
func (r *refusal) Error() string {
	return fmt.Sprintf("kite answered %d %s: %s", r.status, r.errorType, r.message)
}

// temporary says that the same GET may succeed a little later.
func (r *refusal) temporary() bool {
	switch r.status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// is compares Kite's error_type, which is PermissionException on the wire and
// PermissionError in Kite's Go client.
func (r *refusal) is(name string) bool {
	return r.errorType == name+"Exception" || r.errorType == name+"Error"
}

// decode reads an answer into out, or says what it means.
func decode(k call, a answer, out any) error {
	r := &refusal{status: a.status, retryAfter: retryAfter(a.header)}
	var e envelope
	if err := json.Unmarshal(a.body, &e); err != nil || (e.Status != "success" && e.Status != "error") {
		r.message = "no JSON envelope"
		return notKite(k, r, a.isHTML())
	}
	if a.status != http.StatusOK || e.Status != "success" {
		r.errorType, r.message = oneLine(scrub(e.ErrorType, k.secrets)), oneLine(scrub(e.Message, k.secrets))
		return meaning(k, r)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(e.Data, out); err != nil {
		return notUnderstood(k, fmt.Errorf("decode %s: %T", k.path, err))
	}
	return nil
}

func (a answer) isHTML() bool {
	return strings.Contains(a.header.Get("Content-Type"), "html") || bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<"))
}

// maxMessage bounds Kite's words on the card, in characters.
const maxMessage = 300

// oneLine drops what could break a line or reorder the text around it.
func oneLine(message string) string {
	message = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
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
func notKite(k call, r *refusal, html bool) error {
	switch {
	case r.status == http.StatusTooManyRequests:
		return rateLimited(r)
	case r.status == http.StatusNetworkAuthenticationRequired, html && r.status < http.StatusInternalServerError:
		return offline("The network asks you to sign in: something on it answered in Kite's place.",
			"Open a web page to sign in to the network, then try again.", r)
	case r.status >= http.StatusInternalServerError:
		return unavailable(k, r)
	default:
		return notUnderstood(k, r)
	}
}

func notUnderstood(k call, because error) error {
	if k.isExchange() {
		return kite.Errorf(kite.EUNKNOWN, "Kite's answer can't be understood, so it's unknown whether the login counted.").
			WithHint("Log in again from the card.").Because(because)
	}
	return kite.Errorf(kite.EBROKER, "Kite's answer can't be understood.").
		WithHint("Try again. If it stays, look for an update of Kite Accounts.").Because(because)
}

// meaning turns Kite's error into what it means for the user:
// https://kite.trade/docs/connect/v3/exceptions/. Only 403 with TokenException
// says that a session is over; PermissionException is 403 too.
func meaning(k call, r *refusal) error {
	switch {
	case r.status == http.StatusTooManyRequests:
		return rateLimited(r)
	case r.is("Permission"):
		return kite.Errorf(kite.EDENIED, "Kite doesn't allow this app to do that: %s", sentence(r.message)).
			WithHint("Check the app's plan, its users and its whitelisted IP addresses on Kite's developer console.").Because(r)
	case k.isExchange():
		return exchangeMeaning(k, r)
	case r.status == http.StatusForbidden && r.is("Token"):
		return kite.Errorf(kite.ETOKEN, "Kite has ended this session: somebody logged in or out elsewhere, or its time was up.").
			WithHint("Log in again from the card.").Because(r)
	case r.status >= http.StatusInternalServerError:
		return unavailable(k, r)
	default:
		return kite.Errorf(kite.EBROKER, "Kite refused: %s", sentence(r.message)).
			WithHint("Try again, or ask Kite Connect's support with these words.").Because(r)
	}
}

// exchangeMeaning is for POST /session/token, where a TokenException is about
// the request_token and no session has ended. The words come before the type:
// reports disagree on the type of a wrong checksum.
func exchangeMeaning(k call, r *refusal) error {
	message := strings.ToLower(r.message)
	switch {
	case strings.Contains(message, "checksum"):
		return kite.Errorf(kite.EINVALID, "Kite doesn't accept the API secret of this account.").WithField("apiSecret").
			WithHint("Edit the account and enter the API secret that belongs to this API key.").Because(r)
	case strings.Contains(message, "api_key"):
		return kite.Errorf(kite.EINVALID, "Kite doesn't accept the API key of this account.").WithField("apiKey").
			WithHint("Edit the account and enter the API key from Kite's developer console.").Because(r)
	case strings.Contains(message, "not enabled"):
		return kite.Errorf(kite.EWRONGUSER, "The user who logged in isn't enabled for this app.").
			WithHint("Log in as this account's own user, or add the client ID to the app on Kite's developer console.").Because(r)
	case r.is("Token"):
		return kite.Errorf(kite.EBROKER, "Kite no longer accepts this login: its request_token was used or is too old.").
			WithHint("Log in again from the card.").Because(r)
	case r.status >= http.StatusInternalServerError:
		return unavailable(k, r)
	default:
		return kite.Errorf(kite.EBROKER, "Kite refused the login: %s", sentence(r.message)).
			WithHint("Check API key and secret, then log in again.").Because(r)
	}
}

func rateLimited(r *refusal) error {
	hint := "Wait a minute and try again. Other programs may be using the same key."
	if r.retryAfter > 0 {
		hint = fmt.Sprintf("Try again in %s. Other programs may be using the same key.", r.retryAfter)
	}
	return kite.Errorf(kite.ERATELIMIT, "Kite says that too many requests were made with this API key.").WithHint(hint).Because(r)
}

func unavailable(k call, r *refusal) error {
	if k.isExchange() {
		return kite.Errorf(kite.EUNKNOWN, "Kite failed during the exchange (error %d), so it's unknown whether the login counted.", r.status).
			WithHint("Log in again from the card.").Because(r)
	}
	return kite.Errorf(kite.EBROKER, "Kite has a problem right now (error %d).", r.status).
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
