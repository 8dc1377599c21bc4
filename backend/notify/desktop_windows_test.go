package notify

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"
)

func TestRun_tells_Windows_who_sends_toasts(t *testing.T) {
	var log bytes.Buffer
	n := New(slog.New(slog.NewTextHandler(&log, nil)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n.Run(ctx)
	if log.Len() > 0 {
		t.Error(log.String())
	}
	key, err := registry.OpenKey(registry.CURRENT_USER, appKey, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close() //nolint:errcheck // only read
	if name, _, err := key.GetStringValue("DisplayName"); err != nil || name != appName {
		t.Errorf("it is called %q, %v", name, err)
	}
	if got, _, err := key.GetStringValue("CustomActivator"); err != nil || !strings.EqualFold(got, activator) {
		t.Errorf("presses go to %q, %v", got, err)
	}
	if strings.ContainsAny(appID, " ") || len(appID) > 128 {
		t.Errorf("%q is no ID", appID)
	}
}

func TestNew_gives_no_handle_that_an_earlier_process_gave(t *testing.T) {
	if a, b := newDesktop().count.Add(1), newDesktop().count.Add(1); a == b {
		t.Errorf("both begin with %d", a)
	}
}
