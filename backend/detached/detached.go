// Package detached starts processes that outlive this one: the agent, the
// window that the agent opens, the simulated Kite.
package detached

import (
	"fmt"
	"os/exec"
)

// Start runs a program with no input, no output and a session of its own.
func Start(program string, args ...string) error {
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // our own program, meant to stay
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", program, err)
	}
	go func() { _ = cmd.Wait() }() // it leaves no zombie while this process lives
	return nil
}
