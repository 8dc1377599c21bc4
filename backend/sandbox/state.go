package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// state is what survives a restart: no secret, only hashes of tokens.
type state struct {
	Consents []string      `json:"consents"` // API key + " " + user ID
	Tokens   []accessToken `json:"tokens"`
}

// accessToken is a token that was issued and not ended.
type accessToken struct {
	Hash   string    `json:"sha256"`
	APIKey string    `json:"api_key"`
	UserID string    `json:"user_id"`
	Issued time.Time `json:"issued"`
}

func readState(path string) (state, error) {
	var st state
	if path == "" {
		return st, nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // the data folder's own file
	if errors.Is(err, os.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return st, fmt.Errorf("read sandbox state: %w", err)
	}
	if err := json.Unmarshal(text, &st); err != nil {
		return state{}, fmt.Errorf("read sandbox state: %w", err)
	}
	return st, nil
}

// save writes the state; the caller holds the lock.
func (s *Server) save() {
	if s.StatePath == "" {
		return
	}
	if err := writeFile(s.StatePath, s.state); err != nil {
		s.log.Error("sandbox state not saved", "error", err)
	}
}

// writeFile replaces a JSON file in one step, 0600.
func writeFile(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

func (s *Server) forgetTokens(which func(accessToken) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Tokens = slices.DeleteFunc(s.state.Tokens, which)
	s.save()
}
