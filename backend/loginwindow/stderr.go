package loginwindow

import (
	"bytes"
	"regexp"
	"slices"
)

// WebKit tells which resources the content filter kept away only in its
// console, which comes on stderr in this form. Nothing else of the console is
// looked at or logged: pages write what they like there.
var blockedResource = regexp.MustCompile(`^CONSOLE .*Content blocker prevented frame displaying \S+ from loading a resource from (\S+)`)

var console = []byte("CONSOLE ")

// Limits against a page that writes without end.
const (
	maxLine    = 4 << 10
	maxBlocked = 20
)

// Write takes the helper's stderr apart into lines.
func (h *helper) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rest = append(h.rest, p...)
	for {
		i := bytes.IndexByte(h.rest, '\n')
		if i < 0 {
			break
		}
		h.line(h.rest[:i])
		h.rest = h.rest[i+1:]
	}
	if len(h.rest) > maxLine {
		h.rest = nil
	}
	return len(p), nil
}

// line is called with the lock held.
func (h *helper) line(line []byte) {
	if bytes.HasPrefix(line, console) {
		m := blockedResource.FindSubmatch(line)
		if m == nil {
			return
		}
		host := HostOf(string(m[1]))
		if host != "" && len(h.blocked) < maxBlocked && !slices.Contains(h.blocked, host) {
			h.blocked = append(h.blocked, host)
			h.log.Info("host blocked in login window", "host", host)
		}
		return
	}
	if len(bytes.TrimSpace(line)) > 0 {
		h.log.Debug("login window", "stderr", string(line[:min(len(line), maxLine)]))
	}
}
