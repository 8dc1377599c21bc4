//go:build linux || darwin

package webview

/*
#include <stdlib.h>
#include "view.h"
*/
import "C"

import (
	"unsafe"

	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// current is the one browser of the process, for the callbacks from C.
var current *browser

// show runs the window until it is closed; false if there is no display.
func show(b *browser, job loginwindow.Job) bool {
	current = b
	texts := make([]*C.char, 0, 7)
	for _, text := range []string{job.Title, job.Account, job.ClientID, job.LoginURL, job.Policy.ContentFilter(), job.FilterDir, watchMissing} {
		c := C.CString(text)
		defer C.free(unsafe.Pointer(c))
		texts = append(texts, c)
	}
	return C.view_run(texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6]) != 0
}

func quit()    { C.view_quit() }
func present() { C.view_present() }

func setHost(host, line string) {
	withText(host, func(h *C.char) {
		withText(line, func(l *C.char) { C.view_set_host(h, l) })
	})
}

func setProblem(sentence string) { withText(sentence, func(c *C.char) { C.view_set_problem(c) }) }
func runScript(script string)    { withText(script, func(c *C.char) { C.view_run_script(c) }) }
func readAnswer()                { C.view_read_answer() }

func withText(text string, f func(*C.char)) {
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))
	f(c)
}

//export goShown
func goShown() { current.shown() }

//export goDecide
func goDecide(uri, method *C.char) C.int {
	if current.decide(C.GoString(uri), C.GoString(method)) {
		return 1
	}
	return 0
}

//export goCommitted
func goCommitted(uri *C.char) { current.commit(C.GoString(uri)) }

//export goFinished
func goFinished(uri *C.char) { current.finish(C.GoString(uri)) }

//export goLoadFailed
func goLoadFailed(uri *C.char) { current.loadFailed(C.GoString(uri)) }

//export goTLSFailed
func goTLSFailed(uri *C.char) { current.tlsFailed(C.GoString(uri)) }

//export goCrashed
func goCrashed() { current.crashed() }

//export goHung
func goHung() { current.hung() }

//export goFilterFailed
func goFilterFailed() { current.end(loginwindow.Report{Outcome: loginwindow.OutcomeNoWebView}) }

//export goAnswer
func goAnswer(body *C.uchar, size C.int) { current.answer(C.GoBytes(unsafe.Pointer(body), size)) }

//export goMissing
func goMissing(host *C.char) { current.missing(C.GoString(host)) }

//export goClosed
func goClosed() { current.closed() }
