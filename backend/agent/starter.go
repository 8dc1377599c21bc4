package agent

import "github.com/kiteaccounts/kite-accounts/backend/detached"

// Starter starts an agent that outlives this process.
type Starter struct {
	Program string // kitectl
	DataDir string
	Custom  bool // the user named the folder
}

// Args are the agent's arguments.
func (s Starter) Args() []string {
	if s.Custom {
		return []string{"agent", "--data-dir", s.DataDir}
	}
	return []string{"agent"}
}

// Start starts one; where one runs already it ends by itself.
func (s Starter) Start() error {
	return detached.Start(s.Program, append(s.Args(), "--quiet")...)
}
