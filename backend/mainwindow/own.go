package mainwindow

import "net/url"

// ownOnWindows says whether an address is Wails' own page, or part of it, as
// Wails for Windows serves it.
func ownOnWindows(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && u.Host == "wails.localhost" && u.User == nil
}
