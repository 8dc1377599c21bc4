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

	mu     sync.Mutex
	tried  bool
	client *agent.Client
}

func (t *teller) tell(e kite.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.tried {
		t.tried = true
		client, err := agent.Dial(context.Background(), t.folder, agent.RoleCommand)
		if err != nil {
			t.log.Debug("no agent to tell", "error", err)
			return
		}
		t.client = client
	}
	if t.client == nil {
		return
	}
	if err := t.client.Publish(e); err != nil {
		t.log.Info("agent not told", "event", string(e.Type), "error", err)
	}
}

func (t *teller) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.client != nil {
		t.client.Close()
	}
}
