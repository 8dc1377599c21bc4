package loginwindow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Window implements kite.LoginWindow with one helper process per login.
type Window struct {
	Program string        // this program, which runs the helper as "login-window"
	Folder  string        // where each login gets a folder; "" for among temporary files
	Args    []string      // before a test's own
	Env     []string      // added to the helper's
	Start   time.Duration // until the window must be on screen
	Login   time.Duration // until the user must be done
	Leave   time.Duration // from being told to end to being killed
	Log     *slog.Logger

	mu   sync.Mutex
	open map[string]*helper
}

var _ kite.LoginWindow = (*Window)(nil)

// Argument is what makes the program the helper.
const Argument = "login-window"

// New returns the window with its default deadlines. Folder is for what web
// views keep during a login, and for nothing else.
func New(program, folder string, log *slog.Logger) *Window {
	return &Window{
		Program: program, Folder: folder, Args: []string{Argument}, Log: log,
		Start: 20 * time.Second, Login: 10 * time.Minute, Leave: time.Second,
	}
}

// Sweep removes what logins of killed processes left: cookies, caches, reports
// of crashes. Those that are open in any process stay.
func (w *Window) Sweep() { place{path: w.Folder, log: w.Log}.sweep() }

// Open shows the window and blocks until it has ended.
func (w *Window) Open(ctx context.Context, job kite.LoginJob) (kite.Landing, error) {
	if !hasDisplay() {
		return kite.Landing{}, kite.Errorf(kite.EINTERNAL, "There is no display to show the login window on.").
			WithHint("Use Paste the redirect URL to log in with your own browser.")
	}
	h := &helper{log: w.Log.With("account", job.AccountID)}
	if !w.register(job.AccountID, h) {
		return kite.Landing{}, kite.Errorf(kite.ECONFLICT, "This account's login window is open already.").WithHint("Finish the login there.")
	}
	defer w.unregister(job.AccountID)
	ctx, cancel := context.WithTimeoutCause(ctx, w.Login, errLoginTime)
	defer cancel()
	report, err := w.run(ctx, h, job)
	landing := kite.Landing{BlockedHosts: slices.Sorted(slices.Values(report.Blocked))}
	if err != nil {
		return landing, err
	}
	if report.Outcome != OutcomeLanded {
		return landing, failure(report, job)
	}
	landing.RedirectURL = kite.NewSecret(report.URL)
	return landing, nil
}

// Focus raises the account's window.
func (w *Window) Focus(accountID string) bool {
	w.mu.Lock()
	h := w.open[accountID]
	w.mu.Unlock()
	return h != nil && h.say(Command{Version: protocolVersion, Do: "focus"}) == nil
}

func (w *Window) register(accountID string, h *helper) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open[accountID] != nil {
		return false
	}
	if w.open == nil {
		w.open = map[string]*helper{}
	}
	w.open[accountID] = h
	return true
}

func (w *Window) unregister(accountID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, accountID)
}

var (
	errLoginTime = errors.New("login took too long")
	errStartTime = errors.New("window didn't appear")
)

// run starts the helper and returns its last report once it is gone.
func (w *Window) run(ctx context.Context, h *helper, job kite.LoginJob) (Report, error) {
	w.Sweep()
	own, err := place{path: w.Folder, log: h.log}.make()
	if err != nil {
		return Report{}, fmt.Errorf("make folder for login window: %w", err)
	}
	defer own.clean()
	stop, err := w.start(h, own.path)
	if err != nil {
		return Report{}, kite.Errorf(kite.EINTERNAL, "The login window couldn't be started.").WithHint(hintPaste).Because(err)
	}
	defer stop()
	err = h.begin(Job{
		Version: protocolVersion, Title: "Log in: " + job.AccountName + " (" + job.ClientID + ")", Account: job.AccountName,
		ClientID: job.ClientID, LoginURL: job.LoginURL, Policy: NewPolicy(job), FilterDir: own.path,
	})
	if err != nil {
		return Report{}, crashed(err)
	}
	return w.listen(ctx, h)
}

// start runs the helper and returns what ends it and waits for its end.
func (w *Window) start(h *helper, folder string) (stop func(), err error) {
	cmd := exec.Command(w.Program, w.Args...) //nolint:gosec,noctx // our own program; stop ends it
	cmd.Env = append(environment(folder), w.Env...)
	cmd.WaitDelay = w.Leave
	prepare(cmd)
	if h.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if h.stdout, err = cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	cmd.Stderr = h
	var processes *group
	ended := make(chan struct{})
	started := make(chan error)
	// The helper dies with the thread that started it (PR_SET_PDEATHSIG), so
	// that thread is kept until it is gone.
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			if processes, err = adopt(cmd); err != nil {
				_ = cmd.Wait()
			}
		}
		started <- err
		if err == nil {
			<-h.answered()
			h.logEnd(cmd.Wait())
			processes.end()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return func() {
		h.finish()
		timer := time.AfterFunc(w.Leave, processes.kill)
		defer timer.Stop()
		<-ended
	}, nil
}

// listen waits for Shown and then for the outcome.
func (w *Window) listen(ctx context.Context, h *helper) (Report, error) {
	starting, shown := context.WithTimeoutCause(ctx, w.Start, errStartTime)
	defer shown()
	reports := make(chan Report)
	failed := make(chan error, 1)
	go h.read(reports, failed)
	var last Report // what was blocked, however the window ends
	for {
		select {
		case r := <-reports:
			if r.Outcome != "" {
				return r, nil
			}
			last, starting = r, ctx
		case err := <-failed:
			return last, crashed(err)
		case <-starting.Done():
			return last, overdue(starting)
		}
	}
}

func overdue(ctx context.Context) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errLoginTime):
		return kite.Errorf(kite.ETIMEOUT, "The login took too long and was stopped.").WithHint("Try again from the card.")
	case errors.Is(cause, errStartTime):
		return kite.Errorf(kite.ETIMEOUT, "The login window didn't appear.").WithHint(hintPaste)
	default:
		return kite.Errorf(kite.ECANCELED, "The login was cancelled.").WithHint("Try again from the card.").Because(cause)
	}
}

func crashed(err error) error {
	if errors.Is(err, errTooLong) || errors.Is(err, errProtocol) {
		return kite.Errorf(kite.EINTERNAL, "The login window gave an answer that can't be understood.").WithHint(hintPaste).Because(err)
	}
	return kite.Errorf(kite.EINTERNAL, "The login window ended unexpectedly.").WithHint(hintPaste).Because(err)
}

// helper is one running process.
type helper struct {
	log    *slog.Logger
	stdout io.ReadCloser

	mu    sync.Mutex
	stdin io.WriteCloser
	begun bool
	rest  []byte
	done  chan struct{}
	over  bool
}

// begin says what the helper must hear first; until then say fails.
func (h *helper) begin(job Job) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.begun = true
	return WriteMessage(h.stdin, job)
}

func (h *helper) say(message any) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.begun {
		return io.ErrClosedPipe
	}
	return WriteMessage(h.stdin, message)
}

// answered is closed when nothing more is read from the helper, which Wait
// must not come before.
func (h *helper) answered() chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done == nil {
		h.done = make(chan struct{})
	}
	return h.done
}

// finish closes stdin, which ends a helper that still runs.
func (h *helper) finish() {
	done := h.answered()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return
	}
	h.over = true
	_ = h.stdin.Close()
	close(done)
}

func (h *helper) read(reports chan<- Report, failed chan<- error) {
	done := h.answered()
	for {
		var r Report
		if err := ReadMessage(h.stdout, &r); err != nil {
			failed <- err
			return
		}
		select {
		case reports <- r:
		case <-done:
			return
		}
		if r.Outcome != "" {
			return
		}
	}
}

func (h *helper) logEnd(err error) {
	if err != nil {
		h.log.Debug("login window ended", "error", err)
	}
}
