package loginwindow

import (
	"os"
	"os/exec"
	"syscall"
)

// group is the helper with what it started, as a group of processes.
type group struct{ pid int }

// prepare puts the helper into a group of its own and lets it die with us.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func adopt(cmd *exec.Cmd) (*group, error) { return &group{cmd.Process.Pid}, nil }

// kill ends the helper with what it started.
func (g *group) kill() { _ = syscall.Kill(-g.pid, syscall.SIGKILL) }

// end ends what is left: a page's process that hangs doesn't see that its
// window is gone.
func (g *group) end() { g.kill() }

func hasDisplay() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }
