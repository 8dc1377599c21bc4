//go:build !linux

package loginwindow

import "os/exec"

func prepare(*exec.Cmd) {}

func kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func hasDisplay() bool { return true }
