//go:build unix

package sandboxhost

import (
	"os/exec"
	"syscall"
)

// detach gives the process a session of its own, so that a signal to the
// window's group doesn't reach it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
