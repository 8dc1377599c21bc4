package cli

import (
	"context"
	"log/slog"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// teller passes on to the agent, and through it to windows, what a command
// changed. Where no agent runs there is nobody to tell.
type teller struct {
	folder string
	log    *slog.Logger

	once   sync.Once
	client *agent.Client
}

// ahead greets the agent while the command does other things, for one that is
// about to tell something.
func (t *teller) ahead() { go t.greet() }

func (t *teller) greet() {
	t.once.Do(func() {
		client, err := agent.Dial(context.Background(), t.folder, agent.RoleCommand)
		if err != nil {
			t.log.Debug("no agent to tell", "error", err)
			return
		}
		t.client = client
	})
}

func (t *teller) tell(e kite.Event) {
	if t.greet(); t.client == nil {
		return
	}
	if err := t.client.Publish(e); err != nil {
		t.log.Info("agent not told", "event", string(e.Type), "error", err)
	}
}

func (t *teller) close() {
	t.once.Do(func() {})
	if t.client != nil {
		t.client.Close()
	}
}
