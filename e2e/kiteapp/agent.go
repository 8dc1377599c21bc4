package kiteapp

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// StartAgent starts the agent as the computer does after a login, and waits
// until it listens.
func (a *App) StartAgent(env ...string) (*desktop.Process, error) {
	a.starts++
	p, err := a.Run(fmt.Sprintf("agent-%d", a.starts), env, filepath.Join(a.Programs, lightProgram), append([]string{"agent"}, a.dataDir()...)...)
	if err != nil {
		return nil, err
	}
	err = desktop.Await("the agent", startDeadline, func() bool {
		select {
		case <-p.Done():
			return true
		default:
			return a.AgentAnswers()
		}
	})
	if err == nil && !a.AgentAnswers() {
		err = errors.New("the agent has ended")
	}
	if err != nil {
		return p, fmt.Errorf("%w: %s", err, p.Text())
	}
	return p, nil
}

// AgentAnswers says whether an agent runs that kitectl can talk to.
func (a *App) AgentAnswers() bool {
	status, err := a.AgentStatus()
	return err == nil && strings.Contains(status, "An agent runs")
}

// AgentStatus is what kitectl tells of the agent.
func (a *App) AgentStatus() (string, error) { return a.Control("agent", "--status") }

// AgentPID is the process of the agent, whoever started it, 0 if none runs.
func (a *App) AgentPID() int {
	for _, p := range a.Processes() {
		program, arguments, _ := strings.Cut(p.Command, " ")
		if filepath.Base(program) == lightProgram && strings.HasPrefix(arguments, "agent") &&
			!strings.Contains(arguments, "--stop") && !strings.Contains(arguments, "--status") {
			return p.PID
		}
	}
	return 0
}

// AwaitAgent waits for an agent other than that of the process, whoever
// starts it; 0 waits for any.
func (a *App) AwaitAgent(other int) (int, error) {
	pid := 0
	err := desktop.Await("an agent", startDeadline, func() bool {
		pid = a.AgentPID()
		return pid != 0 && pid != other && a.AgentAnswers()
	})
	return pid, err
}

// NoAgent waits until no agent runs.
func (a *App) NoAgent() error {
	return desktop.Await("the end of the agent", endDeadline, func() bool { return a.AgentPID() == 0 })
}

// SignalAgent sends the agent a signal, whoever started it.
func (a *App) SignalAgent(s desktop.Signal) error {
	pid := a.AgentPID()
	if pid == 0 {
		return errors.New("signal agent: none runs")
	}
	if err := desktop.SendSignal(pid, s); err != nil {
		return fmt.Errorf("signal agent: %w", err)
	}
	return nil
}

// KillAgent ends the agent as a crash would, and waits until it has gone.
func (a *App) KillAgent() error {
	pid := a.AgentPID()
	if err := a.SignalAgent(desktop.Kill); err != nil {
		return err
	}
	// With it go its locks, which another agent needs.
	_, err := a.Adopt("the killed agent", pid).Wait(endDeadline)
	return err
}

// StopAgent ends the agent as its user does from the command line.
func (a *App) StopAgent() error {
	if out, err := a.Control("agent", "--stop"); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return a.NoAgent()
}
