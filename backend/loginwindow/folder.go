package loginwindow

import (
	"log/slog"
	"time"
)

// A web view's processes may hold their folder for a moment after they were
// ended; where open files can't be removed, that is tried again.
const (
	removePause = 50 * time.Millisecond
	removeSoon  = 40   // tries that a login waits for
	removeLater = 1200 // tries in the background
)

// folder is one login's, for what its web view keeps.
type folder struct {
	path   string
	remove func(path string) error
	sleep  func(time.Duration)
	log    *slog.Logger

	release func() // lets others remove it
}

// clean removes the folder, if need be in the background; the channel is closed
// once there is no more to be done.
func (f folder) clean() <-chan struct{} {
	done := make(chan struct{})
	if f.try(removeSoon) == nil {
		f.release()
		close(done)
		return done
	}
	go func() {
		defer close(done)
		defer f.release()
		if err := f.try(removeLater); err != nil {
			f.log.Warn("login window's folder not removed", "error", err)
		}
	}()
	return done
}

func (f folder) try(times int) (err error) {
	for range times {
		if err = f.remove(f.path); err == nil {
			return nil
		}
		f.sleep(removePause)
	}
	return err
}
