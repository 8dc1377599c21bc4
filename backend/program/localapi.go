package program

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/gateway"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// LocalAPI serves the accounts of open services to the user's programs. It is
// stopped before the services are closed; whoever hears of changes by other
// processes relays them to the services' events.
type LocalAPI struct {
	Services *Services
	Log      *slog.Logger
	Limits   localapi.Limits // usual ones where zero
	Ended    func(error)     // told why serving ended by itself, once it may be started again; may be nil

	mu     sync.Mutex
	follow sync.Once
	served *served // nil while stopped
}

// served is one time between Start and Stop.
type served struct {
	server   *localapi.Server
	gateway  *gateway.Gateway
	versions *sqlite.Versions
	stop     context.CancelFunc
	done     chan struct{}
	once     sync.Once
}

// close leaves what was used; the first call counts.
func (s *served) close(log *slog.Logger) {
	s.once.Do(func() {
		s.stop()
		s.gateway.Close()
		if err := s.versions.Close(); err != nil {
			log.Error("local API not closed", "error", err)
		}
	})
}

// Start serves on 127.0.0.1:port until Stop and returns the address, such as
// http://127.0.0.1:51731. ECONFLICT if the port is taken, or if this serves
// already.
func (l *LocalAPI) Start(ctx context.Context, port int) (address string, err error) {
	listener, err := localapi.ListenPort(ctx, port)
	if err != nil {
		return "", err
	}
	return "http://" + listener.Addr().String(), l.serve(ctx, listener)
}

// StartUnix serves on a Unix socket at that path until Stop; ECONFLICT if
// something else is there.
func (l *LocalAPI) StartUnix(ctx context.Context, path string) error {
	listener, err := localapi.ListenUnix(ctx, path)
	if err != nil {
		return err
	}
	return l.serve(ctx, listener)
}

func (l *LocalAPI) serve(ctx context.Context, listener net.Listener) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.served != nil {
		return errors.Join(kite.Errorf(kite.ECONFLICT, "The local API is being served already."), listener.Close())
	}
	versions, err := l.Services.db.Versions(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := l.wire(versions)
	s.stop = stop
	l.served = s
	l.follow.Do(func() { l.Services.events.Follow(l.heard) })
	go func() {
		defer close(s.done)
		if err := s.server.Serve(ctx, listener); err != nil {
			l.ended(s, err)
		}
	}()
	return nil
}

// ended is for serving that nobody stopped.
func (l *LocalAPI) ended(s *served, err error) {
	l.Log.Error("local API ended", "error", err)
	s.close(l.Log)
	l.mu.Lock()
	if l.served == s {
		l.served = nil
	}
	l.mu.Unlock()
	if l.Ended != nil {
		l.Ended(err)
	}
}

// wire makes the server and what it passes calls to Kite on with. Both tell one
// recorder what programs do.
func (l *LocalAPI) wire(versions *sqlite.Versions) *served {
	s := l.Services
	uses := &localapi.Uses{Clients: s.db.Clients(), History: s.History, Clock: s.clock, Events: s.events, Log: l.Log}
	auth := &localapi.Authenticator{Clients: s.db.Clients(), Accounts: s.db.Accounts(s.Vault), Versions: versions}
	toKite := gateway.New(gateway.Config{
		Sessions: s.Sessions, Versions: auth, Ender: s.Sessions.Sessions, Recorder: uses,
		Events: s.events, Clock: s.clock, Log: l.Log,
	})
	server := localapi.New(localapi.Config{
		Accounts: s.Accounts.Store, Sessions: s.Sessions.Sessions, Uses: uses,
		Auth: auth, Handouts: s.Sessions, Logins: s.Login, Exchange: s.Login, Gateway: toKite,
		Clock: s.clock, Log: l.Log, Limits: l.Limits,
	})
	return &served{server: server, gateway: toKite, versions: versions, done: make(chan struct{})}
}

func (l *LocalAPI) heard(e kite.Event) {
	l.mu.Lock()
	s := l.served
	l.mu.Unlock()
	if s != nil {
		s.server.Heard(e)
		s.gateway.Changed(e)
	}
}

// Stop ends serving, streams and logins that programs asked for among it, and
// writes what the history lacks. It does nothing while nothing is served.
func (l *LocalAPI) Stop() {
	l.mu.Lock()
	s := l.served
	l.served = nil
	l.mu.Unlock()
	if s == nil {
		return
	}
	s.stop()
	<-s.done
	s.close(l.Log)
}
