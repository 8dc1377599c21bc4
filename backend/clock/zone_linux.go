package clock

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// localtime is the computer's time zone, a link to its zone file:
// https://www.freedesktop.org/software/systemd/man/latest/localtime.html.
const localtime = "/etc/localtime"

// localZone reads the zone file itself, since Go reads it once per process.
type localZone struct {
	path  string
	fixed *time.Location // if set, nothing is read

	mu   sync.Mutex
	seen zoneState
	zone *time.Location
}

// zoneState tells a zone file from another.
type zoneState struct {
	link  string
	inode uint64
	time  int64
	size  int64
}

// zoneOfEnvironment is the zone of $TZ, which Go reads when the process starts;
// nil if it isn't set.
func zoneOfEnvironment() *time.Location {
	if _, set := os.LookupEnv("TZ"); set {
		return time.Local
	}
	return nil
}

// location is the zone as it is now: the last one known while the file is
// missing or unreadable, as when it is being replaced, and UTC without any.
func (z *localZone) location() *time.Location {
	if z.fixed != nil {
		return z.fixed
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if state, err := z.look(); err == nil && (z.zone == nil || state != z.seen) {
		if zone, err := z.load(state.link); err == nil {
			z.zone, z.seen = zone, state
		}
	}
	if z.zone == nil {
		return time.UTC
	}
	return z.zone
}

func (z *localZone) look() (state zoneState, err error) {
	info, err := os.Stat(z.path)
	if err != nil {
		return state, err
	}
	state.link, _ = os.Readlink(z.path) // empty if it is a file
	state.time, state.size = info.ModTime().UnixNano(), info.Size()
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		state.inode = stat.Ino
	}
	return state, nil
}

func (z *localZone) load(link string) (*time.Location, error) {
	data, err := os.ReadFile(z.path)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(zoneName(link), data)
}

// zoneName is such as Asia/Kolkata. A file that is no link has no name; Go
// calls the zone Local then.
func zoneName(link string) string {
	_, name, found := strings.Cut(link, "/zoneinfo/")
	if !found || name == "" {
		return "Local"
	}
	return strings.TrimPrefix(name, "posix/")
}

// changes is a file that becomes readable when something happens in the
// folder of the zone file.
func (z *localZone) changes() (*os.File, error) {
	if z.fixed != nil {
		return nil, os.ErrNotExist
	}
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("watch time zone: %w", err)
	}
	const what = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_CLOSE_WRITE
	if _, err := unix.InotifyAddWatch(fd, filepath.Dir(z.path), what|unix.IN_ONLYDIR); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("watch time zone: %w", err)
	}
	return os.NewFile(uintptr(fd), "time zone"), nil
}

// follow tells when the zone file is another, until changes is closed.
func (z *localZone) follow(changes io.Reader, tell func()) {
	events := make([]byte, 4096)
	for {
		n, err := changes.Read(events)
		if err != nil {
			return
		}
		if concerns(events[:n], filepath.Base(z.path)) {
			tell()
		}
	}
}

// concerns says whether one of the kernel's events is about that file, or
// whether some were lost (inotify(7)).
func concerns(events []byte, file string) bool {
	for len(events) >= unix.SizeofInotifyEvent {
		mask, length := binary.NativeEndian.Uint32(events[4:]), int(binary.NativeEndian.Uint32(events[12:]))
		end := min(unix.SizeofInotifyEvent+length, len(events))
		name, _, _ := bytes.Cut(events[unix.SizeofInotifyEvent:end], []byte{0})
		if string(name) == file || mask&unix.IN_Q_OVERFLOW != 0 {
			return true
		}
		events = events[end:]
	}
	return false
}
