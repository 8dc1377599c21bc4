package localapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Handouts gives out living sessions with their tokens.
type Handouts interface {
	// Handout returns ENOSESSION, EENDED or ELOCKED.
	Handout(ctx context.Context, accountID string) (kite.Handout, error)
}

// Logins logs accounts in.
type Logins interface {
	// LogIn returns when the login has ended; it ends with ctx. ECONFIRM unless
	// confirmed where something would be lost, ECONFLICT if a login of the
	// account runs.
	LogIn(ctx context.Context, accountID string, way kite.LoginWay, confirmed bool) error
}

// Exchanger swaps request tokens that a program brings.
type Exchanger interface {
	// ExchangeFor stores the session too where the account exists here.
	ExchangeFor(ctx context.Context, apiKey string, requestToken, apiSecret kite.Secret) (kite.Grant, error)
}

// Gateway passes calls to Kite on.
type Gateway interface {
	// ServeHTTP answers a call of the client for the account; path is what
	// follows /kite/{name}, escaped as it came; it begins with a slash.
	ServeHTTP(w http.ResponseWriter, r *http.Request, client kite.APIClient, account kite.Account, path string)
}

// Config is what a Server is made of.
type Config struct {
	Accounts kite.AccountStore
	Sessions kite.SessionStore
	Auth     *Authenticator
	Uses     *Uses // also the gateway's
	Handouts Handouts
	Logins   Logins
	Exchange Exchanger
	Gateway  Gateway // nil: there is none, and /kite/ says so
	Clock    kite.Clock
	Log      *slog.Logger
	Limits   Limits
}

// Server is the local API.
type Server struct {
	Config
	mux    *http.ServeMux
	hub    *hub
	rates  rates
	conns  *connections
	hosts  []string // acceptable Host headers; none on a Unix socket
	closed chan struct{}
	once   sync.Once
}

// New makes a Server that Serve brings to life. Limits that are zero are the
// usual ones.
func New(c Config) *Server {
	c.Limits = c.Limits.orUsual()
	s := &Server{Config: c, closed: make(chan struct{}), conns: newConnections(c.Limits.Connections)}
	s.rates = newRates(c.Limits)
	s.hub = newHub(s)
	s.mux = s.routes()
	return s
}

// Heard takes what changed, in this process or another; it never blocks.
func (s *Server) Heard(e kite.Event) {
	switch e.Type {
	case kite.ClientsChanged:
		s.Auth.Forget()
		s.hub.wakeUp()
	case kite.AccountChanged, kite.SessionChanged, kite.ClockChanged:
		s.Auth.Forget()
		s.hub.wakeUp()
	}
}

// Serve answers on the listener until ctx ends, and then returns nil once
// everything is done or closed. On a TCP listener, requests must name its
// address in Host.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if tcp, ok := l.Addr().(*net.TCPAddr); ok {
		port := strconv.Itoa(tcp.Port)
		s.hosts = []string{"127.0.0.1:" + port, "localhost:" + port}
	}
	server := &http.Server{
		Handler: s, ConnContext: s.conns.context, ConnState: s.conns.changed,
		ReadHeaderTimeout: s.Limits.Header, IdleTimeout: s.Limits.Idle, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	var work sync.WaitGroup
	work.Go(func() { s.Uses.Run(ctx) })
	work.Go(func() { s.hub.run(ctx) })
	work.Go(func() { <-ctx.Done(); s.shutDown(ctx, server) })
	s.Log.Info("local API begins", "address", l.Addr().String())
	err := server.Serve(sameUserOnly(l))
	stop()
	work.Wait()
	s.Log.Info("local API ends")
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve local API: %w", err)
	}
	return nil
}

func (s *Server) shutDown(ctx context.Context, server *http.Server) {
	s.once.Do(func() { close(s.closed) }) // ends streams, which would wait for ever
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Limits.Goodbye)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}
