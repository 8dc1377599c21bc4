package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ErrNone says that no agent runs for the data folder.
var ErrNone = errors.New("no agent runs")

// answerTimeout bounds waiting for an answer to a command; stopTimeout for the
// agent's end, which finishes what it is doing.
const (
	answerTimeout = 5 * time.Second
	stopTimeout   = 10 * time.Second
)

// Client is a connection to a running agent.
type Client struct {
	pipe   *pipe
	status Status
}

// Dial connects in a role; ErrNone if no agent runs.
func Dial(ctx context.Context, folder, role string) (*Client, error) {
	conn, err := dial(ctx, folder)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	c := &Client{pipe: newPipe(conn)}
	if err := c.hello(role); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("greet agent: %w", err)
	}
	return c, nil
}

func (c *Client) hello(role string) error {
	if err := c.pipe.write(message{Do: doHello, Role: role}); err != nil {
		return err
	}
	m, err := c.pipe.readWithin(answerTimeout)
	if err != nil {
		return err
	}
	if m.Status == nil {
		return errors.New("no status in the answer")
	}
	c.status = *m.Status
	return nil
}

// Status is what the agent said at the beginning.
func (c *Client) Status() Status { return c.status }

// Compatible says whether the agent speaks as this program does.
func (c *Client) Compatible() bool { return c.status.Protocol == protocol }

// command sends a command and waits until it is carried out. Only for
// connections that don't follow.
func (c *Client) command(m message) error {
	if err := c.pipe.write(m); err != nil {
		return fmt.Errorf("tell agent: %w", err)
	}
	deadline := time.Now().Add(answerTimeout)
	for {
		answer, err := c.pipe.readWithin(time.Until(deadline))
		if err != nil {
			return fmt.Errorf("wait for agent: %w", err)
		}
		if answer.Done {
			return nil
		}
	}
}

// Stop asks the agent to end and waits until it has closed the connection,
// which is the last thing it does.
func (c *Client) Stop() error {
	if err := c.pipe.write(message{Do: doStop}); err != nil {
		return fmt.Errorf("tell agent: %w", err)
	}
	for deadline := time.Now().Add(stopTimeout); ; {
		_, err := c.pipe.readWithin(time.Until(deadline))
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return errors.New("the agent takes long to end")
		case err != nil:
			return nil //nolint:nilerr // however the connection ends, the agent has
		}
	}
}

// Ask lets the agent open the window with a request.
func (c *Client) Ask(r kite.Request) error { return c.command(message{Do: doRequest, Request: &r}) }

// Release lets the agent close the database; Reopen lets it open it again.
func (c *Client) Release() error { return c.command(message{Do: doRelease}) }

// Reopen see Release.
func (c *Client) Reopen() error { return c.command(message{Do: doReopen}) }

// Publish tells the agent, and through it other windows, that something
// changed. It doesn't wait.
func (c *Client) Publish(e kite.Event) error {
	return c.pipe.write(message{Do: doEvent, Event: &e})
}

// Follower hears what the agent says.
type Follower interface {
	Changed(e kite.Event)
	Asked(r kite.Request)
	StatusChanged(s Status)
}

// Follow hands everything to f until the connection ends or ctx does.
func (c *Client) Follow(ctx context.Context, f Follower) error {
	stop := context.AfterFunc(ctx, func() { _ = c.pipe.conn.Close() })
	defer stop()
	f.StatusChanged(c.status)
	for {
		m, err := c.pipe.read()
		if err != nil {
			return err
		}
		switch {
		case m.Event != nil:
			f.Changed(*m.Event)
		case m.Request != nil:
			f.Asked(*m.Request)
		case m.Status != nil:
			f.StatusChanged(*m.Status)
		}
	}
}

// Close ends the connection.
func (c *Client) Close() { _ = c.pipe.conn.Close() }
