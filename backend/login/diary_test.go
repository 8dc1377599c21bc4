package login_test

import (
	"strings"
	"sync"
)

// diary is a log that may be read while what a login left to do goes on.
type diary struct {
	mu   sync.Mutex
	text strings.Builder
}

func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(line)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}
