package agent

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// protocol is the version of the messages. A window of another version than
// the agent's asks that one to stop and starts its own.
const protocol = 1

// Roles of who connects.
const (
	RoleWindow  = "window"
	RoleCommand = "command"
)

// Commands to the agent.
const (
	doHello   = "hello"   // first: who connects
	doEvent   = "event"   // something changed
	doRequest = "request" // open the window with that request
	doRelease = "release" // close the database: it is about to be renamed
	doReopen  = "reopen"  // open it again
	doStop    = "stop"
)

// Status is what the agent says of itself and its desktop.
type Status struct {
	PID           int     `json:"pid"`
	Version       string  `json:"version"`
	Protocol      int     `json:"protocol"`
	Desktop       string  `json:"desktop"`       // DesktopID of the agent
	Tray          bool    `json:"tray"`          // a tray shows our icon
	Notifications *Reason `json:"notifications"` // why notices can't be shown; null: they can
	Problem       *Reason `json:"problem"`       // why sessions can't be watched; null: they are
	// Untold are the titles of notices that couldn't be shown and still hold.
	Untold   []string `json:"untold"`
	LocalAPI LocalAPI `json:"localApi"`
	Ending   bool     `json:"ending"` // the user told it to end: don't start another
}

// LocalAPI is whether the agent serves programs. Without Address and Failure it
// is about to.
type LocalAPI struct {
	On      bool    `json:"on"`      // as the preferences say
	Address string  `json:"address"` // such as http://127.0.0.1:51731; empty while it isn't served
	Failure *Reason `json:"failure"` // why it isn't
}

// Reason is a sentence and what to do.
type Reason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// ReasonOf shapes an error, nil for none.
func ReasonOf(err error) *Reason {
	if err == nil {
		return nil
	}
	e := kite.AsError(err)
	return &Reason{e.Code, e.Message, e.Hint}
}

// message is one line of JSON in either direction.
type message struct {
	Do      string        `json:"do,omitempty"` // to the agent
	Role    string        `json:"role,omitempty"`
	Event   *kite.Event   `json:"event,omitempty"`
	Request *kite.Request `json:"request,omitempty"`
	Status  *Status       `json:"status,omitempty"` // from the agent
	Done    bool          `json:"done,omitempty"`   // from the agent: the command was carried out
}

// maxLine bounds a message; events are some hundred bytes.
const maxLine = 16 << 10

// writeTimeout bounds a write: whoever doesn't read is dropped.
const writeTimeout = 5 * time.Second

// pipe reads and writes messages on one connection.
type pipe struct {
	conn    net.Conn
	lines   *bufio.Reader
	writing sync.Mutex
}

func newPipe(conn net.Conn) *pipe {
	return &pipe{conn: conn, lines: bufio.NewReaderSize(conn, maxLine)}
}

var errTooLong = errors.New("message too long")

func (p *pipe) read() (message, error) {
	line, err := p.lines.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return message{}, errTooLong
	case err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)):
		return message{}, err
	}
	var m message
	if err := json.Unmarshal(line, &m); err != nil {
		return message{}, fmt.Errorf("read message: %w", err)
	}
	return m, nil
}

// readWithin is read with a deadline.
func (p *pipe) readWithin(limit time.Duration) (message, error) {
	if err := p.conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return message{}, err
	}
	m, err := p.read()
	return m, errors.Join(err, p.conn.SetReadDeadline(time.Time{}))
}

// readFirst is read; whoever connects has to say hello soon.
func (p *pipe) readFirst(first bool) (message, error) {
	if first {
		return p.readWithin(answerTimeout)
	}
	return p.read()
}

func (p *pipe) write(m message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	if err := p.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	_, err = p.conn.Write(append(line, '\n'))
	return err
}
