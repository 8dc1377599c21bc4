// Package wailslog gives Wails our log. Wails writes whole calls of the page,
// arguments included, when one can't be parsed or panics; arguments hold what
// the user typed, so they are cut off here.
package wailslog

import (
	"context"
	"log/slog"
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

// WithoutArguments cuts a message where a call's JSON begins: nothing behind
// it is fit for a log.
func WithoutArguments(message string) string {
	if i := strings.IndexAny(message, "{["); i >= 0 {
		return message[:i] + "… (arguments left out)"
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
