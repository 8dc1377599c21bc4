//go:build unix

package detached

import (
	"os/exec"
	"syscall"
)

// start gives the process a session of its own, so that a signal to this
// one's group doesn't reach it.
func start(program string, args []string) (*exec.Cmd, error) {
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // our own program, meant to stay
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd, cmd.Start()
}
