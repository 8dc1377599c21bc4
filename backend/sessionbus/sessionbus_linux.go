package sessionbus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// ErrNone says that there is no session bus.
var ErrNone = errors.New("no session bus")

const handshake = 3 * time.Second

// Address is where the session bus is, empty if there is none. godbus would
// launch a bus of its own otherwise, with nobody on it.
func Address() string {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" && address != disabled {
		return address
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		socket := filepath.Join(dir, "bus")
		if info, err := os.Stat(socket); err == nil && info.Mode()&os.ModeSocket != 0 {
			return "unix:path=" + socket
		}
	}
	return ""
}

// Pin puts the bus's address into the environment, where libraries that
// connect by themselves look first. Without one they would launch a bus, so
// ErrNone means: don't call them.
func Pin() error {
	address := Address()
	if address == "" {
		return ErrNone
	}
	return os.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
}

// Connect opens a private connection, closed when ctx ends; ErrNone without a
// bus. A bus that doesn't answer is context.DeadlineExceeded after three seconds.
func Connect(ctx context.Context) (*dbus.Conn, error) {
	address := Address()
	if address == "" {
		return nil, ErrNone
	}
	conn, err := dbus.Dial(address, dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("connect to the session bus: %w", err)
	}
	timer := time.AfterFunc(handshake, func() { _ = conn.Close() })
	if err = conn.Auth(nil); err == nil {
		err = conn.Hello()
	}
	if inTime := timer.Stop(); err != nil {
		_ = conn.Close()
		if !inTime || errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = fmt.Errorf("%w: %w", context.DeadlineExceeded, err)
		}
		return nil, fmt.Errorf("connect to the session bus: %w", err)
	}
	return conn, nil
}

// Link is a private connection that is made anew when the bus was lost. While
// the bus is there it wakes up for nothing but signals.
type Link struct {
	First   time.Duration // until the second attempt; doubled with each
	Longest time.Duration // between attempts

	kick    chan struct{}
	mu      sync.Mutex
	conn    *dbus.Conn
	attempt chan struct{} // closed at the end of the coming attempt
}

// NewLink returns a link that tries again after a second, and at last every
// five minutes.
func NewLink() *Link {
	return &Link{First: time.Second, Longest: 5 * time.Minute, kick: make(chan struct{}, 1), attempt: make(chan struct{})}
}

// Run keeps a connection until ctx ends. It calls serve with each, which
// returns when the connection is lost or ctx ends. Conn gives the connection out
// once serve has called ready: whoever uses it hears what comes of that.
func (l *Link) Run(ctx context.Context, serve func(ctx context.Context, conn *dbus.Conn, ready func())) {
	defer l.tried(nil) // nobody waits for what won't come
	wait := l.First
	for ctx.Err() == nil {
		began := time.Now()
		conn, err := Connect(ctx)
		if err == nil {
			l.serve(ctx, conn, serve)
		} else {
			l.tried(nil)
		}
		if time.Since(began) > wait {
			wait = l.First
		}
		l.pause(ctx, wait)
		wait = min(2*wait, l.Longest)
	}
}

func (l *Link) serve(ctx context.Context, conn *dbus.Conn, serve func(context.Context, *dbus.Conn, func())) {
	readied := false
	serve(ctx, conn, func() {
		l.tried(conn)
		readied = true
	})
	_ = conn.Close()
	if !readied {
		l.tried(nil)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = nil // and who asks for one waits for the coming attempt
}

func (l *Link) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-l.kick:
	}
}

// tried tells the outcome of an attempt to those who wait for it.
func (l *Link) tried(conn *dbus.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	close(l.attempt)
	l.attempt = make(chan struct{})
}

// Conn is the connection of the moment. Where there is none, it has one
// attempt made at once and waits for its end.
func (l *Link) Conn(ctx context.Context) (*dbus.Conn, error) {
	conn, attempt := l.now()
	if conn != nil && conn.Connected() {
		return conn, nil
	}
	if Address() == "" {
		return nil, ErrNone
	}
	select {
	case l.kick <- struct{}{}:
	default:
	}
	select {
	case <-attempt:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if conn, _ = l.now(); conn == nil {
		return nil, ErrNone
	}
	return conn, nil
}

func (l *Link) now() (*dbus.Conn, chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn, l.attempt
}
