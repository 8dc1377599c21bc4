//go:build unix

package detached

import (
	"os/exec"
	"syscall"
)

// detach gives the process a session of its own, so that a signal to this
// one's group doesn't reach it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
