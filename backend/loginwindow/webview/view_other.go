//go:build !linux && !windows && !darwin

package webview

import "github.com/kiteaccounts/kite-accounts/backend/loginwindow"

// show has no web view on this platform yet.
func show(*browser, loginwindow.Job) bool { return false }

func quit()                  {}
func present()               {}
func setHost(string, string) {}
func setProblem(string)      {}
func runScript(string)       {}
func readAnswer()            {}
