package loginwindow

import "bytes"

// maxLine bounds a line of the helper's stderr.
const maxLine = 4 << 10

// Write takes the helper's stderr, and that of the processes it starts, apart
// into lines for the log.
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

// line is called with the lock held. Where WebKit prints a page's console,
// that is left out: pages write what they like there.
func (h *helper) line(line []byte) {
	if len(bytes.TrimSpace(line)) == 0 || bytes.HasPrefix(line, []byte("CONSOLE ")) {
		return
	}
	h.log.Debug("login window", "stderr", string(line[:min(len(line), maxLine)]))
}
