package webview

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/msedge"
)

// installed finds WebView2; a test has its own.
var installed = msedge.Installed

// current is the one page of the process. What it has belongs to the window's
// thread; quitting is set before there is one, too.
var (
	current  atomic.Pointer[page]
	quitting atomic.Bool
)

// show runs the window until it is closed; false if there is no WebView2.
func show(b *browser, job loginwindow.Job) bool {
	runtime, err := installed()
	if err == nil {
		err = enterApartment()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
		return false
	}
	w, err := newWindow(job.Title, job.Account, job.ClientID)
	if err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
		return false
	}
	p := newPage(b, w, job, runtime)
	current.Store(p)
	if quitting.Load() {
		w.destroy()
		return true
	}
	w.show()
	b.shown()
	p.open()
	w.run()
	return true
}

// enterApartment prepares the thread for WebView2. That it was prepared before,
// S_FALSE, is no failure.
// https://learn.microsoft.com/en-us/windows/win32/api/combaseapi/nf-combaseapi-coinitializeex
func enterApartment() error {
	err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED)
	if errors.Is(err, windows.Errno(windows.S_FALSE)) {
		return nil
	}
	return err
}

// withPage does something with the page on the window's thread, unless the
// window is gone.
func withPage(f func(*page)) {
	if p := current.Load(); p != nil {
		p.window.later(func() {
			if p.window.handle != 0 {
				f(p)
			}
		})
	}
}

func quit() {
	quitting.Store(true)
	withPage(func(p *page) { p.window.destroy() })
}

func present() { withPage(func(p *page) { p.window.raise() }) }

func setHost(host, line string)  { withPage(func(p *page) { p.window.setHost(host, line) }) }
func setProblem(sentence string) { withPage(func(p *page) { p.window.setProblem(sentence) }) }
func runScript(script string)    { withPage(func(p *page) { p.run(script, nil) }) }

func readAnswer() {
	withPage(func(p *page) {
		p.run(readScript, func(result string) {
			if text := scriptAnswer(result); text != nil {
				p.browser.answer(text)
			}
		})
	})
}
