package cli

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/tray"
)

// whereTray notes in which goroutine it runs.
type whereTray struct{ ran []string }

func (t *whereTray) Run(ctx context.Context) {
	t.ran = append(t.ran, goroutine())
	<-ctx.Done()
}
func (t *whereTray) Show(tray.Menu) {}
func (t *whereTray) Present() bool  { return true }

// goroutine names the calling one, such as "goroutine 7".
func goroutine() string {
	stack := make([]byte, 64)
	name, _, _ := strings.Cut(string(stack[:runtime.Stack(stack, false)]), " [")
	return name
}

func TestRunBeside_the_loop_is_the_callers(t *testing.T) {
	t.Parallel()
	icon, refused := &whereTray{}, errors.New("refused")
	var worker string
	err := runBeside(icon, func(lent program.Tray) error {
		worker = goroutine()
		for range 2 { // each to its end, before Run returns
			ctx, end := context.WithCancel(t.Context())
			ran := make(chan struct{})
			go func() { lent.Run(ctx); close(ran) }()
			end()
			<-ran
		}
		if !lent.Present() {
			t.Error("the tray itself isn't asked")
		}
		return refused
	})
	caller := goroutine()
	if !errors.Is(err, refused) || len(icon.ran) != 2 || icon.ran[0] != caller || icon.ran[1] != caller || worker == caller {
		t.Errorf("error %v; caller %s, worker %s, loops in %q", err, caller, worker, icon.ran)
	}
}

func TestRunBeside_without_a_loop(t *testing.T) {
	t.Parallel()
	if err := runBeside(&whereTray{}, func(program.Tray) error { return nil }); err != nil {
		t.Error(err)
	}
}
