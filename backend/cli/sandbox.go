package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
)

type sandboxCmd struct {
	Listen   string        `placeholder:"127.0.0.1:PORT" help:"Run alone on this loopback address and print users and secrets; nothing is kept."`
	JSON     bool          `help:"With --listen: print JSON."`
	Lifetime time.Duration `help:"How long an access_token lives (default: until Kite's cut-off at 06:00 IST)."`
	Latency  time.Duration `help:"Wait this long before every API answer."`
	Fault    string        `help:"Let the API fail: 429, 500, 502, 503, html, captive, garbage, empty, drop, drop-after, endless, redirect or permission."`
	Callback string        `help:"Redirect URL registered with the simulated apps." default:"${callback}"`
	Idle     time.Duration `help:"Without --listen: end after this long without a request." default:"10m"`
}

// Run serves until it is stopped or idle.
func (c sandboxCmd) Run(out *output, global *commands) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.Listen != "" {
		return c.alone(ctx, out, clock.ForDataDir(global.DataDir))
	}
	return c.ofDataFolder(ctx, global.DataDir)
}

// alone serves on a given address with nothing kept.
func (c sandboxCmd) alone(ctx context.Context, out *output, clk kite.Clock) error {
	host, _, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return kite.Errorf(kite.EINVALID, "The sandbox listens on loopback only, such as 127.0.0.1:8080.")
	}
	server, err := c.server(clk, "", true, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	listener, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	if err := c.introduce(out, server, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, listener, server)
}

func (c sandboxCmd) server(clk kite.Clock, statePath string, hints bool, log *slog.Logger) (*sandbox.Server, error) {
	server, err := sandbox.New(sandbox.Config{
		Clock: clk, StatePath: statePath, Lifetime: c.Lifetime, Hints: hints, Callback: c.Callback, Log: log,
	})
	if err == nil {
		server.SetFaults(sandbox.Faults{API: c.Fault, LatencyMillis: int(c.Latency.Milliseconds())})
	}
	return server, err
}

// ofDataFolder serves the accounts of a data folder, one process for all who
// need it.
func (c sandboxCmd) ofDataFolder(ctx context.Context, flag string) error {
	dir, err := datadir.Open(flag)
	if err != nil {
		return err
	}
	if _, err := dir.Sub("sandbox"); err != nil {
		return err
	}
	lock := flock.New(dir.Lock("sandbox"), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock data folder: %w", err)
	}
	if !got {
		return kite.Errorf(kite.ECONFLICT, "The sandbox of this data folder is already running.")
	}
	defer lock.Unlock() //nolint:errcheck // the process ends
	log, closeLog, err := logging.Open(dir.Log("sandbox"))
	if err != nil {
		return err
	}
	defer closeLog() //nolint:errcheck // the process ends
	server, err := c.server(clock.ForDataDir(dir.Path()), sandboxhost.StateFile(dir), true, log)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := announce(dir, "http://"+listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, idle := context.WithCancel(ctx)
	defer idle()
	go endWhenIdle(ctx, server, c.Idle, idle)
	return serve(ctx, listener, server)
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

// announce writes where the sandbox is, in one step.
func announce(dir datadir.Dir, url string) error {
	text, err := json.Marshal(sandboxhost.Address{URL: url, PID: os.Getpid()})
	if err != nil {
		return err
	}
	path := sandboxhost.AddressFile(dir)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return fmt.Errorf("announce sandbox: %w", err)
	}
	return datadir.Rename(path+".new", path)
}

func endWhenIdle(ctx context.Context, server *sandbox.Server, limit time.Duration, end func()) {
	for {
		left := limit - server.Idle()
		if left <= 0 {
			end()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(left):
		}
	}
}

// closeTimeout lets requests under way finish.
const closeTimeout = 2 * time.Second

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve sandbox: %w", err)
	}
	return nil
}

// introduction is what --json prints.
type introduction struct {
	URL      string         `json:"url"`
	LoginURL string         `json:"login_url"`
	APIRoot  string         `json:"api_root"`
	Apps     []sandbox.App  `json:"apps"`
	Users    []sandbox.User `json:"users"`
}

// shownUsers is how many users the text names; JSON has all.
const shownUsers = 3

func (c sandboxCmd) introduce(out *output, server *sandbox.Server, base string) error {
	endpoints := sandbox.Endpoints(base)
	intro := introduction{URL: base, LoginURL: endpoints.LoginURL, APIRoot: endpoints.APIRoot, Apps: server.Apps(), Users: sandbox.Users()}
	if c.JSON {
		return json.NewEncoder(out).Encode(intro)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Simulated Kite; everything in it is invented.\n\nLogin URL  %s\nAPI root   %s\n", intro.LoginURL, intro.APIRoot)
	for _, a := range intro.Apps {
		fmt.Fprintf(&text, "\nAPI key    %s\nAPI secret %s\nCallback   %s\n", a.APIKey, a.APISecret, a.RedirectURL)
	}
	for _, u := range intro.Users[:shownUsers] {
		fmt.Fprintf(&text, "\nUser       %s (%s)\nPassword   %s\nTOTP seed  %s\n", u.UserID, u.Name, u.Password, u.TOTPSecret)
	}
	fmt.Fprintf(&text, "\n… and %d more users. Stop with Ctrl-C.\n", len(intro.Users)-shownUsers)
	_, err := io.WriteString(out, text.String())
	return err
}
