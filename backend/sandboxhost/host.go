// Package sandboxhost finds or starts the simulated Kite of a data folder, a
// process of its own that ends when nobody has used it for a while, and knows
// where every account's endpoints are.
package sandboxhost

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/detached"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// Host implements kite.EndpointResolver and makes sandbox accounts.
type Host struct {
	Dir     datadir.Dir
	Kitectl string        // path of the program that runs the sandbox
	Start   time.Duration // how long a started sandbox may take to answer
	Probe   time.Duration // how long a running one may

	mu sync.Mutex
}

var _ kite.EndpointResolver = (*Host)(nil)

// New returns the host of a data folder.
func New(dir datadir.Dir, kitectl string) *Host {
	return &Host{Dir: dir, Kitectl: kitectl, Start: 10 * time.Second, Probe: time.Second}
}

// Available says whether there is a program to run the sandbox with.
func (h *Host) Available() bool {
	_, err := exec.LookPath(h.Kitectl)
	return err == nil
}

// Endpoints says where an account's login page and API are; for an account of
// the embedded sandbox it starts that if none runs.
func (h *Host) Endpoints(ctx context.Context, a kite.Account) (kite.Endpoints, error) {
	switch {
	case a.Type == kite.Live:
		return kite.LiveEndpoints, nil
	case !a.UsesEmbeddedSandbox():
		return a.Endpoints, nil
	}
	base, err := h.running(ctx)
	if err != nil {
		return kite.Endpoints{}, kite.Errorf(kite.EINTERNAL, "The sandbox couldn't be started.").
			WithHint("Install Kite Accounts again if kitectl is missing beside it.").Because(err)
	}
	return sandbox.Endpoints(base), nil
}

// running returns the address of the running sandbox, after starting it if
// need be.
func (h *Host) running(ctx context.Context) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if base, ok := h.find(ctx); ok {
		return base, nil
	}
	if err := h.start(); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, h.Start)
	defer cancel()
	for {
		if base, ok := h.find(ctx); ok {
			return base, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("wait for sandbox: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Address is what a running sandbox writes for others to find it.
type Address struct {
	URL string `json:"url"`
	PID int    `json:"pid"`
}

// AddressFile is where it writes it.
func AddressFile(dir datadir.Dir) string { return filepath.Join(dir.Path(), "sandbox", "address.json") }

// StateFile is where it keeps consent and token hashes.
func StateFile(dir datadir.Dir) string { return filepath.Join(dir.Path(), "sandbox", "state.json") }

// find returns the address if a sandbox answers there.
func (h *Host) find(ctx context.Context) (string, bool) {
	text, err := os.ReadFile(AddressFile(h.Dir))
	if err != nil {
		return "", false
	}
	var address Address
	if err := json.Unmarshal(text, &address); err != nil {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, h.Probe)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.URL+"/_sandbox/health", nil)
	if err != nil {
		return "", false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", false
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	var health struct {
		Data struct {
			Sandbox bool `json:"sandbox"`
			PID     int  `json:"pid"`
		} `json:"data"`
	}
	err = json.NewDecoder(resp.Body).Decode(&health)
	// Another data folder's sandbox may have got the port since.
	return address.URL, err == nil && health.Data.Sandbox && health.Data.PID == address.PID
}

// start runs the sandbox so that it outlives this process: programs may still
// use its sessions. It ends by itself when another one has the lock.
func (h *Host) start() error {
	return detached.Start(h.Kitectl, "sandbox", "--data-dir", h.Dir.Path())
}

// NewAccount returns a ready account of the first invented user that none of
// the taken accounts has.
func (h *Host) NewAccount(_ context.Context, taken []kite.Account) (kite.Account, kite.Secrets, error) {
	used := map[string]bool{}
	for _, a := range taken {
		if a.APIKey == sandbox.SharedApp {
			used[a.ClientID] = true
		}
	}
	for _, u := range sandbox.Users() {
		if used[u.UserID] {
			continue
		}
		return kite.Account{
				Name: "Sandbox " + u.UserID, ClientID: u.UserID, APIKey: sandbox.SharedApp, Type: kite.Sandbox,
				CallbackURL: sandbox.DefaultCallback, TTL: kite.DefaultTTL,
			}, kite.Secrets{
				Password: kite.NewSecret(u.Password), APISecret: kite.NewSecret(sandbox.APISecret(sandbox.SharedApp)),
			}, nil
	}
	return kite.Account{}, kite.Secrets{}, kite.Errorf(kite.ECONFLICT, "Every user of the sandbox has an account already.").
		WithHint("Delete one to add another.")
}
