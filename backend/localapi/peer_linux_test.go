package localapi_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

// Another user gets nothing, even where somebody opened the socket to all.
func TestUnix_socket_turns_other_users_away(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user can't become another one")
	}
	folder, err := os.MkdirTemp("", "localapi-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "s")
	b := newBench(t)
	l, err := localapi.ListenUnix(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = localapi.New(b.server.Config).Serve(t.Context(), l) }()
	for name, mode := range map[string]os.FileMode{folder: 0o755, path: 0o666} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	ask := []string{"curl", "--silent", "--max-time", "30", "--output", "/dev/null", "--write-out", "%{http_code}", "--unix-socket", path, "http://x/v1/accounts"}
	if out, err := exec.CommandContext(t.Context(), ask[0], ask[1:]...).Output(); err != nil || string(out) != "401" {
		t.Errorf("this user: %s, %v", out, err)
	}
	other := append([]string{"--reuid=65534", "--regid=65534", "--clear-groups"}, ask...)
	if out, err := exec.CommandContext(t.Context(), "setpriv", other...).Output(); err == nil || string(out) != "000" {
		t.Errorf("another user: %s, %v", out, err)
	}
}
