package detached

import (
	"errors"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// Without a console none flashes up, and neither Ctrl-C at this one's console
// nor its end reaches the process:
// https://learn.microsoft.com/en-us/windows/win32/procthread/process-creation-flags.
const ownSession = windows.DETACHED_PROCESS | windows.CREATE_NEW_PROCESS_GROUP

// start also takes the process out of the job of this one, such as that of an
// IDE's terminal, which ends all of its processes with it. A job may forbid that.
func start(program string, args []string) (*exec.Cmd, error) {
	cmd, err := startWith(ownSession|windows.CREATE_BREAKAWAY_FROM_JOB, program, args)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return startWith(ownSession, program, args)
	}
	return cmd, err
}

func startWith(flags uint32, program string, args []string) (*exec.Cmd, error) {
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // our own program, meant to stay
	// Windows removes no folder that is some process's current one.
	cmd.Dir = filepath.VolumeName(program) + `\`
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: flags}
	return cmd, cmd.Start()
}
