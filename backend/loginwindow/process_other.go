//go:build !linux && !windows

package loginwindow

import "os/exec"

// group is the helper alone.
type group struct{ cmd *exec.Cmd }

func prepare(*exec.Cmd) {}

func adopt(cmd *exec.Cmd) (*group, error) { return &group{cmd}, nil }

// kill ends the helper.
func (g *group) kill() { _ = g.cmd.Process.Kill() }

func (g *group) end() { g.kill() }

func hasDisplay() bool { return true }
