package program

import (
	"context"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Notifier shows notices and knows whether it can.
type Notifier interface {
	kite.Notifier
	// Problem is why notices can't be shown now; nil if they can.
	Problem() *kite.Error
	// Run hears answers until ctx ends.
	Run(ctx context.Context)
	// Adopt tells of a notice that an earlier process showed.
	Adopt(h kite.NoticeHandle, open kite.Request)
}

// Watcher says who looks after sessions.
type Watcher string

// Who can watch.
const (
	WatcherAgent  Watcher = "agent"
	WatcherWindow Watcher = "window" // no agent can be had
	WatcherNone   Watcher = "none"   // nobody tells anything, for AgentFailure; without one, the agent is being started
)

// DesktopState is what works of the desktop around the window.
type DesktopState struct {
	Watcher       Watcher
	AgentFailure  *agent.Reason
	Tray          bool
	Notifications *agent.Reason
	Untold        []string // titles of notices that couldn't be shown
	LocalAPI      agent.LocalAPI
}

// Desktop is the window's side of the desktop: the agent with its tray and
// notices, or this process in its place.
type Desktop struct {
	Dir     datadir.Dir
	Log     *slog.Logger
	Program *Program
	Notices Notifier      // used while no agent can be had
	Answers *NoticeRouter // of Notices
	Link    *agent.Link
	Open    func(kite.Request) // what the desktop asks of the window

	mu    sync.Mutex
	state DesktopState
	stop  context.CancelFunc
	work  sync.WaitGroup
}

var _ agent.Follower = (*Desktop)(nil)

// Start links to the agent and passes on what changes here.
func (d *Desktop) Start(ctx context.Context) {
	ctx, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	d.state.Watcher = WatcherNone
	d.Link.Follower = d
	d.Link.Attached = func() { d.change(func(s *DesktopState) { s.Watcher, s.AgentFailure = WatcherAgent, nil }) }
	d.Link.Alone = func(reason error) { d.watchAlone(ctx, reason) }
	d.Program.Events.FollowOwn(d.passOn)
	d.work.Go(func() { d.Link.Run(ctx) })
}

// passOn tells the agent what changed in this process.
func (d *Desktop) passOn(e kite.Event) {
	switch e.Type {
	case kite.AccountChanged, kite.SessionChanged, kite.PreferencesChanged, kite.HistoryChanged, kite.ClientsChanged:
		d.Link.Publish(e)
	}
}

// Changed takes an event from the agent.
func (d *Desktop) Changed(e kite.Event) { d.Program.Events.Relay(e) }

// Asked takes what the desktop asks of the window.
func (d *Desktop) Asked(r kite.Request) { d.Open(r) }

// StatusChanged takes what the agent says of itself.
func (d *Desktop) StatusChanged(s agent.Status) {
	d.change(func(state *DesktopState) {
		state.Tray, state.Notifications, state.AgentFailure = s.Tray, s.Notifications, s.Problem
		state.Untold, state.LocalAPI = s.Untold, s.LocalAPI
	})
}

// State is what works now.
func (d *Desktop) State() DesktopState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state
}

func (d *Desktop) change(f func(*DesktopState)) {
	d.mu.Lock()
	before := d.state
	f(&d.state)
	changed := !reflect.DeepEqual(before, d.state) // reasons come anew each time they are told
	d.mu.Unlock()
	if changed {
		d.Program.Events.Publish(kite.Event{Type: kite.DesktopChanged})
	}
}

// lockPatience is how long an agent that ends may still hold its lock.
const lockPatience = 5 * time.Second

// watchAlone tells what an agent would, as long as the window is open.
func (d *Desktop) watchAlone(ctx context.Context, reason error) {
	if reason != nil {
		d.Log.Error("no agent", "error", reason)
	}
	release, err := awaitAgentLock(ctx, d.Dir, lockPatience)
	if err != nil {
		d.Log.Error("nobody tells of sessions: another process has the agent's lock and doesn't answer", "error", err)
		d.change(func(s *DesktopState) {
			*s = DesktopState{Watcher: WatcherNone, AgentFailure: agent.ReasonOf(
				kite.Errorf(kite.EINTERNAL, "The part that watches sessions doesn't answer, so no reminder comes.").
					WithHint("End it with kitectl agent --stop, or log out of the desktop and in again."))}
		})
		return
	}
	defer release()
	d.change(func(s *DesktopState) {
		*s = DesktopState{Watcher: WatcherWindow, Notifications: agent.ReasonOf(problemOf(d.Notices))}
		if reason != nil {
			s.AgentFailure = agent.ReasonOf(kite.Errorf(kite.EINTERNAL, "The part that stays in the tray couldn't be started.").
				WithHint("Install Kite Accounts again if kitectl is missing beside it."))
		}
	})
	d.work.Go(func() { d.Notices.Run(ctx) })
	d.Program.Tell(Teller{Notices: d.Notices, Answers: d.Answers, Asked: d.Open, OnUntold: d.setUntold})
	<-ctx.Done()
}

func (d *Desktop) setUntold(titles []string) {
	d.change(func(s *DesktopState) {
		s.Untold, s.Notifications = titles, agent.ReasonOf(problemOf(d.Notices))
	})
}

// adopt takes over the notices that an earlier process showed.
func adopt(ctx context.Context, watch *expiry.Watch, notices Notifier) {
	shown, err := watch.Notices.Shown(ctx)
	if err != nil {
		watch.Log.Warn("notices of the process before not taken over", "error", err)
	}
	for _, n := range shown {
		notices.Adopt(n.Handle, expiry.OpenOf(n.Accounts))
	}
}

// problemOf keeps a nil *kite.Error from becoming an error that isn't nil.
func problemOf(n Notifier) error {
	if e := n.Problem(); e != nil {
		return e
	}
	return nil
}

// StopAgent ends the agent: the user doesn't want anything to stay.
func (d *Desktop) StopAgent(ctx context.Context) error {
	d.Close()
	return agent.StopRunning(ctx, d.Dir.Path())
}

// Close ends the link; the agent goes on.
func (d *Desktop) Close() {
	if d.stop != nil {
		d.stop()
		d.work.Wait()
	}
}
