package kiteconnect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// withoutURL cuts the URL, which may hold a token, from an error of net/http.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// networkError says what kept Kite's answer away. After an exchange was sent
// nobody knows whether Kite took it.
func networkError(k call, err error) error {
	if k.isExchange() && mayHaveArrived(err) {
		return kite.Errorf(kite.EUNKNOWN, "Kite's answer was lost, so it's unknown whether the login counted.").
			WithHint("Press Get Session Token to log in again.").Because(err)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return kite.Errorf(kite.ECANCELED, "Stopped.").Because(err)
	case errors.Is(err, errRedirect):
		return kite.Errorf(kite.EOFFLINE, "Something on the network redirected the request elsewhere, so nothing was sent there.").
			WithHint("Sign in to the network, or check the account's API root.").Because(err)
	case certificateTime(err):
		return kite.Errorf(kite.EOFFLINE, "Kite's certificate isn't valid at this computer's time.").
			WithHint("Set the computer's clock right and try again.").Because(err)
	case certificate(err):
		return kite.Errorf(kite.EOFFLINE, "The connection isn't Kite's own: the network needs a sign-in or inspects traffic.").
			WithHint("Sign in to the network or use another one. The connection can't be allowed.").Because(err)
	case timeout(err):
		return kite.Errorf(kite.EOFFLINE, "Kite didn't answer in time.").WithHint("Check the internet connection and try again.").Because(err)
	default:
		return kite.Errorf(kite.EOFFLINE, "Kite can't be reached.").WithHint("Check the internet connection and try again.").Because(err)
	}
}

// mayHaveArrived is false only for what fails before a request is sent.
func mayHaveArrived(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns), certificate(err), certificateTime(err), errors.Is(err, errRedirect):
		return false
	case errors.As(err, &op):
		return op.Op != "dial"
	}
	return true
}

func timeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &t) && t.Timeout())
}

func certificateTime(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

func certificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &verification) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)
}
