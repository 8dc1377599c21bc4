package cli

import (
	"io"

	"github.com/pkg/browser"
)

// browse opens the system browser. What the browser's starter prints must not
// get between a command's own output.
func browse(url string) error {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	return browser.OpenURL(url)
}
