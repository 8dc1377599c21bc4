//go:build !windows

package cli

// terminalName is the terminal that a process belongs to.
const terminalName = "/dev/tty"
