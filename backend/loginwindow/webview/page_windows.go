package webview

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/msedge"
)

// page is WebView2 in the window: settings and events, no decision. It belongs
// to the window's thread.
type page struct {
	browser *browser
	window  *window
	job     loginwindow.Job
	runtime msedge.EntryPoint

	environment *msedge.Environment // nil while there is none
	controller  *msedge.Controller  // nil while there is none
	opened      int                 // how often a view was asked for
	place       windows.Rect
	uris        map[uint64]string // of navigations under way, by their ids
}

func newPage(b *browser, w *window, job loginwindow.Job, runtime msedge.EntryPoint) *page {
	p := &page{browser: b, window: w, job: job, runtime: runtime, uris: map[uint64]string{}}
	w.placed = func(r windows.Rect) {
		p.place = r
		p.withController(func(c *msedge.Controller) error { return c.SetBounds(r) })
	}
	w.moved = func() { p.withController((*msedge.Controller).Moved) }
	w.focused = func() { p.withController(func(c *msedge.Controller) error { return c.Focus(msedge.FocusAsBefore) }) }
	w.tabbed = func(forwards bool) {
		where := msedge.FocusFirst
		if !forwards {
			where = msedge.FocusLast
		}
		p.withController(func(c *msedge.Controller) error { return c.Focus(where) })
	}
	w.again = p.startAgain
	w.closed = func() {
		p.closeController()
		b.closed()
	}
	return p
}

func (p *page) withController(f func(*msedge.Controller) error) {
	if p.controller == nil {
		return
	}
	if err := f(p.controller); err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
	}
}

// unusable ends a login that WebView2 can't show: without its filter nothing
// may load.
func (p *page) unusable(err error) {
	fmt.Fprintln(os.Stderr, "login-window:", err)
	p.browser.end(loginwindow.Report{Outcome: loginwindow.OutcomeNoWebView})
}

// open makes the environment, if there is none, and a view in it. What was
// asked for before has no say any more.
func (p *page) open() {
	p.opened++
	asked := p.opened
	if p.environment != nil {
		p.makeView(asked)
		return
	}
	go func() {
		proxies, err := proxiesTo(p.job.LoginURL, p.job.Policy.Hosts)
		if err != nil { // without a script, a browser goes there directly, too
			fmt.Fprintln(os.Stderr, "login-window:", err)
		}
		p.window.later(func() { p.makeEnvironment(asked, browserArguments(p.job.Policy, proxies)) })
	}()
}

func (p *page) makeEnvironment(asked int, arguments string) {
	if asked != p.opened || p.window.handle == 0 {
		return
	}
	err := p.runtime.CreateEnvironment(p.job.FilterDir, arguments, func(e *msedge.Environment, err error) {
		if err != nil {
			p.unusable(err)
			return
		}
		if asked != p.opened || p.window.handle == 0 {
			e.Release()
			return
		}
		p.environment = e
		p.makeView(asked)
	})
	if err != nil {
		p.unusable(err)
	}
}

// makeView puts a view into the window whose profile nothing else has.
func (p *page) makeView(asked int) {
	profile := "login-" + strconv.Itoa(asked)
	err := p.environment.CreateController(p.window.handle, profile, func(c *msedge.Controller, err error) {
		if err == nil && (asked != p.opened || p.window.handle == 0) {
			c.Close()
			return
		}
		if err == nil {
			p.controller = c
			err = p.prepare(c)
		}
		if err != nil {
			p.unusable(err)
		}
	})
	if err != nil {
		p.unusable(err)
	}
}

// prepare restricts the view and loads the login page once every request is
// held.
func (p *page) prepare(c *msedge.Controller) error {
	if err := c.View.Restrict(); err != nil {
		return err
	}
	if err := c.View.Follow(p.environment, p.events()); err != nil {
		return err
	}
	if err := c.FollowKeys(p.keys()); err != nil {
		return err
	}
	if err := c.View.Hear(interceptEvent, func(parameters string) { p.answerRequest(c.View, parameters) }); err != nil {
		return err
	}
	if err := c.SetBounds(p.place); err != nil {
		return err
	}
	if err := c.Show(); err != nil {
		return err
	}
	return c.View.Call(interceptMethod, interceptAll, func(err error) {
		if err == nil {
			err = c.View.Navigate(p.job.LoginURL)
		}
		if err != nil {
			p.unusable(err)
			return
		}
		p.withController(func(c *msedge.Controller) error { return c.Focus(msedge.FocusAsBefore) })
	})
}

func (p *page) answerRequest(v *msedge.View, parameters string) {
	method, answer := p.browser.intercept(parameters)
	if method == "" {
		return
	}
	if err := v.Call(method, answer, nil); err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
	}
}

func (p *page) run(script string, done func(string)) {
	p.withController(func(c *msedge.Controller) error { return c.View.Run(script, done) })
}

func (p *page) closeController() {
	if p.controller != nil {
		p.controller.Close()
		p.controller = nil
	}
}

// startAgain begins with a view that knows nothing of the one before, which
// may hang or have crashed.
func (p *page) startAgain() {
	p.closeController()
	clear(p.uris)
	p.window.setProblem("")
	p.open()
}

// browserGone lets the next start make another browser.
func (p *page) browserGone() {
	p.controller = nil // closed by itself
	if p.environment != nil {
		p.environment.Release()
		p.environment = nil
	}
}
