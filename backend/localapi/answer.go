package localapi

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// statusOf is the HTTP status of each code. What isn't there is a defect of
// ours: 500.
var statusOf = map[string]int{
	kite.EINVALID: http.StatusBadRequest, kite.ENOTFOUND: http.StatusNotFound,
	kite.ENOSESSION: http.StatusConflict, kite.EENDED: http.StatusGone, kite.ETOKEN: http.StatusGone,
	kite.ECONFLICT: http.StatusConflict, kite.ECONFIRM: http.StatusConflict, kite.EWRONGUSER: http.StatusConflict,
	kite.ECANCELED: http.StatusConflict, kite.ELOCKED: http.StatusServiceUnavailable,
	kite.ETIMEOUT: http.StatusGatewayTimeout, kite.ERATELIMIT: http.StatusTooManyRequests,
	kite.EDENIED: http.StatusForbidden, kite.EOFFLINE: http.StatusBadGateway,
	kite.EBROKER: http.StatusBadGateway, kite.EUNKNOWN: http.StatusBadGateway,
}

func status(err error) int {
	if code, known := statusOf[kite.ErrorCode(err)]; known {
		return code
	}
	return http.StatusInternalServerError
}

// problem is an error as programs get it: nothing of its cause.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Field   string `json:"field,omitempty"`
	Reason  string `json:"reason,omitempty"` // why a session ended
}

type failure struct {
	Error problem `json:"error"`
}

// kiteFailure has Kite's own fields too, since Kite's clients look for those:
// https://kite.trade/docs/connect/v3/exceptions/.
type kiteFailure struct {
	Status    string  `json:"status"`
	ErrorType string  `json:"error_type"`
	Message   string  `json:"message"`
	Error     problem `json:"error"`
}

func problemOf(err error) problem {
	e := kite.AsError(err)
	return problem{Code: e.Code, Message: e.Message, Hint: e.Hint, Field: e.Field}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the reader is gone
}

// refuse answers with an error at that status.
func refuse(w http.ResponseWriter, r *http.Request, status int, p problem) {
	if !toKite(r) {
		writeJSON(w, status, failure{Error: p})
		return
	}
	w.Header().Set(ownErrorHeader, p.Code)
	writeJSON(w, status, kiteFailure{Status: "error", ErrorType: kiteKind(status), Message: p.Message, Error: p})
}

// ownErrorHeader is on whatever isn't Kite's answer, as it is on the gateway's
// own failures.
const ownErrorHeader = "X-Kite-Accounts-Error"

// kiteKind is the error type that Kite's clients make an exception of. It is
// never TokenException: for that one they end their session and log in anew,
// which is no cure for a wrong token of this API.
func kiteKind(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "PermissionException"
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusConflict, http.StatusRequestEntityTooLarge:
		return "InputException"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return "NetworkException"
	}
	return "GeneralException"
}

// fail answers with an error at its own status; what is a defect of ours goes
// to the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := status(err)
	if code == http.StatusInternalServerError {
		s.Log.Error("local API failed", "route", r.Pattern, "error", err)
	}
	refuse(w, r, code, problemOf(err))
}

// mustBeJSON refuses what a form of a web page could send.
func mustBeJSON(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return errMediaType
	}
	return nil
}

// decodeJSON reads one JSON object and nothing else.
func decodeJSON(body io.Reader, into any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return badBody(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badBody(err)
	}
	return nil
}

var (
	errMediaType = kite.Errorf(kite.EINVALID, "The body must be JSON.").WithHint("Send it with Content-Type: application/json.")
	errTooLarge  = kite.Errorf(kite.EINVALID, "The body is too large.").WithHint("16 KiB are more than enough.")
)

func badBody(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	// The decoder's words may quote the body, which has secrets in it.
	return kite.Errorf(kite.EINVALID, "The body isn't the JSON object that is expected here.").WithHint("GET /v1/openapi.yaml describes it; other fields are refused.")
}

// statusOfBody is the status of a body that decode refused.
func statusOfBody(err error) int {
	switch {
	case errors.Is(err, errMediaType):
		return http.StatusUnsupportedMediaType
	case errors.Is(err, errTooLarge):
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}
