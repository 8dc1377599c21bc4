// Package detached starts processes that outlive this one: the agent, the
// window that the agent opens, the simulated Kite.
package detached

import "fmt"

// Start runs a program with no input, no output and a session of its own. The
// program is an absolute path.
func Start(program string, args ...string) error {
	cmd, err := start(program, args)
	if err != nil {
		return fmt.Errorf("start %s: %w", program, err)
	}
	go func() { _ = cmd.Wait() }() // it leaves no zombie while this process lives
	return nil
}
