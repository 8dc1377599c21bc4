package kiteapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// SandboxURL is where the simulated Kite of the data folder answers, or the one
// that was started last by itself.
func (a *App) SandboxURL() (string, error) {
	if a.otherSandbox != "" {
		return a.otherSandbox, nil
	}
	text, err := os.ReadFile(filepath.Join(a.DataDir, "sandbox", "address.json"))
	if err != nil {
		return "", fmt.Errorf("find sandbox: %w", err)
	}
	var address struct{ URL string }
	if err := json.Unmarshal(text, &address); err != nil {
		return "", fmt.Errorf("find sandbox: %w", err)
	}
	return address.URL, nil
}

// Faults switches what the simulated Kite does wrong; the zero value nothing.
func (a *App) Faults(f sandbox.Faults) error { return a.tellSandbox("faults", f) }

// MasterLogout ends all of a user's tokens, as a logout on Kite's own site
// can.
func (a *App) MasterLogout(userID string) error {
	return a.tellSandbox("expire", map[string]string{"user_id": userID})
}

func (a *App) tellSandbox(what string, message any) error {
	base, err := a.SandboxURL()
	if err != nil {
		return err
	}
	body, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("tell sandbox: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), stepDeadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/_sandbox/"+what, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("tell sandbox: %w", err)
	}
	req.Header.Set(sandbox.ControlHeader, "1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("tell sandbox: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("tell sandbox: it answered %s", resp.Status)
	}
	return nil
}

// AddSandbox presses Try the sandbox, and again where the window asks to wait a
// moment, until the card of the account is there.
func (a *App) AddSandbox(card *desktop.Query) error {
	if err := a.Press(TrySandbox, nil); err != nil {
		return err
	}
	var refused error
	err := desktop.Await("the sandbox account", stepDeadline, func() bool {
		if a.Shows(*card) {
			return true
		}
		if a.Shows(desktop.Query{TextHas: "Wait a moment"}) {
			refused = errors.Join(a.Press("Dismiss", nil), a.Press(TrySandbox, nil))
		}
		return refused != nil
	})
	return errors.Join(err, refused)
}
