package agent_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// desk is a link with agents that live in the test.
type desk struct {
	*agent.Link
	*diary
	t      *testing.T
	mu     sync.Mutex
	server *agent.Server
	heard  *diary
}

// startDesk runs a link until the test ends; start is called for each agent
// that is wanted.
func startDesk(t *testing.T, start func(*desk) error) *desk {
	t.Helper()
	d := &desk{t: t, diary: &diary{}}
	d.Link = &agent.Link{
		Folder: t.TempDir(), Version: "v2", Follower: follower{d.diary}, Log: quiet, Patience: patience, Retries: 2,
		Attached: func() { d.write("attached"); d.write("attached, %d", d.count("attached")) },
		Alone:    func(reason error) { d.write("alone, with a reason: %t", reason != nil) },
		Start: func() error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.write("start")
			return start(d)
		},
	}
	return d
}

func (d *desk) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { d.Run(ctx); close(done) }()
	d.t.Cleanup(func() { cancel(); <-done })
}

// anAgent is one that works.
func anAgent(d *desk) (err error) {
	d.heard = &diary{}
	d.server, err = agent.Listen(d.Folder, agent.Status{Version: "v2"}, d.heard, quiet)
	server := d.server
	d.t.Cleanup(func() { server.Close() })
	return err
}

func (d *desk) agent() (*agent.Server, *diary) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.server, d.heard
}

func TestLink_starts_an_agent_and_another_when_that_dies(t *testing.T) {
	d := startDesk(t, anAgent)
	d.run()
	d.waitFor(t, "status tray=false ending=false")
	first, _ := d.agent()
	first.SetStatus(func(s *agent.Status) { s.Tray = true })
	d.waitFor(t, "status tray=true ending=false")
	first.Close()
	d.waitFor(t, "attached, 2")
	d.Publish(kite.Event{Type: kite.AccountChanged, AccountID: "a1"})
	_, heard := d.agent()
	heard.waitFor(t, "changed account:changed a1")
}

func TestLink_uses_the_agent_that_runs(t *testing.T) {
	d := startDesk(t, func(*desk) error { return errors.New("not needed") })
	listen(t, d.Folder, "v2")
	d.run()
	d.waitFor(t, "attached")
	if d.count("start") != 0 {
		t.Errorf("%d started", d.count("start"))
	}
}

func TestLink_replaces_an_agent_of_another_version(t *testing.T) {
	d := startDesk(t, anAgent)
	old, heard := listen(t, d.Folder, "v1")
	go func() { heard.waitFor(t, "stop"); old.Close() }()
	d.run()
	d.waitFor(t, "attached")
	if d.count("start") != 1 {
		t.Errorf("%d started", d.count("start"))
	}
}

func TestLink_leaves_the_window_alone_where_no_agent_can_be_had(t *testing.T) {
	d := startDesk(t, func(*desk) error { return errors.New("no such program") })
	d.run()
	d.waitFor(t, "alone, with a reason: true")
	if d.count("start") != d.Retries+1 {
		t.Errorf("%d tries", d.count("start"))
	}
}

func TestLink_gives_up_on_agents_that_never_answer(t *testing.T) {
	d := startDesk(t, func(*desk) error { return nil }) // it starts, and that's all
	d.Patience = 20 * time.Millisecond
	d.run()
	d.waitFor(t, "alone, with a reason: true")
}

func TestLink_gives_up_on_agents_that_die_at_once(t *testing.T) {
	d := startDesk(t, func(d *desk) error {
		err := anAgent(d)
		server, attached := d.server, fmt.Sprintf("attached, %d", d.count("start"))
		go func() { d.waitFor(t, attached); server.Close() }() // not while it greets
		return err
	})
	d.QuickDeath = time.Hour
	d.run()
	d.waitFor(t, "alone, with a reason: true")
	if n := d.count("start"); n != d.Retries+1 {
		t.Errorf("%d tries", n)
	}
}

func TestServer_opens_the_database_again_for_a_window_that_died(t *testing.T) {
	folder := t.TempDir()
	_, heard := listen(t, folder, "v1")
	c := dial(t, folder, agent.RoleCommand)
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	c.Close()
	heard.waitFor(t, "reopen")
}

func TestLink_starts_no_other_agent_than_the_one_the_user_ended(t *testing.T) {
	d := startDesk(t, anAgent)
	d.run()
	d.waitFor(t, "attached")
	server, _ := d.agent()
	server.SetStatus(func(s *agent.Status) { s.Ending = true })
	d.waitFor(t, "status tray=false ending=true")
	server.Close()
	d.waitFor(t, "alone, with a reason: false")
	if d.count("start") != 1 {
		t.Errorf("%d started", d.count("start"))
	}
}

func TestWithDatabaseReleased_runs_between_release_and_reopen(t *testing.T) {
	d := startDesk(t, anAgent)
	ran := false
	if err := d.WithDatabaseReleased(t.Context(), func() error { ran = true; return nil }); err != nil || !ran {
		t.Fatalf("without an agent: %v, ran %t", err, ran)
	}
	_, heard := listen(t, d.Folder, "v2")
	broken := errors.New("renaming failed")
	err := d.WithDatabaseReleased(t.Context(), func() error {
		if heard.count("release") != 1 || heard.count("reopen") != 0 {
			t.Error("it runs while the database is open")
		}
		return broken
	})
	if !errors.Is(err, broken) || heard.count("reopen") != 1 {
		t.Errorf("%v; reopened %d times", err, heard.count("reopen"))
	}
}
