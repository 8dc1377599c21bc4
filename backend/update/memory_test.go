package update_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func TestCheck_refuses_a_feed_from_the_future(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	of := func(at time.Time, version string) update.Feed {
		f := feedOf(release(version))
		f.Published, f.Expires = at, at.AddDate(0, 6, 0)
		return f
	}
	s.serve(t, keys, of(now.Add(48*time.Hour+time.Second), "9.9.9"))
	if _, err := c.Check(t.Context()); kite.ErrorCode(err) != kite.EDATA || c.status(t).Result != update.ResultNever {
		t.Errorf("signed by a wrong clock: %v, %+v", err, c.status(t))
	}
	for _, f := range []update.Feed{of(now.Add(48*time.Hour), "1.4.0"), of(now, "1.3.0")} {
		s.serve(t, keys, f)
		got, err := c.Check(t.Context())
		if err != nil || !slices.Equal(versions(got.Releases), versions(f.Releases)) {
			t.Errorf("published at %s: %+v, %v", f.Published, got, err)
		}
	}
}

// hooked are settings where something happens just before the next write.
type hooked struct {
	kite.Settings
	before func()
}

func (h *hooked) SetSetting(ctx context.Context, key, value string) error {
	if before := h.before; before != nil {
		h.before = nil
		before()
	}
	return h.Settings.SetSetting(ctx, key, value)
}

func TestSkip_is_not_lost_while_a_check_keeps_its_result(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	c.Settings = &hooked{Settings: c.Settings, before: func() {
		if err := c.Skip(t.Context(), "1.3.0"); err != nil {
			t.Error(err)
		}
	}}
	if _, err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := c.status(t); !got.Skipped || got.Result != update.ResultNewer {
		t.Errorf("%+v", got)
	}
}
