package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// journal is the file that brings orders back after a restart: a line for
// everything that was asked, which is cheaper than the whole state each time.
// It holds no secret.
type journal struct{ path string }

// journalPath is next to the state file.
func journalPath(statePath string) string {
	if statePath == "" {
		return ""
	}
	return strings.TrimSuffix(statePath, ".json") + "-orders.jsonl"
}

// openJournal tells every entry again. A last line that was cut off while it
// was written is dropped; its order was never confirmed.
func openJournal(path string, tell func(entry)) (*journal, error) {
	j := &journal{path}
	if path == "" {
		return j, nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // the data folder's own file
	if errors.Is(err, os.ErrNotExist) {
		return j, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read sandbox orders: %w", err)
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	for line := range bytes.Lines(text[:whole]) {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("read sandbox orders: %w", err)
		}
		if e.complete() {
			tell(e)
		}
	}
	if whole < len(text) {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return nil, fmt.Errorf("mend sandbox orders: %w", err)
		}
	}
	return j, nil
}

// complete says whether the entry has what its act needs.
func (e entry) complete() bool {
	switch e.Act {
	case "place":
		return e.Form != nil
	case "price":
		return e.Price != nil
	default:
		return true
	}
}

func (j *journal) write(e entry) error {
	if j.path == "" {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(j.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
