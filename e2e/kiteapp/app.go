// Package kiteapp drives the real program as its user does: by the names that
// the window shows, and through its login window.
//
//	app.go      starting and stopping the program, what its window shows
//	closing.go  closing the window, and the question it asks
//	agent.go    the process that stays all day
//	form.go     the steps of a person: press, fill, see
//	login.go    the login window
//	clock.go    the clock of a program built for tests
//	sandbox.go  the simulated Kite of the data folder
//	browser.go  the browser of the user's own
//	command.go  kitectl as it is called from a shell
//	installed.go  the program as a package installs it
package kiteapp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// Deadlines are generous: the computer may be busy with other tests.
const (
	startDeadline = 90 * time.Second
	stepDeadline  = 60 * time.Second
	endDeadline   = 60 * time.Second
)

// Names of the two programs.
const (
	windowProgram = "kite-accounts"
	lightProgram  = "kitectl"
)

// App is the program on a desktop. It isn't started by making it.
type App struct {
	*desktop.Desktop
	Programs string // folder with both programs
	DataDir  string

	Process *desktop.Process // the newest one
	clock   clock
	starts  int

	installed    bool   // with the data folder that it chooses itself
	otherSandbox string // URL
}

// New returns the program of that folder, with a data folder of its own on the
// desktop.
func New(d *desktop.Desktop, programs string) (*App, error) {
	for _, name := range []string{windowProgram, lightProgram} {
		if _, err := os.Stat(filepath.Join(programs, name)); err != nil {
			return nil, fmt.Errorf("find the built programs: %w", err)
		}
	}
	dir, err := d.MakeDir("data")
	if err != nil {
		return nil, err
	}
	if d.OfAnotherUser() {
		if programs, err = copyPrograms(d, programs, windowProgram, lightProgram); err != nil {
			return nil, err
		}
	}
	return &App{Desktop: d, Programs: programs, DataDir: dir}, nil
}

// WithoutLightProgram makes the window a program that has no kitectl beside it,
// so that it can start neither the agent nor the sandbox.
func (a *App) WithoutLightProgram() (err error) {
	a.Programs, err = copyPrograms(a.Desktop, a.Programs, windowProgram)
	return err
}

// copyPrograms puts programs into a folder of the desktop: another user can run
// them there, while the clone may be in a folder of ours alone.
func copyPrograms(d *desktop.Desktop, from string, names ...string) (string, error) {
	to, err := d.MakeDir("bin")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(from, name)) //nolint:gosec // our own program
		if err != nil {
			return "", fmt.Errorf("copy program: %w", err)
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o755); err != nil { //nolint:gosec // a program
			return "", fmt.Errorf("copy program: %w", err)
		}
	}
	return to, nil
}

// Database is the program's SQLite file.
func (a *App) Database() string { return filepath.Join(a.DataDir, "kite-accounts.db") }

// Launch starts the window with further variables KEY=VALUE and doesn't wait.
func (a *App) Launch(env ...string) (*desktop.Process, error) { return a.LaunchWith(nil, env...) }

// LaunchWith is Launch with further arguments.
func (a *App) LaunchWith(args []string, env ...string) (*desktop.Process, error) {
	a.starts++
	args = append(a.dataDir(), args...)
	return a.Run(fmt.Sprintf("app-%d", a.starts), env, filepath.Join(a.Programs, windowProgram), args...)
}

// Start starts the window and waits until it shows something.
func (a *App) Start(env ...string) (err error) {
	if a.Process, err = a.Launch(env...); err != nil {
		return err
	}
	return a.shown()
}

// shown waits until the window shows something.
func (a *App) shown() error {
	return a.await("the window", startDeadline, func() bool {
		root, err := a.Look(a.Process.PID)
		return err == nil && root != nil && strings.Contains(root.Says(), "Kite Accounts") &&
			len(desktop.Query{Roles: []string{"document web"}}.In(root)) > 0
	})
}

// AwaitWindow waits for a window that something else has opened, such as a
// click in the tray, and goes on with that.
func (a *App) AwaitWindow() error {
	err := desktop.Await("a window", startDeadline, func() bool {
		for _, p := range a.Windowed() {
			if a.Process == nil || a.Process.PID != p.PID {
				a.Process = a.Adopt("window", p.PID)
				return true
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	return a.shown()
}

// Windowed are the running processes of the window.
func (a *App) Windowed() []desktop.Running {
	var found []desktop.Running
	for _, p := range a.Processes() {
		program, arguments, _ := strings.Cut(p.Command, " ")
		if filepath.Base(program) == windowProgram && arguments != "login-window" {
			found = append(found, p)
		}
	}
	return found
}

// await fails early, and with its output, when the program has ended.
func (a *App) await(what string, limit time.Duration, ready func() bool) error {
	ended := false
	err := desktop.Await(what, limit, func() bool {
		select {
		case <-a.Process.Done():
			ended = true
			return true
		default:
			return ready()
		}
	})
	if ended {
		return fmt.Errorf("%s: the program has ended: %s", what, a.Process.Text())
	}
	return err
}

// MainWindow is the program's own window, not a login window.
func (a *App) MainWindow() (desktop.Window, error) {
	var found desktop.Window
	err := a.await("the main window", startDeadline, func() bool {
		windows, err := a.Windows()
		if err != nil {
			return false
		}
		for _, w := range windows {
			if w.PID == a.Process.PID {
				found = w
				return true
			}
		}
		return false
	})
	return found, err
}

// Helpers are the running login-window processes of this desktop.
func (a *App) Helpers() []desktop.Running {
	var found []desktop.Running
	for _, p := range a.Processes() {
		if strings.HasSuffix(p.Command, " login-window") {
			found = append(found, p)
		}
	}
	return found
}

// Control runs kitectl with the data folder and returns what it prints.
func (a *App) Control(args ...string) (string, error) {
	return a.ProgramCommand("", filepath.Join(a.Programs, lightProgram), append(args, a.dataDir()...)...)
}

// Log is everything the program has logged and printed, its sandbox too.
func (a *App) Log() string {
	var b strings.Builder
	files, _ := filepath.Glob(filepath.Join(a.DataDir, "logs", "*"))
	windows, _ := filepath.Glob(a.Path("log/app-*"))
	agents, _ := filepath.Glob(a.Path("log/agent-*"))
	for _, path := range slices.Concat(files, windows, agents) {
		text, err := os.ReadFile(path) //nolint:gosec // of the test's own desktop
		if err == nil && len(text) > 0 {
			fmt.Fprintf(&b, "--- %s\n%s\n", path, text)
		}
	}
	return b.String()
}

// Describe writes what all windows show and what was logged.
func (a *App) Describe() string {
	var b strings.Builder
	if a.Process == nil {
		return a.Log()
	}
	pids := []int{a.Process.PID}
	for _, h := range a.Helpers() {
		pids = append(pids, h.PID)
	}
	for _, pid := range pids {
		if root, err := a.Look(pid); err == nil && root != nil {
			root.Dump(&b)
		}
	}
	b.WriteString(a.Log())
	return b.String()
}
