package sessions_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// replacedWhileRead is a store in which another login stores its session each
// time between the reading of a session and of its tokens.
type replacedWhileRead struct {
	kite.SessionStore
	t     *testing.T
	a     kite.Account
	times int
}

func (s *replacedWhileRead) Tokens(ctx context.Context, sessionID string) (kite.Tokens, error) {
	if s.times > 0 {
		s.times--
		n := fmt.Sprintf("replaced-%d", s.times)
		if err := s.SaveSession(ctx, kitetest.Session(n, s.a, kitetest.Morning), kitetest.Tokens(n)); err != nil {
			s.t.Error(err)
		}
	}
	return s.SessionStore.Tokens(ctx, sessionID)
}

func TestHandout_of_a_session_that_is_replaced_meanwhile_is_the_new_one_whole(t *testing.T) {
	b := newBench(t, morning())
	b.Sessions = &replacedWhileRead{SessionStore: b.Sessions, t: t, a: b.a, times: 3}
	h, err := b.Handout(t.Context(), b.a.ID)
	if err != nil || h.Session.ID != "replaced-0" || !h.Access.Equal(kite.NewSecret("accessreplaced-0")) {
		t.Errorf("handout of %s: %v", h.Session.ID, err)
	}
	if want := "token " + b.a.APIKey + ":accessreplaced-0"; h.Header().Reveal() != want {
		t.Errorf("header of %s", h.Session.ID)
	}
}

func TestHandout_gives_up_on_a_session_that_never_stays(t *testing.T) {
	b := newBench(t, morning())
	b.Sessions = &replacedWhileRead{SessionStore: b.Sessions, t: t, a: b.a, times: 1000}
	if _, err := b.Handout(t.Context(), b.a.ID); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("err = %v", err)
	}
}
