package clock

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// newAlarm is a file that becomes readable when the wall clock reaches t,
// whatever the computer or its clock did meanwhile. Go's runtime waits for it
// together with everything else, so that it costs no thread and no wake-up.
func newAlarm(t time.Time, flags int) (*os.File, error) {
	at, err := unix.TimeToTimespec(t)
	if err != nil {
		return nil, fmt.Errorf("set alarm: %w", err)
	}
	fd, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("set alarm: %w", err)
	}
	if err := unix.TimerfdSettime(fd, unix.TFD_TIMER_ABSTIME|flags, &unix.ItimerSpec{Value: at}, nil); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("set alarm: %w", err)
	}
	return os.NewFile(uintptr(fd), "alarm"), nil
}

// ring waits until the alarm rings; os.ErrDeadlineExceeded after wake, ECANCELED
// if the clock was set and the alarm was made to tell it.
func ring(alarm io.Reader) error {
	var times [8]byte
	_, err := alarm.Read(times[:])
	return err
}

// wake ends a ring.
func wake(alarm *os.File) { _ = alarm.SetReadDeadline(time.Unix(1, 0)) }
