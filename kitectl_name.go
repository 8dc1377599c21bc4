package main

import (
	"path/filepath"
	"runtime"
)

// kitectlName is the other program's file name, beside this one.
var kitectlName = map[bool]string{true: "kitectl.exe", false: "kitectl"}[runtime.GOOS == "windows"]

// kitectlBeside is the other program's path.
func kitectlBeside(self string) string { return filepath.Join(filepath.Dir(self), kitectlName) }

// agentProgram is what runs the agent: kitectl, which links no toolkit. On
// Windows that has a console, which would flash up. On macOS the agent is what
// the application's icon finds running, so it is the application.
func agentProgram(self string) string {
	if runtime.GOOS == "linux" {
		return kitectlBeside(self)
	}
	return self
}
