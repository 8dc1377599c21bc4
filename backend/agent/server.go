package agent

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Handler is what the agent does with what it is told. Its methods are called
// from several goroutines.
type Handler interface {
	Changed(e kite.Event) // another process changed something
	Asked(r kite.Request) // somebody wants the window opened
	Release()             // the database is closed when it returns
	Reopen()              // and may be opened again
	Stop()                // end soon
	Windows(n int)        // how many windows are connected now
}

// Server is the agent's side of the socket, or of the named pipe on Windows.
type Server struct {
	handler  Handler
	log      *slog.Logger
	listener net.Listener
	wg       sync.WaitGroup

	mu      sync.Mutex
	status  Status
	clients map[*pipe]string // role; empty before it has said hello
	closed  bool             // whoever comes now was taken too late
}

// mostClients bounds connections; a window and some commands are few.
const mostClients = 64

// acceptPause keeps a listener that can't take a connection just then, for want
// of handles or memory, from being asked without end.
const acceptPause = 100 * time.Millisecond

// Listen makes the socket. The caller holds the folder's agent lock.
func Listen(folder string, status Status, h Handler, log *slog.Logger) (*Server, error) {
	listener, err := listen(folder)
	if err != nil {
		return nil, fmt.Errorf("listen for the window: %w", err)
	}
	status.Protocol = protocol
	s := &Server{handler: h, log: log, listener: listener, status: status, clients: map[*pipe]string{}}
	s.wg.Go(s.accept)
	return s, nil
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			s.log.Warn("connection not taken", "error", err)
			time.Sleep(acceptPause)
			continue
		}
		s.mu.Lock()
		full := len(s.clients) >= mostClients
		s.mu.Unlock()
		if full || !sameUser(conn) {
			s.log.Warn("connection refused", "full", full)
			_ = conn.Close()
			continue
		}
		s.wg.Go(func() { s.serve(newPipe(conn)) })
	}
}

func (s *Server) serve(p *pipe) {
	defer s.leave(p)
	if !s.join(p, "") {
		return
	}
	released := false
	defer func() {
		if released { // it died before it gave the database back
			s.handler.Reopen()
		}
	}()
	for first := true; ; first = false {
		m, err := p.readFirst(first)
		if err != nil {
			return
		}
		switch m.Do {
		case doRelease:
			released = true
		case doReopen:
			released = false
		}
		if err := s.obey(p, m); err != nil {
			if !errors.Is(err, net.ErrClosed) {
				s.log.Info("connection dropped", "error", err)
			}
			return
		}
	}
}

func (s *Server) obey(p *pipe, m message) error {
	switch m.Do {
	case doHello:
		if !s.join(p, m.Role) {
			return net.ErrClosed
		}
		return p.write(message{Status: s.copyStatus()})
	case doEvent:
		if m.Event != nil {
			s.handler.Changed(*m.Event)
			s.tell(message{Event: m.Event}, p)
		}
		return nil
	case doRequest:
		if m.Request != nil {
			s.handler.Asked(*m.Request)
		}
	case doRelease:
		s.handler.Release()
	case doReopen:
		s.handler.Reopen()
	case doStop:
		s.handler.Stop()
	default:
		return fmt.Errorf("unknown command %.20q", m.Do)
	}
	return p.write(message{Done: true})
}

func (s *Server) copyStatus() *Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := s.status
	return &status
}

// join is false once the server has closed the connections that it had.
func (s *Server) join(p *pipe, role string) bool {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return false
	}
	s.clients[p] = role
	s.mu.Unlock()
	s.countWindows()
	return true
}

func (s *Server) leave(p *pipe) {
	s.mu.Lock()
	delete(s.clients, p)
	s.mu.Unlock()
	_ = p.conn.Close()
	s.countWindows()
}

func (s *Server) countWindows() {
	s.mu.Lock()
	n := 0
	for _, role := range s.clients {
		if role == RoleWindow {
			n++
		}
	}
	s.mu.Unlock()
	s.handler.Windows(n)
}

// Publish tells all windows that something changed.
func (s *Server) Publish(e kite.Event) { s.tell(message{Event: &e}, nil) }

// Ask hands a request to an open window; false if there is none.
func (s *Server) Ask(r kite.Request) bool { return s.tell(message{Request: &r}, nil) > 0 }

// SetStatus tells all windows what has changed about the agent.
func (s *Server) SetStatus(change func(*Status)) {
	s.mu.Lock()
	change(&s.status)
	s.mu.Unlock()
	s.tell(message{Status: s.copyStatus()}, nil)
}

// tell writes to all windows but one and returns how many took it.
func (s *Server) tell(m message, but *pipe) int {
	s.mu.Lock()
	var windows []*pipe
	for p, role := range s.clients {
		if role == RoleWindow && p != but {
			windows = append(windows, p)
		}
	}
	s.mu.Unlock()
	took := 0
	for _, p := range windows {
		if err := p.write(m); err != nil {
			_ = p.conn.Close()
			continue
		}
		took++
	}
	return took
}

// Close ends all connections and waits for them.
func (s *Server) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for p := range s.clients {
		_ = p.conn.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}
