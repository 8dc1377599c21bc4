package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/detached"
	"github.com/kiteaccounts/kite-accounts/backend/hardening"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/lean"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/notify"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
	"github.com/kiteaccounts/kite-accounts/backend/tray"
)

type agentCmd struct {
	Stop   bool `help:"End the running agent." xor:"what"`
	Status bool `help:"Tell whether one runs, and what works around it." xor:"what"`
	Quiet  bool `hidden:"" help:"Say nothing if one runs already."`
}

// Run is the agent, or talks to it.
func (c agentCmd) Run(out *output, global *commands) error {
	dir, err := datadir.Open(global.DataDir)
	if err != nil {
		return err
	}
	switch {
	case c.Stop:
		return stopAgent(out, dir)
	case c.Status:
		return printAgent(out, dir)
	}
	err = runAgent(dir, out.version)
	if errors.Is(err, program.ErrWatched) && replaceForeign(dir) {
		err = runAgent(dir, out.version)
	}
	if errors.Is(err, program.ErrWatched) && c.Quiet {
		return nil
	}
	if errors.Is(err, program.ErrWatched) {
		return kite.Errorf(kite.ECONFLICT, "These sessions are watched already, by an agent or by an open window.")
	}
	return err
}

// replaceForeign ends an agent that outlived the desktop it was started on.
func replaceForeign(dir datadir.Dir) bool {
	client, err := agent.Dial(context.Background(), dir.Path(), agent.RoleCommand)
	if err != nil {
		return false
	}
	defer client.Close()
	return client.Status().ElsewhereThan(agent.DesktopID()) && client.Stop() == nil
}

// agentMemory is how much the agent may allocate before the collector runs. It
// collects by itself after each piece of work, a few times a day; the runtime
// would do it every two minutes and wake the computer for it.
const agentMemory = 32 << 20

// serving lets the agent use all processors while it serves programs, and one
// while it only watches. Programs ask at any rate and for any number of
// accounts: then the collector runs as in any server, since at a fixed amount
// it would have to run all the time once that much is in use.
func serving(on bool) {
	processors, percent, limit := 1, -1, int64(agentMemory)
	if on {
		processors, percent, limit = runtime.NumCPU(), 100, math.MaxInt64
	}
	debug.SetMemoryLimit(limit)
	debug.SetGCPercent(percent)
	runtime.GOMAXPROCS(processors) // set by hand, it isn't looked after twice a minute
}

func runAgent(dir datadir.Dir, version string) error {
	serving(false)
	lean.QuietMonitor()
	if err := hardening.ApplyWindowless(); err != nil {
		return err
	}
	if err := sessionbus.RefuseStray(); err != nil {
		return err
	}
	log, closeLog, err := logging.Open(dir.Log("agent"))
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	folder, err := ownFolder()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	answers := &program.NoticeRouter{}
	notices := notify.New(log)
	window := loginwindow.New(filepath.Join(folder, windowName), dir.LoginWindows(), log)
	go window.Sweep()
	a := &program.Agent{
		Dir: dir, Log: log, Clock: clock.ForDataDir(dir.Path()), Keyring: keyring.New(),
		Endpoints: sandboxhost.New(dir, filepath.Join(folder, lightName)), Notices: notices, Answers: answers,
		OpenWindow: windowOpener(dir, folder), Version: version,
		LoginWindow: window, Browse: browse, Serving: serving,
	}
	notices.Answers, notices.Closed = answers.Answered, answers.Dismissed
	notices.Changed = func() { answers.ServiceChanged(); a.DesktopChanged() }
	icon := tray.New(log, a.Chosen)
	icon.OnChange, icon.Opened = a.DesktopChanged, a.MenuOpens
	return runBeside(icon, func(t program.Tray) error {
		a.Tray = t
		return a.Run(ctx)
	})
}

// The two programs' file names, in one folder. Either may be the agent.
var (
	windowName = map[bool]string{true: "kite-accounts.exe", false: "kite-accounts"}[runtime.GOOS == "windows"]
	lightName  = map[bool]string{true: "kitectl.exe", false: "kitectl"}[runtime.GOOS == "windows"]
)

// windowOpener starts a window with what was asked.
func windowOpener(dir datadir.Dir, folder string) func(kite.Request) error {
	return func(r kite.Request) error {
		var args []string
		if dir.Custom() {
			args = append(args, "--data-dir", dir.Path())
		}
		return detached.Start(filepath.Join(folder, windowName), append(args, requestArgs(r)...)...)
	}
}

// requestArgs are the arguments of kite-accounts that ask for it.
func requestArgs(r kite.Request) []string {
	switch {
	case r.Show != "":
		return []string{"--show", r.Show}
	case r.Login != "":
		return []string{"--login", r.Login}
	case r.LoginAll:
		return []string{"--login-all"}
	case r.Preferences:
		return []string{"--preferences"}
	}
	return nil
}

func stopAgent(out *output, dir datadir.Dir) error {
	err := agent.StopRunning(context.Background(), dir.Path())
	if errors.Is(err, agent.ErrNone) {
		_, err = fmt.Fprintln(out, "No agent runs.")
		return err
	}
	if err != nil {
		return kite.Errorf(kite.ETIMEOUT, "The agent doesn't answer.").
			WithHint("Log out of the desktop and in again, or end the process kitectl agent by hand.").Because(err)
	}
	_, err = fmt.Fprintln(out, "The agent has ended. Kite Accounts starts it again when it is opened.")
	return err
}

func printAgent(out *output, dir datadir.Dir) error {
	client, err := agent.Dial(context.Background(), dir.Path(), agent.RoleCommand)
	if errors.Is(err, agent.ErrNone) {
		_, err = fmt.Fprintln(out, "No agent runs.")
		return err
	}
	if err != nil {
		return err
	}
	defer client.Close()
	s := client.Status()
	_, err = fmt.Fprintf(out, "An agent runs (process %d, version %s).\n", s.PID, s.Version)
	for what, reason := range map[string]*agent.Reason{"Sessions": s.Problem, "Notices": s.Notifications} {
		if reason != nil {
			_, err = fmt.Fprintf(out, "%s: %s %s\n", what, reason.Message, reason.Hint)
		}
	}
	if err == nil && !s.Tray {
		_, err = fmt.Fprintln(out, "Tray: no tray on this desktop shows the icon.")
	}
	return err
}
