package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/hardening"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/program"
)

type serveCmd struct {
	Port   int    `placeholder:"N" xor:"where" help:"Listen on 127.0.0.1:N (default: the port chosen in Preferences, 51731 at first)."`
	Listen string `placeholder:"unix:PATH" xor:"where" help:"Listen on a Unix socket that only you may connect to."`
}

// Run serves the local API until it is told to end. It is for where no agent
// does: over SSH, in a container.
func (c serveCmd) Run(_ *output, global *commands) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	socket, isSocket := strings.CutPrefix(c.Listen, "unix:")
	if c.Listen != "" && (!isSocket || socket == "") {
		return kite.Errorf(kite.EINVALID, "The local API listens on 127.0.0.1 or on a Unix socket only.").
			WithHint("Say --port=N, or --listen=unix:PATH.")
	}
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	log, closeLog, err := logging.Open(w.Dir.Log("api"))
	if err != nil {
		return err
	}
	defer closeLog() //nolint:errcheck // the process ends
	if err := hardening.ApplyWindowless(); err != nil {
		log.Warn("process not hardened", "error", err)
	}
	ended := make(chan error, 1)
	api := &program.LocalAPI{Services: w.Services, Log: log, Ended: func(err error) { ended <- err }}
	defer api.Stop()
	address, err := c.start(ctx, w, api, socket)
	if err != nil {
		return err
	}
	if err := global.unlock(ctx, w); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(os.Stderr, "kitectl: serving programs at %s. Stop with Ctrl-C.\n", address)
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return fmt.Errorf("serve programs: %w", err)
	}
}

// start listens first, so that nobody types a passphrase for a port that is
// taken. Until the vault is open, programs are told that it is locked.
func (c serveCmd) start(ctx context.Context, w *workbench, api *program.LocalAPI, socket string) (address string, err error) {
	if socket != "" {
		return "unix:" + socket, api.StartUnix(ctx, socket)
	}
	if c.Port != 0 {
		return api.Start(ctx, c.Port)
	}
	p, err := w.Preferences(ctx)
	if err != nil {
		return "", err
	}
	return api.Start(ctx, p.LocalAPIPort)
}
