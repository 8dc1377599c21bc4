package cli

import (
	"context"
	"log/slog"

	"github.com/kiteaccounts/kite-accounts/backend/logging"
)

// warnings is the log of a command that runs many times a day: it opens the
// file, whose path it is, once there is something wrong to write.
type warnings struct{ path string }

var _ slog.Handler = warnings{}

// Enabled says that only warnings and errors are written.
func (warnings) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle writes one record.
func (w warnings) Handle(ctx context.Context, record slog.Record) error {
	log, closeLog, err := logging.Open(w.path)
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	return log.Handler().Handle(ctx, record)
}

// WithAttrs isn't used by those that log here.
func (w warnings) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup isn't used by those that log here.
func (w warnings) WithGroup(string) slog.Handler { return w }
