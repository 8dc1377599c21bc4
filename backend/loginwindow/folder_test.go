package loginwindow

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// held is a folder that can't be removed for a number of tries.
func held(t *testing.T, tries int) (folder, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, "lockfile"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := folder{path: path, log: slog.New(slog.NewTextHandler(log, nil)), sleep: func(time.Duration) {}, release: func() {}}
	f.remove = func(path string) error {
		if tries--; tries >= 0 {
			return errors.New("used by another process")
		}
		return os.RemoveAll(path)
	}
	return f, log
}

func TestFolder_is_removed_however_long_it_is_held(t *testing.T) {
	for name, tries := range map[string]int{"at once": 0, "soon": removeSoon - 1, "later": removeSoon + removeLater - 1} {
		t.Run(name, func(t *testing.T) {
			f, log := held(t, tries)
			<-f.clean()
			if _, err := os.Stat(f.path); !errors.Is(err, os.ErrNotExist) || log.Len() != 0 {
				t.Errorf("left: %v, log %q", err, log)
			}
		})
	}
}

func TestFolder_that_stays_is_told_of(t *testing.T) {
	f, log := held(t, 1<<20)
	<-f.clean()
	if !strings.Contains(log.String(), "used by another process") {
		t.Errorf("log = %q", log)
	}
}
