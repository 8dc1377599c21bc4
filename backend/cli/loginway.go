package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// loginHow is how a command logs an account in.
type loginHow struct {
	way       kite.LoginWay // empty: the account's own
	noOpen    bool          // print the login page's address instead of opening it
	confirmed bool          // also where a session that still works ends by it
	stdin     bool          // what is pasted may come from standard input: it is nobody else's
}

func (how loginHow) wayOf(a kite.Account) kite.LoginWay {
	switch {
	case how.way != "":
		return how.way
	case a.LoginWay != "":
		return a.LoginWay
	}
	return kite.LoginInWindow
}

const hintOtherWays = "Log in with kitectl login --browser, or with --paste, which needs a browser on any computer."

// possible says what keeps the account from being logged in from here.
func (how loginHow) possible(a kite.Account) error {
	switch way := how.wayOf(a); {
	case way == kite.LoginInWindow && runtime.GOOS == "linux" && os.Getenv("DISPLAY")+os.Getenv("WAYLAND_DISPLAY") == "":
		return withExit(exitNoDisplay, kite.Errorf(kite.EINTERNAL, "There is no display to show the login window on.").WithHint(hintOtherWays))
	case way == kite.LoginByPaste && !how.stdin && !hasTerminal():
		return kite.Errorf(kite.EINVALID, "There is no terminal to paste the redirect URL at.").
			WithHint("Log in first with kitectl login " + argument(a) + " --paste, which reads standard input too.")
	}
	return nil
}

// logIn logs the account in and returns once that is over. The vault is open.
// What the user is to do goes to stderr. Errors are those of login.Service's
// LogIn; ECONFIRM only where there is no terminal to ask at.
func (g *commands) logIn(ctx context.Context, w *workbench, a kite.Account, how loginHow) error {
	if err := how.possible(a); err != nil {
		return err
	}
	err := w.logInOnce(ctx, a, how)
	if kite.ErrorCode(err) == kite.ECONFIRM && !how.confirmed {
		question := kite.AsError(err)
		switch answer := confirm(question.Message+" Log in all the same?", false); kite.ErrorCode(answer) {
		case "":
			how.confirmed = true
			err = w.logInOnce(ctx, a, how)
		case kite.ECONFIRM:
			return question.WithHint(how.yes(a))
		default:
			return answer
		}
	}
	if err != nil {
		return atTerminal(err, a, how.wayOf(a))
	}
	for _, warning := range w.Login.Attempt(a.ID).Warnings {
		_, _ = fmt.Fprintln(os.Stderr, "kitectl:", warning)
	}
	return nil
}

// yes says how a question is answered where nobody can be asked.
func (how loginHow) yes(a kite.Account) string {
	if how.stdin {
		return "Say kitectl login " + argument(a) + " --yes if it is meant."
	}
	return "Say kitectl exec --login --yes " + argument(a) + " -- COMMAND if it is meant."
}

// atTerminal gives an error the next step that can be done here: hints are
// about the window's cards otherwise.
func atTerminal(err error, a kite.Account, way kite.LoginWay) error {
	e := kite.AsError(err)
	switch {
	case way == kite.LoginInWindow && e.Code == kite.EINTERNAL:
		return e.WithHint(hintOtherWays)
	case e.Code == kite.ECONFLICT && way == kite.LoginInBrowser:
		return e.WithHint("End what uses the port, or log in with kitectl login " + argument(a) + " --paste.")
	case strings.Contains(e.Hint, "card"), e.Hint == "Log in again.":
		return e.WithHint("Try again: kitectl login " + argument(a) + ".")
	}
	return err
}

func (w *workbench) logInOnce(ctx context.Context, a kite.Account, how loginHow) error {
	way := how.wayOf(a)
	if way != kite.LoginByPaste {
		w.Login.Browse = func(loginURL string) error { return how.showPage(a, loginURL) }
		return w.Login.LogIn(ctx, a.ID, way, how.confirmed)
	}
	return w.logInByPaste(ctx, a, how)
}

// logInByPaste shows the login page's address and asks for what the browser
// ended at.
func (w *workbench) logInByPaste(ctx context.Context, a kite.Account, how loginHow) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	shown, over := make(chan struct{}), make(chan struct{})
	w.Login.Browse = func(loginURL string) error {
		defer close(shown)
		_, err := fmt.Fprintf(os.Stderr, "Open this page in a browser and log in as %s:\n\n  %s\n\n", a.ClientID, loginURL)
		return err
	}
	var end error
	go func() {
		end = w.Login.LogIn(ctx, a.ID, kite.LoginByPaste, how.confirmed)
		close(over)
	}()
	select {
	case <-shown:
	case <-over:
		return end
	}
	err := w.submitPasted(a, how, over)
	if err != nil {
		cancel()
	}
	<-over
	if err != nil && (end == nil || kite.ErrorCode(end) == kite.ECANCELED) {
		return err
	}
	return end
}

// showPage opens the login page, or says where it is, and tells what happens.
func (how loginHow) showPage(a kite.Account, loginURL string) error {
	u, err := url.Parse(a.CallbackURL)
	if err != nil {
		return err
	}
	if how.noOpen {
		_, err := fmt.Fprintf(os.Stderr, "Open this page in a browser and log in as %s:\n\n  %s\n\n"+
			"Its answer is awaited at port %s of this computer; Ctrl-C stops that. Where the browser is on another\n"+
			"computer, forward the port from there first:\n\n  ssh -L %[3]s:%[4]s:%[3]s HOST\n\n", a.ClientID, loginURL, u.Port(), bracketed(u.Hostname()))
		return err
	}
	_, _ = fmt.Fprintf(os.Stderr, "Log in as %s in your browser. Its answer is awaited at port %s; Ctrl-C stops that.\n", a.ClientID, u.Port())
	if err := browse(loginURL); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "No browser could be opened from here: with --no-open the page's address is printed instead.")
		return err
	}
	return nil
}

// bracketed is the host as it stands between colons.
func bracketed(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// submitPasted asks for what the browser ended at until it fits. What doesn't
// may be entered again at a terminal.
func (w *workbench) submitPasted(a kite.Account, how loginHow, over <-chan struct{}) error {
	for {
		pasted, again, err := how.pasted(over)
		if err != nil {
			return err
		}
		err = w.Login.Submit(context.Background(), a.ID, pasted.Reveal())
		pasted.Wipe()
		if err == nil || !again || kite.ErrorCode(err) != kite.EINVALID || !w.Login.Attempt(a.ID).BrowserOpen {
			return err
		}
		e := kite.AsError(err)
		_, _ = fmt.Fprintln(os.Stderr, e.Message, e.Hint)
	}
}

const pastePrompt = "The whole redirect URL or just the request_token (not shown): "

// pasted reads one line: from standard input where that is no terminal, else
// from the terminal, without echo, since it holds a request_token. Again says
// whether another line can be asked for. ECANCELED if the login is over before
// anything is entered.
func (how loginHow) pasted(over <-chan struct{}) (line kite.Secret, again bool, err error) {
	type entered struct {
		line kite.Secret
		err  error
	}
	came := make(chan entered, 1)
	read, restore := func() (kite.Secret, error) { return readLine(os.Stdin) }, func() {}
	if !how.stdin || term.IsTerminal(int(os.Stdin.Fd())) {
		restore, again = keepTerminal(), true
		read = func() (kite.Secret, error) { return askHidden(pastePrompt) }
	}
	go func() {
		line, err := read()
		came <- entered{line, err}
	}()
	select {
	case e := <-came:
		if e.err == nil && e.line.Empty() && !again {
			return line, again, kite.Errorf(kite.ECANCELED, "Nothing was entered.")
		}
		return e.line, again, e.err
	case <-over:
		restore()
		return line, again, kite.Errorf(kite.ECANCELED, "The login was over before anything was entered.")
	}
}

// keepTerminal returns what gives the terminal its echo back.
func keepTerminal() (restore func()) {
	before, err := onTerminal(term.GetState)
	if err != nil {
		return func() {} // nothing is asked there either
	}
	return func() {
		_, _ = onTerminal(func(fd int) (*term.State, error) { return nil, term.Restore(fd, before) })
	}
}

func onTerminal(f func(fd int) (*term.State, error)) (*term.State, error) {
	tty, err := openTerminal()
	if err != nil {
		return nil, err
	}
	defer tty.Close()
	return f(int(tty.in.Fd()))
}
