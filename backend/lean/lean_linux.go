package lean

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"
)

// GiveBack returns memory to the system: what the collector frees, and the
// pages of the program's own code, which come back from its file when they are
// needed. Starting up touches nearly all of them, and waiting nearly none.
// MADV_PAGEOUT loses nothing whatever a page holds, madvise(2); before Linux
// 5.4 it is refused.
func GiveBack() error {
	debug.FreeOSMemory()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return fmt.Errorf("look at own memory: %w", err)
	}
	defer maps.Close() //nolint:errcheck // only read
	var ranges [][2]uintptr
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		if from, to, own := codeOf(lines.Text(), program); own {
			ranges = append(ranges, [2]uintptr{from, to})
		}
	}
	for _, r := range ranges {
		if _, _, errno := unix.Syscall(unix.SYS_MADVISE, r[0], r[1]-r[0], unix.MADV_PAGEOUT); errno != 0 {
			err = errors.Join(err, fmt.Errorf("give back code: %w", errno))
		}
	}
	return err
}

// codeOf reads a line of /proc/self/maps; own says that it is a part of the
// program that nobody writes to.
func codeOf(line, program string) (from, to uintptr, own bool) {
	if !strings.HasSuffix(line, " "+program) {
		return 0, 0, false
	}
	var mode string
	n, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode)
	return from, to, err == nil && n == 3 && (mode == "r-xp" || mode == "r--p")
}
