package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Link is the window's side: it starts an agent where none runs, connects, and
// starts another if that one dies.
type Link struct {
	Folder  string
	Version string
	Desktop string       // DesktopID
	Start   func() error // starts an agent, which ends by itself where one runs already
	// Follower hears what the agent says.
	Follower Follower
	// Attached is called once connected, and Alone when no agent can be had:
	// then the window has to watch by itself. A nil reason means that the user
	// ended the agent.
	Attached func()
	Alone    func(reason error)
	Log      *slog.Logger

	Patience time.Duration // how long a started agent may take to answer
	Retries  int           // agents in a row that may not answer or die at once

	QuickDeath time.Duration // a connection that lived longer wasn't at once

	mu     sync.Mutex
	client *Client
	ending bool
}

// pollStart is how often it is looked whether a started agent answers.
const pollStart = 30 * time.Millisecond

// Run links until ctx ends, or until it has called Alone.
func (l *Link) Run(ctx context.Context) {
	for deaths := 0; ; {
		lived, reason := l.once(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case l.isEnding():
			l.Alone(nil)
			return
		case lived > l.QuickDeath:
			deaths = 0
		}
		if deaths++; deaths > l.Retries {
			l.Alone(reason)
			return
		}
		l.Log.Warn("agent gone, starting another", "reason", reason)
	}
}

// once connects and follows until the connection ends; it tells how long that
// was.
func (l *Link) once(ctx context.Context) (lived time.Duration, reason error) {
	client, err := l.connect(ctx)
	if err != nil {
		return 0, err
	}
	l.set(client)
	defer l.set(nil)
	defer client.Close()
	attached := time.Now()
	l.Attached()
	err = client.Follow(ctx, l)
	return time.Since(attached), err
}

// connect finds a running agent of this version and desktop or starts one.
func (l *Link) connect(ctx context.Context) (*Client, error) {
	client, err := Dial(ctx, l.Folder, RoleWindow)
	if err == nil && l.fits(client) {
		return client, nil
	}
	if err == nil {
		l.Log.Info("agent of another version or desktop replaced", "version", client.Status().Version)
		client.Close()
		if err := StopRunning(ctx, l.Folder); err != nil && !errors.Is(err, ErrNone) {
			return nil, err
		}
	}
	if err := l.Start(); err != nil {
		return nil, fmt.Errorf("start agent: %w", err)
	}
	return l.await(ctx)
}

func (l *Link) fits(c *Client) bool {
	s := c.Status()
	return c.Compatible() && s.Version == l.Version && !s.ElsewhereThan(l.Desktop)
}

func (l *Link) await(ctx context.Context) (*Client, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	for {
		client, err := Dial(ctx, l.Folder, RoleWindow)
		if err == nil {
			return client, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for agent: %w", err)
		case <-time.After(pollStart):
		}
	}
}

// StopRunning ends the agent of a data folder; ErrNone if none runs.
func StopRunning(ctx context.Context, folder string) error {
	client, err := Dial(ctx, folder, RoleCommand)
	for end := time.Now().Add(stopTimeout); isHangUp(err) && ctx.Err() == nil && time.Now().Before(end); {
		time.Sleep(pollStart) // it is about to end by itself: until it has
		client, err = Dial(ctx, folder, RoleCommand)
	}
	if err != nil {
		return err
	}
	defer client.Close()
	return client.Stop()
}

// isHangUp says that something took the connection and closed it without a
// greeting.
func isHangUp(err error) bool {
	return err != nil && !errors.Is(err, ErrNone) && !errors.Is(err, os.ErrDeadlineExceeded)
}

func (l *Link) set(c *Client) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.client = c
}

func (l *Link) isEnding() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ending
}

// Changed passes an event on.
func (l *Link) Changed(e kite.Event) { l.Follower.Changed(e) }

// Asked passes a request on.
func (l *Link) Asked(r kite.Request) { l.Follower.Asked(r) }

// StatusChanged passes the status on and notes that the agent is to end.
func (l *Link) StatusChanged(s Status) {
	l.mu.Lock()
	l.ending = s.Ending
	l.mu.Unlock()
	l.Follower.StatusChanged(s)
}

// Publish tells the agent that this process changed something. Without an
// agent there is nobody to tell.
func (l *Link) Publish(e kite.Event) {
	l.mu.Lock()
	client := l.client
	l.mu.Unlock()
	if client == nil {
		return
	}
	if err := client.Publish(e); err != nil {
		l.Log.Info("agent not told", "event", string(e.Type), "error", err)
	}
}

// WithDatabaseReleased runs f while the agent, if one runs, has the database
// closed.
func (l *Link) WithDatabaseReleased(ctx context.Context, f func() error) error {
	client, err := Dial(ctx, l.Folder, RoleCommand)
	if errors.Is(err, ErrNone) {
		return f()
	}
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Release(); err != nil {
		return err
	}
	err = f()
	if again := client.Reopen(); again != nil {
		l.Log.Warn("agent not told to open the database again", "error", again) // it does once the connection ends
	}
	return err
}
