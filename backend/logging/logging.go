// Package logging writes the log file: one line of JSON per record, 0600, with
// whatever looks like a secret masked. kite.Secret masks itself; the redaction
// here is the net below it, for texts that come from elsewhere.
package logging

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// maxSize is where a log file is set aside; one older one is kept.
const maxSize = 5 << 20

// Open returns a logger that appends to the file at path, and what closes it.
func Open(path string) (*slog.Logger, func() error, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, fmt.Errorf("create log folder: %w", err)
	}
	f := &file{path: path}
	if err := f.open(); err != nil {
		return nil, nil, err
	}
	return New(f), f.Close, nil
}

// New returns a logger that writes redacted JSON lines to w.
func New(w io.Writer) *slog.Logger {
	return slog.New(redactor{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})})
}

// file rotates itself.
type file struct {
	mu   sync.Mutex
	path string
	f    *os.File
	size int64
}

func (l *file) open() error {
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	if err := f.Chmod(0o600); err != nil {
		return fmt.Errorf("protect log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Write appends one record.
func (l *file) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size+int64(len(p)) > maxSize {
		if err := l.rotate(); err != nil {
			return 0, err
		}
	}
	n, err := l.f.Write(p)
	l.size += int64(n)
	return n, err
}

func (l *file) rotate() error {
	if err := l.f.Close(); err != nil {
		return fmt.Errorf("rotate log: %w", err)
	}
	renamed := os.Rename(l.path, l.path+".1")
	if err := l.open(); err != nil {
		return err
	}
	if renamed != nil {
		// Better a long log than none.
		_, _ = fmt.Fprintf(l.f, "{\"level\":\"WARN\",\"msg\":\"log not set aside\",\"error\":%q}\n", renamed)
		l.size = 0
	}
	return nil
}

// Close closes the file.
func (l *file) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.Close()
}
