package loginwindow

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// place is the folder that has those of all logins, of every process that opens
// some. Each is held by a lock beside it for as long as its process lives, so
// that what a killed one left can be told from what is in use.
type place struct {
	path string // "" for folders among the system's temporary ones, which nobody sweeps
	log  *slog.Logger
}

const (
	lockSuffix = ".lock"
	gateName   = "gate" // held while a folder isn't locked yet
)

// make makes a folder for a login.
func (p place) make() (folder, error) {
	f := folder{remove: os.RemoveAll, sleep: time.Sleep, release: func() {}, log: p.log}
	if p.path == "" {
		path, err := os.MkdirTemp("", "kite-accounts-login-")
		f.path = path
		return f, err
	}
	if err := os.MkdirAll(p.path, 0o700); err != nil {
		return folder{}, err
	}
	gate, err := p.enter()
	if err != nil {
		return folder{}, err
	}
	defer gate.Close() //nolint:errcheck // nothing was written
	if f.path, err = os.MkdirTemp(p.path, ""); err != nil {
		return folder{}, err
	}
	lock := p.lockOf(f.path)
	if err := lock.Lock(); err != nil {
		_ = os.Remove(f.path)
		return folder{}, err
	}
	f.release = func() { letGo(lock) }
	return f, nil
}

// sweep removes what ended processes left.
func (p place) sweep() {
	if _, err := os.Stat(p.path); p.path == "" || err != nil {
		return // no login was ever opened
	}
	abandoned, err := p.abandoned()
	if err != nil {
		p.log.Warn("login windows' folders not swept", "error", err)
	}
	for path, lock := range abandoned {
		if err := os.RemoveAll(path); err != nil {
			p.log.Warn("login window's folder not removed", "error", err)
		}
		letGo(lock)
	}
}

// abandoned locks every folder that nobody holds.
func (p place) abandoned() (map[string]*flock.Flock, error) {
	gate, err := p.enter()
	if err != nil {
		return nil, err
	}
	defer gate.Close() //nolint:errcheck // nothing was written
	entries, err := os.ReadDir(p.path)
	if err != nil {
		return nil, err
	}
	found := map[string]*flock.Flock{}
	for _, entry := range entries {
		path := filepath.Join(p.path, strings.TrimSuffix(entry.Name(), lockSuffix))
		if entry.Name() == gateName+lockSuffix || found[path] != nil {
			continue
		}
		lock := p.lockOf(path)
		if got, err := lock.TryLock(); err != nil {
			p.log.Warn("login window's folder not looked at", "error", err)
		} else if got {
			found[path] = lock
		}
	}
	return found, nil
}

func (p place) enter() (*flock.Flock, error) {
	gate := p.lockOf(filepath.Join(p.path, gateName))
	if err := gate.Lock(); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	return gate, nil
}

func (place) lockOf(path string) *flock.Flock {
	return flock.New(path+lockSuffix, flock.SetPermissions(0o600))
}

// letGo removes the lock last, which Windows doesn't let do while it is open.
func letGo(lock *flock.Flock) {
	_ = lock.Close()
	_ = os.Remove(lock.Path())
}
