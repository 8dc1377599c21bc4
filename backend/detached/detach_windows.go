package detached

import (
	"os/exec"
	"syscall"
)

// createNoWindow keeps a console from flashing up.
const createNoWindow = 0x08000000

func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: createNoWindow, HideWindow: true}
}
