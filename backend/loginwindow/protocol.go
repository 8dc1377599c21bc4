package loginwindow

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// protocolVersion changes with any change of the messages; parent and helper
// are the same binary, so another version is an accident.
const protocolVersion = 1

// maxMessage bounds a message, in bytes.
const maxMessage = 16 << 10

// Job is the first message to the helper, on its stdin. Later ones are
// Commands; the end of stdin ends the helper.
type Job struct {
	Version   int    `json:"v"`
	Title     string `json:"title"` // window title without the host
	Account   string `json:"account"`
	ClientID  string `json:"client_id"`
	LoginURL  string `json:"login_url"`
	Policy    Policy `json:"policy"`
	FilterDir string `json:"filter_dir"` // where the content filter is compiled
}

// Command tells a running helper something.
type Command struct {
	Version int    `json:"v"`
	Do      string `json:"do"` // focus
}

// Report is what the helper says on its original stdout: Shown once the window
// is there, Blocked whenever another host was refused, and last one Report
// with an Outcome.
type Report struct {
	Version int      `json:"v"`
	Shown   bool     `json:"shown,omitempty"`
	Outcome Outcome  `json:"outcome,omitempty"`
	URL     string   `json:"url,omitempty"`  // of Landed: the whole redirect URL
	Host    string   `json:"host,omitempty"` // of LandedElsewhere and LoadFailed
	Blocked []string `json:"blocked,omitempty"`
}

var (
	errTooLong  = errors.New("message is longer than allowed")
	errProtocol = errors.New("message of another version")
)

// WriteMessage sends one message: its length in four bytes, then JSON.
func WriteMessage(w io.Writer, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	if len(text) > maxMessage {
		return fmt.Errorf("write message: %w", errTooLong)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)) //nolint:gosec // bounded above
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}

// ReadMessage receives one message; io.EOF if there is none.
func ReadMessage(r io.Reader, message interface{ version() int }) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxMessage {
		return fmt.Errorf("read message: %w", errTooLong)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	if err := json.Unmarshal(text, message); err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	if message.version() != protocolVersion {
		return fmt.Errorf("read message: %w", errProtocol)
	}
	return nil
}

func (j *Job) version() int     { return j.Version }
func (c *Command) version() int { return c.Version }
func (r *Report) version() int  { return r.Version }

// NewReport returns a report of the current version.
func NewReport() Report { return Report{Version: protocolVersion} }
