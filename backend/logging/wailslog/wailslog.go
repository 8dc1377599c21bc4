// Package wailslog gives Wails our log. Wails writes whole calls of the page,
// arguments included, when one can't be parsed or panics; arguments hold what
// the user typed, so they are cut off here.
package wailslog

import (
	"context"
	"log/slog"
	"regexp"
	"strings"

	"github.com/wailsapp/wails/v2/pkg/logger"
)

// Logger implements Wails' logger.
type Logger struct{ log *slog.Logger }

var _ logger.Logger = Logger{}

// New returns a logger for options.App.
func New(log *slog.Logger) Logger { return Logger{log} }

func (l Logger) write(level slog.Level, message string) {
	l.log.Log(context.Background(), level, WithoutArguments(message), "from", "wails")
}

// failedCall is how Wails begins a message about a call of the page that
// failed, followed by all the page sent:
// https://github.com/wailsapp/wails/blob/v2.15.0/v2/internal/frontend/dispatcher/dispatcher.go.
const failedCall = "process message error: "

var methodName = regexp.MustCompile(`^[Cc]\{"name":"([A-Za-z0-9_./]+)"`)

// WithoutArguments cuts a message where what the page sent begins: nothing of
// it but a method's name is fit for a log.
func WithoutArguments(message string) string {
	const leftOut = "… (arguments left out)"
	if sent, failed := strings.CutPrefix(message, failedCall); failed {
		if name := methodName.FindStringSubmatch(sent); name != nil {
			return failedCall + name[1] + leftOut
		}
		return failedCall + leftOut
	}
	// Wails names its own parts in brackets at the beginning.
	start := 0
	if strings.HasPrefix(message, "[") {
		start = strings.IndexByte(message, ']') + 1
	}
	if i := strings.IndexAny(message[start:], "{["); i >= 0 {
		return message[:start+i] + leftOut
	}
	return message
}

// Print writes an information.
func (l Logger) Print(m string) { l.write(slog.LevelInfo, m) }

// Trace drops the message: at this level Wails writes results of calls.
func (l Logger) Trace(string) {}

// Debug drops the message: at this level Wails writes calls.
func (l Logger) Debug(string) {}

// Info writes an information.
func (l Logger) Info(m string) { l.write(slog.LevelInfo, m) }

// Warning writes a warning.
func (l Logger) Warning(m string) { l.write(slog.LevelWarn, m) }

// Error writes an error.
func (l Logger) Error(m string) { l.write(slog.LevelError, m) }

// Fatal writes an error; Wails ends the program after it.
func (l Logger) Fatal(m string) { l.write(slog.LevelError, m) }
