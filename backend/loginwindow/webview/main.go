package webview

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// Main runs the helper and returns its exit status.
func Main() int {
	runtime.LockOSThread() // the desktop's toolkit wants one thread
	answers, err := takeStdout()
	if err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
		return 1
	}
	var job loginwindow.Job
	if err := loginwindow.ReadMessage(os.Stdin, &job); err != nil {
		fmt.Fprintln(os.Stderr, "login-window:", err)
		return 1
	}
	b := newBrowser(job, answers)
	go b.obey(os.Stdin)
	if !show(b, job) {
		b.end(loginwindow.Report{Outcome: loginwindow.OutcomeNoWebView})
		return 1
	}
	b.endIfOpen()
	return 0
}

// obey follows the parent until it closes stdin or dies.
func (b *browser) obey(stdin io.Reader) {
	for {
		var c loginwindow.Command
		if err := loginwindow.ReadMessage(stdin, &c); err != nil {
			quit()
			return
		}
		if c.Do == "focus" {
			present()
		}
	}
}
