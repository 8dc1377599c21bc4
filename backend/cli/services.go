package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/hardening"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
)

// workbench is what a command works with: the services over the data folder,
// telling agent and windows what it changes.
type workbench struct {
	*program.Services
	Dir datadir.Dir
	Log *slog.Logger

	teller   *teller
	closeLog func() error
}

// openWorkbench opens everything but the vault, which unlock does.
func (g *commands) openWorkbench(ctx context.Context) (*workbench, error) {
	if err := hardening.ApplyUntilExec(); err != nil {
		return nil, err
	}
	dir, err := datadir.Open(g.DataDir)
	if err != nil {
		return nil, err
	}
	folder, err := ownFolder()
	if err != nil {
		return nil, err
	}
	log, closeLog, err := logging.Open(dir.Log("kitectl"))
	if err != nil {
		return nil, err
	}
	w := &workbench{Dir: dir, Log: log, closeLog: closeLog, teller: &teller{folder: dir.Path(), log: log}}
	w.Services, err = program.OpenServices(ctx, program.Config{
		Dir: dir, Log: log, Clock: clock.ForDataDir(dir.Path()), Keyring: keyring.New(),
		Endpoints: sandboxhost.New(dir, filepath.Join(folder, lightName)),
		Window:    loginwindow.New(filepath.Join(folder, windowName), dir.LoginWindows(), log),
		Browse:    browse,
	}, w.teller.tell)
	if err != nil {
		_ = closeLog()
		return nil, err
	}
	return w, nil
}

// Close ends what goes on and tells the rest.
func (w *workbench) Close() {
	w.Services.Close()
	w.teller.close()
	_ = w.closeLog()
}

// ownFolder is where both programs are, also for a kitectl that is called by a
// link to it, of which macOS tells the link.
func ownFolder() (string, error) {
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	if err != nil {
		return "", fmt.Errorf("find own program: %w", err)
	}
	return filepath.Dir(self), nil
}
