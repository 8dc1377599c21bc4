package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Kite's error types, https://kite.trade/docs/connect/v3/exceptions/.
const (
	tokenException      = "TokenException"
	permissionException = "PermissionException"
	inputException      = "InputException"
	networkException    = "NetworkException"
	generalException    = "GeneralException"
)

// ErrorHeader is on each failure of the gateway's own, with a code of
// kite.Error: by it a program tells them from Kite's.
const ErrorHeader = "X-Kite-Accounts-Error"

// statusGone is what the log gives for a program that didn't wait.
const statusGone = 499

// failure is an answer of the gateway's own.
type failure struct {
	status  int
	kind    string // Kite's error_type
	code    string // kite.E…
	message string // whole sentences
	cause   error  // for the log
}

// Error gives the sentences.
func (f *failure) Error() string { return f.message }

// send writes the failure in Kite's form.
func (f *failure) send(w http.ResponseWriter) error {
	body, err := json.Marshal(struct {
		Status    string `json:"status"`
		Message   string `json:"message"`
		ErrorType string `json:"error_type"`
	}{"error", f.message, f.kind})
	if err != nil {
		return fmt.Errorf("encode failure: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(ErrorHeader, f.code)
	w.WriteHeader(f.status)
	_, err = w.Write(body)
	return err
}

// why is what the history tells of a request that wasn't passed on.
func (f *failure) why() string {
	switch f.code {
	case kite.EDENIED:
		return "not allowed"
	case kite.ENOSESSION, kite.EENDED:
		return "no session"
	case kite.ELOCKED:
		return "vault not open"
	}
	return "not sent"
}

// withoutSession is the answer to a program whose account has no handout.
// TokenException makes Kite's clients call their session hook.
func withoutSession(ctx context.Context, err error) *failure {
	if ctx.Err() != nil {
		return &failure{status: statusGone, code: kite.ECANCELED, cause: ctx.Err()}
	}
	e := kite.AsError(err)
	f := &failure{status: http.StatusInternalServerError, kind: generalException, code: e.Code, message: e.Message, cause: err}
	switch e.Code {
	case kite.ENOSESSION, kite.EENDED:
		f.status, f.kind, f.cause = http.StatusForbidden, tokenException, nil
	case kite.ELOCKED:
		f.status, f.kind = http.StatusServiceUnavailable, networkException
	case kite.ENOTFOUND:
		f.status = http.StatusNotFound
	case kite.ECONFLICT:
		f.status = http.StatusServiceUnavailable
	}
	if e.Hint != "" {
		f.message += " " + e.Hint
	}
	return f
}

// What isn't Kite's answer.
var (
	errRedirect = &failure{status: http.StatusBadGateway, kind: networkException, code: kite.EOFFLINE,
		message: "Something on the network redirected the request to another address, which wasn't followed. Open a web page to sign in to the network, or check the account's API root."}
	errSignIn = &failure{status: http.StatusBadGateway, kind: networkException, code: kite.EOFFLINE,
		message: "The network asks you to sign in: something on it answered in Kite's place. Open a web page to sign in to the network, then try again."}
)

// Why the gateway itself ended a request.
var (
	errSilent = errors.New("no sign of life in time")
	errTooBig = errors.New("request body is too long")
)

// unanswered says what kept Kite's answer away.
func (x *exchange) unanswered(ctx context.Context, err error) *failure {
	var own *failure
	if errors.As(err, &own) {
		return own
	}
	cause := context.Cause(ctx)
	switch f := x.requestFailure(cause); {
	case f != nil:
		return f
	case cause != nil && !errors.Is(cause, errSilent):
		return &failure{status: statusGone, code: kite.ECANCELED, cause: cause}
	}
	f := unreachable(err, cause)
	f.cause = describe(err)
	if x.changes && x.sent.Load() {
		f.code, f.kind = kite.EUNKNOWN, networkException
		f.message = "Kite's answer was lost, so it's unknown whether Kite did what was asked. Look at the orders before you send it again."
	}
	return f
}

// unreachable follows kiteconnect's sentences: what the user can do is the
// same whoever asked Kite.
func unreachable(err, cause error) *failure {
	f := &failure{status: http.StatusBadGateway, kind: networkException, code: kite.EOFFLINE}
	var dns *net.DNSError
	var network net.Error
	switch {
	case certificateTime(err):
		f.message = "Kite's certificate isn't valid at this computer's time. Check your computer's clock and date, then try again."
	case certificate(err):
		f.message = "The connection isn't Kite's own: the network needs a sign-in or inspects traffic. There is no way around it here, for your safety."
	case errors.Is(cause, errSilent), errors.As(err, &network) && network.Timeout():
		f.status, f.message = http.StatusGatewayTimeout, "Kite didn't answer in time. Check the internet connection and try again."
	case errors.As(err, &dns):
		f.message = "Kite's address wasn't found. Check the internet connection and try again."
	case errors.As(err, &network):
		f.message = "Kite can't be reached. Check the internet connection and try again."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		f.message = "Kite's answer broke off. Try again."
	default:
		f.kind, f.message = generalException, "Kite's answer can't be understood. Try again."
	}
	return f
}

// describe keeps what an error says, but nothing that may be a piece of an
// answer: net/http quotes malformed ones.
func describe(err error) error {
	var network net.Error
	if errors.As(err, &network) || certificate(err) {
		return err
	}
	return fmt.Errorf("no answer in HTTP (%T)", err)
}

// certificateTime also finds a certificate that isn't valid yet: crypto/x509
// has one reason for both.
func certificateTime(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

// certificate finds a foreign certificate, and plain HTTP where TLS belongs.
func certificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &verification) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)
}
