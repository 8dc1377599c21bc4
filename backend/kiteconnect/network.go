package kiteconnect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// describe keeps what an error says, but neither its URL nor anything that
// may be a piece of an answer: net/http quotes malformed ones.
func describe(k call, err error) *cause {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	for _, sentinel := range []error{context.Canceled, context.DeadlineExceeded, errRedirect, errTooLong, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, sentinel) {
			return &cause{text: sentinel.Error(), is: sentinel}
		}
	}
	var network net.Error
	if errors.As(err, &network) || certificate(err) {
		return &cause{text: scrub(err.Error(), k.secrets)}
	}
	return &cause{text: fmt.Sprintf("answer that isn't HTTP (%T)", err)}
}

func canceled(err error) error {
	return kite.Errorf(kite.ECANCELED, "The request to Kite was stopped.").Because(err)
}

// networkError says what kept Kite's answer away. After an exchange was sent
// nobody knows whether Kite took it, whatever went wrong then.
func networkError(k call, err error, sent bool) error {
	because := describe(k, err)
	var dns *net.DNSError
	switch {
	case errors.Is(err, errRedirect):
		return offline("Something on the network redirected the request to another address, which wasn't followed.",
			"Open a web page to sign in to the network, or check the account's API root.", because)
	case k.isExchange() && sent:
		return unknownOutcome(because)
	case errors.Is(err, context.Canceled):
		return canceled(because)
	case certificateTime(err):
		return offline("Kite's certificate isn't valid at this computer's time.", "Check your computer's clock and date, then try again.", because)
	case certificate(err):
		return offline("The connection isn't Kite's own: the network needs a sign-in or inspects traffic.",
			"Sign in to the network or use another one. There is no way around it here, for your safety.", because)
	case timeout(err):
		return offline("Kite didn't answer in time.", "Check the internet connection and try again.", because)
	case errors.As(err, &dns):
		return offline("Kite's address wasn't found.", "Check the internet connection and try again.", because)
	case errors.Is(err, errTooLong):
		return notUnderstood(k, because)
	default:
		return offline("Kite can't be reached.", "Check the internet connection and try again.", because)
	}
}

func offline(message, hint string, because error) error {
	return kite.Errorf(kite.EOFFLINE, "%s", message).WithHint(hint).Because(because)
}

func unknownOutcome(because error) error {
	return kite.Errorf(kite.EUNKNOWN, "Kite's answer was lost, so it's unknown whether the login counted.").
		WithHint("Log in again from the card.").Because(because)
}

func timeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &t) && t.Timeout())
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
