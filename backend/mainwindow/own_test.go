package mainwindow

import "testing"

func TestOwnOnWindows(t *testing.T) {
	for address, want := range map[string]bool{
		"http://wails.localhost/": true, "http://wails.localhost/assets/a.js?v=1#x": true,
		"https://wails.localhost/": false, "http://wails.localhost:34115/": false, "http://wails.localhost.evil.tld/": false,
		"http://wails.localhost@evil.tld/": false, "http://x@wails.localhost/": false, "http://evil.tld/wails.localhost": false,
		"https://evil.tld/": false, "file:///c:/secret.html": false, "about:blank": false, "data:text/html,x": false, "": false, "http://%zz/": false,
	} {
		if got := ownOnWindows(address); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}
