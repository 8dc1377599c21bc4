package loopback

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Listener implements kite.RedirectListener.
type Listener struct {
	Headers time.Duration // until a request's headers must be there
	Answer  time.Duration // until its answer must be read
	Leave   time.Duration // until open connections are cut at the end
}

var _ kite.RedirectListener = (*Listener)(nil)

// New returns the listener with its default deadlines.
func New() *Listener {
	return &Listener{Headers: 5 * time.Second, Answer: 5 * time.Second, Leave: 300 * time.Millisecond}
}

// hintPaste is the way that always works.
const hintPaste = "Or log in by pasting the redirect URL."

// Listen listens on the callback URL's port.
func (l *Listener) Listen(ctx context.Context, callbackURL string, judge func(kite.Secret) kite.RedirectAnswer) (kite.RedirectWaiter, error) {
	hosts, port, err := addresses(callbackURL)
	if err != nil {
		return nil, err
	}
	var sockets []net.Listener
	for i, host := range hosts {
		socket, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			sockets = append(sockets, socket)
			continue
		}
		if i > 0 && !errors.Is(err, errTaken) {
			continue // no IPv6 here, so no browser comes that way either
		}
		for _, s := range sockets {
			_ = s.Close()
		}
		return nil, refused(port, err)
	}
	return l.serve(callbackURL, judge, sockets), nil
}

// addresses are the loopback addresses that the callback's host may mean, the
// one that must be had first, and its port.
func addresses(callbackURL string) ([]string, int, error) {
	u, err := url.Parse(callbackURL)
	if err != nil || !strings.EqualFold(u.Scheme, "http") || u.User != nil {
		return nil, 0, elsewhere()
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil || port < 1 || port > 65535 {
		return nil, 0, elsewhere()
	}
	switch strings.ToLower(u.Hostname()) {
	case "127.0.0.1":
		return []string{"127.0.0.1"}, port, nil
	case "::1":
		return []string{"::1"}, port, nil
	case "localhost":
		return []string{"127.0.0.1", "::1"}, port, nil
	}
	return nil, 0, elsewhere()
}

func elsewhere() error {
	return kite.Errorf(kite.EINVALID, "This account's callback URL doesn't lead to a port of this computer, so the browser's answer can't come here by itself.").
		WithField("callbackUrl").
		WithHint("Log in by pasting the redirect URL, or register a callback URL such as http://127.0.0.1:51730/kite/callback on Kite's developer console.")
}

func refused(port int, err error) error {
	switch {
	case errors.Is(err, errTaken):
		return kite.Errorf(kite.ECONFLICT, "Port %d, where the browser's answer would come, is taken by %s.", port, holderOf(port)).
			WithHint("End what uses the port, or wait for it, and try again. " + hintPaste).Because(err)
	case errors.Is(err, errForbidden):
		return kite.Errorf(kite.ECONFLICT, "The system lets no program of yours listen on port %d, where the browser's answer would come.", port).
			WithHint("Register a callback URL with another port, above 1023. " + hintPaste).Because(err)
	}
	return kite.Errorf(kite.EINTERNAL, "Port %d, where the browser's answer would come, can't be opened.", port).
		WithHint("Try again. " + hintPaste).Because(err)
}
