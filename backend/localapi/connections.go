package localapi

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
)

// connections bounds how many there are. Whoever opens many and sends nothing,
// or slowly, must not keep others out: beyond the bound the oldest connection
// without a request of a known client under way is closed.
type connections struct {
	bound int
	mu    sync.Mutex
	open  map[net.Conn]*connection
	idle  *list.List // of *connection without such a request, oldest first
}

type connection struct {
	conn  net.Conn
	place *list.Element // in idle; nil while a known client's request is under way
	busy  int
}

func newConnections(bound int) *connections {
	return &connections{bound: bound, open: map[net.Conn]*connection{}, idle: list.New()}
}

type connectionKey struct{}

// context is http.Server's ConnContext.
func (c *connections) context(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, conn)
}

// changed is http.Server's ConnState.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.add(conn)
	case http.StateClosed, http.StateHijacked:
		c.remove(conn)
	}
}

func (c *connections) add(conn net.Conn) {
	c.mu.Lock()
	entry := &connection{conn: conn}
	entry.place = c.idle.PushBack(entry)
	c.open[conn] = entry
	var oldest net.Conn
	if len(c.open) > c.bound {
		oldest = c.idle.Front().Value.(*connection).conn //nolint:errcheck // entry is in it
		c.drop(oldest)
	}
	c.mu.Unlock()
	if oldest != nil {
		_ = oldest.Close()
	}
}

func (c *connections) remove(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(conn)
}

func (c *connections) drop(conn net.Conn) {
	if entry := c.open[conn]; entry != nil {
		delete(c.open, conn)
		if entry.place != nil {
			c.idle.Remove(entry.place)
		}
	}
}

// hold keeps the request's connection open until the returned function is
// called.
func (c *connections) hold(ctx context.Context) (release func()) {
	conn, _ := ctx.Value(connectionKey{}).(net.Conn)
	c.mu.Lock()
	defer c.mu.Unlock()
	entry := c.open[conn]
	if entry == nil {
		return func() {} // closed meanwhile
	}
	if entry.busy++; entry.place != nil {
		c.idle.Remove(entry.place)
		entry.place = nil
	}
	return func() { c.release(entry) }
}

func (c *connections) release(entry *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entry.busy--; entry.busy == 0 && c.open[entry.conn] == entry {
		entry.place = c.idle.PushBack(entry)
	}
}
