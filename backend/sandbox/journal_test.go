package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// seen is all that a user sees of a sandbox.
func seen(c caller) map[string]any {
	all := map[string]any{}
	for _, path := range []string{"/orders", "/trades", "/portfolio/holdings", "/portfolio/positions", "/user/margins"} {
		all[path] = into[any](c, path)
	}
	for _, o := range into[[]orderRow](c, "/orders") {
		all[o.OrderID] = into[any](c, "/orders/"+o.OrderID)
	}
	return all
}

// busy trades for two users, and returns the file that remembers it.
func busy(t *testing.T, path string) (fixture, caller) {
	t.Helper()
	f := floor(t, sandbox.Config{StatePath: path})
	c, other := f.caller(t, 1), f.caller(t, 2)
	f.price(t, "1500")
	c.place(asked("quantity", "3", "tag", "t1"))
	c.place(asked("product", "CNC", "quantity", "100000"))
	id := c.place(limitOrder("1490"))
	other.place(limitOrder("1495"))
	c.place(asked("order_type", "SL-M", "trigger_price", "1520"))
	gone := c.place(limitOrder("1480"))
	for _, a := range []answer{
		c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"1494"}, "surplus": {"x"}}),
		c.form(http.MethodDelete, "/orders/regular/"+gone, nil),
	} {
		if a.status != http.StatusOK {
			t.Fatalf("%d %+v", a.status, a.failure)
		}
	}
	f.price(t, "1493.5")
	return f, c
}

func TestRestart_keeps_orders_positions_and_margins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	_, c := busy(t, path)
	want := seen(c)
	again := floor(t, sandbox.Config{StatePath: path})
	c.f = again
	if got := seen(c); !reflect.DeepEqual(got, want) {
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		t.Errorf("after the restart:\n%s\nbefore:\n%s", a, b)
	}
	old := map[string]bool{}
	for _, o := range into[[]orderRow](c, "/orders") {
		old[o.OrderID] = true
	}
	if id := c.place(asked()); old[id] {
		t.Errorf("order ID %s again", id)
	}
}

func TestJournal_drops_a_line_that_was_cut_off(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	_, c := busy(t, path)
	want := seen(c)
	file := strings.TrimSuffix(path, ".json") + "-orders.jsonl"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, `{"at":"2026-11-23T04:30:00Z","act":"pla`...), 0o600); err != nil {
		t.Fatal(err)
	}
	c.f = floor(t, sandbox.Config{StatePath: path})
	if got := seen(c); !reflect.DeepEqual(got, want) {
		t.Errorf("after the crash: %v", got)
	}
	c.place(asked())
	want = seen(c)
	c.f = floor(t, sandbox.Config{StatePath: path})
	if got := seen(c); !reflect.DeepEqual(got, want) {
		t.Errorf("after one more order and restart: %v", got)
	}
}

func TestJournal_holds_no_token_and_is_the_users_own(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	_, c := busy(t, path)
	file := strings.TrimSuffix(path, ".json") + "-orders.jsonl"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if strings.Contains(string(text), c.token) || strings.Contains(string(text), "surplus") {
		t.Errorf("journal:\n%s", text)
	}
}

func TestJournal_that_is_damaged_stops_the_sandbox(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	file := strings.TrimSuffix(path, ".json") + "-orders.jsonl"
	if err := os.WriteFile(file, []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.New(sandbox.Config{StatePath: path}); err == nil || !strings.Contains(err.Error(), "read sandbox orders") {
		t.Errorf("New: %v", err)
	}
}
