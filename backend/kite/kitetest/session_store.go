package kitetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (s Stores) mustSave(t *testing.T, session kite.Session) kite.Session {
	t.Helper()
	if err := s.Sessions.SaveSession(t.Context(), session, Tokens(session.ID)); err != nil {
		t.Fatal(err)
	}
	return session
}

func (s Stores) latest(t *testing.T, a kite.Account) kite.Session {
	t.Helper()
	got, err := s.Sessions.LatestSession(t.Context(), a.ID)
	if err != nil || got == nil {
		t.Fatalf("LatestSession = %v, %v", got, err)
	}
	return *got
}

func (s Stores) tokensCode(t *testing.T, sessionID string) string {
	t.Helper()
	_, err := s.Sessions.Tokens(t.Context(), sessionID)
	return kite.ErrorCode(err)
}

// SessionStoreSuite is the contract of kite.SessionStore. open returns empty
// stores.
func SessionStoreSuite(t *testing.T, open func(*testing.T) Stores) {
	t.Run("gives back what was saved", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		want := s.mustSave(t, Session("s1", a, Morning))
		if got := s.latest(t, a); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		tokens, err := s.Sessions.Tokens(t.Context(), "s1")
		if err != nil || !tokens.Access.Equal(kite.NewSecret("accesss1")) || !tokens.Request.Equal(kite.NewSecret("requests1")) ||
			!tokens.Public.Equal(kite.NewSecret("publics1")) || !tokens.Refresh.Empty() {
			t.Errorf("tokens: %v", err)
		}
		if stored, err := s.Accounts.Account(t.Context(), a.ID); err != nil || !stored.LastLoginAt.Equal(want.LoginTime) {
			t.Errorf("last login = %v, %v", stored.LastLoginAt, err)
		}
	})
	t.Run("an account without a session has none", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		if got, err := s.Sessions.LatestSession(t.Context(), a.ID); got != nil || err != nil {
			t.Errorf("LatestSession = %v, %v", got, err)
		}
	})
	t.Run("a new session replaces the one before", func(t *testing.T) { sessionReplaced(t, open(t)) })
	t.Run("the one saved last is the newest", func(t *testing.T) { savedLastIsNewest(t, open(t)) })
	t.Run("what fails to be saved changes nothing", func(t *testing.T) { saveFails(t, open(t)) })
	t.Run("tokens", func(t *testing.T) { tokensRefused(t, open(t)) })
	t.Run("verified", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		want := s.mustSave(t, Session("s1", a, Morning))
		want.VerifiedAt = Morning.Add(time.Hour)
		if err := s.Sessions.MarkVerified(t.Context(), "s1", want.VerifiedAt); err != nil {
			t.Fatal(err)
		}
		if got := s.latest(t, a); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	t.Run("ending", func(t *testing.T) { sessionEnds(t, open) })
	t.Run("locked", func(t *testing.T) { sessionsWhileLocked(t, open) })
	t.Run("a session of no account is refused", func(t *testing.T) {
		s := open(t)
		if err := s.Sessions.SaveSession(t.Context(), Session("s1", Account("nobody"), Morning), Tokens("1")); kite.ErrorCode(err) != kite.ENOTFOUND {
			t.Errorf("SaveSession = %v", err)
		}
	})
}

func sessionsWhileLocked(t *testing.T, open func(*testing.T) Stores) {
	t.Run("nothing is saved while locked", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		s.mustSave(t, Session("s1", a, Morning))
		s.Sealer.Locked = true
		err := s.Sessions.SaveSession(t.Context(), Session("s2", a, Morning.Add(time.Hour)), Tokens("2"))
		if kite.ErrorCode(err) != kite.ELOCKED {
			t.Errorf("SaveSession = %v", err)
		}
		if got := s.latest(t, a); got.ID != "s1" || got.Status != kite.Active {
			t.Errorf("latest = %+v", got)
		}
	})
	t.Run("lists never open a secret", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		s.mustSave(t, Session("s1", a, Morning))
		s.Sealer.Locked = true
		if all, err := s.Sessions.LatestSessions(t.Context()); err != nil || all[a.ID].ID != "s1" {
			t.Errorf("LatestSessions = %v, %v", all, err)
		}
	})
}

func sessionReplaced(t *testing.T, s Stores) {
	a, other := s.mustCreate(t, Account("one")), s.mustCreate(t, Account("two"))
	s.mustSave(t, Session("s1", a, Morning))
	s.mustSave(t, Session("o1", other, Morning))
	s.mustSave(t, Session("s2", a, Morning.Add(time.Hour)))
	if got := s.latest(t, a); got.ID != "s2" || got.Status != kite.Active {
		t.Errorf("latest = %+v", got)
	}
	if code := s.tokensCode(t, "s1"); code != kite.ENOTFOUND {
		t.Errorf("tokens of the replaced session: %q", code)
	}
	if err := s.Sessions.EndSession(t.Context(), "s1", kite.EndedElsewhere, Morning.Add(2*time.Hour)); err != nil {
		t.Error(err)
	}
	if got := s.latest(t, a); got.Status != kite.Active || s.tokensCode(t, "s2") != "" {
		t.Errorf("the new session after the old one was ended again = %+v", got)
	}
	if got := s.latest(t, other); got.Status != kite.Active || s.tokensCode(t, "o1") != "" {
		t.Errorf("the other account's session = %+v", got)
	}
}

// savedLastIsNewest saves one session after the clock was set back, and two at
// the same time.
func savedLastIsNewest(t *testing.T, s Stores) {
	a, b := s.mustCreate(t, Account("one")), s.mustCreate(t, Account("two"))
	s.mustSave(t, Session("a1", a, Morning))
	s.mustSave(t, Session("b1", b, Morning))
	s.mustSave(t, Session("a2", a, Morning.AddDate(0, 0, -1)))
	s.mustSave(t, Session("b2", b, Morning))
	all, err := s.Sessions.LatestSessions(t.Context())
	if err != nil || len(all) != 2 || all[a.ID].ID != "a2" || all[b.ID].ID != "b2" {
		t.Errorf("LatestSessions = %+v, %v", all, err)
	}
	if one, two := s.latest(t, a), s.latest(t, b); one.ID != "a2" || two.ID != "b2" {
		t.Errorf("latest = %q, %q", one.ID, two.ID)
	}
}

func saveFails(t *testing.T, s Stores) {
	a := s.mustCreate(t, Account("one"))
	want := s.mustSave(t, Session("s1", a, Morning))
	if err := s.Sessions.SaveSession(t.Context(), Session("s1", a, Morning.Add(time.Hour)), Tokens("2")); err == nil {
		t.Error("a session's ID was taken twice")
	}
	if got := s.latest(t, a); !reflect.DeepEqual(got, want) || s.tokensCode(t, "s1") != "" {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if stored, err := s.Accounts.Account(t.Context(), a.ID); err != nil || !stored.LastLoginAt.Equal(want.LoginTime) {
		t.Errorf("last login = %v, %v", stored.LastLoginAt, err)
	}
}

func tokensRefused(t *testing.T, s Stores) {
	s.mustSave(t, Session("s1", s.mustCreate(t, Account("one")), Morning))
	if code := s.tokensCode(t, "nobody"); code != kite.ENOTFOUND {
		t.Errorf("tokens of no session: %q", code)
	}
	s.Sealer.Locked = true
	if code := s.tokensCode(t, "s1"); code != kite.ELOCKED {
		t.Errorf("tokens while locked: %q", code)
	}
	s.Sealer.Locked = false
	if code := s.tokensCode(t, "s1"); code != "" {
		t.Errorf("tokens when open again: %q", code)
	}
}

func sessionEnds(t *testing.T, open func(*testing.T) Stores) {
	end := Morning.Add(2 * time.Hour)
	for reason, tokens := range map[kite.EndedReason]string{
		kite.EndedElsewhere: kite.ENOTFOUND, kite.EndedLoggedOut: kite.ENOTFOUND, kite.EndedExpired: "",
	} {
		t.Run(string(reason), func(t *testing.T) {
			s := open(t)
			a := s.mustCreate(t, Account("one"))
			session := s.mustSave(t, Session("s1", a, Morning))
			if err := s.Sessions.EndSession(t.Context(), "s1", reason, end); err != nil {
				t.Fatal(err)
			}
			if got := s.latest(t, a); got.Status != kite.Expired || got.EndedReason != reason || !got.EndedAt.Equal(end) {
				t.Errorf("latest = %+v", got)
			}
			if code := s.tokensCode(t, "s1"); code != tokens {
				t.Errorf("tokens: %q, want %q", code, tokens)
			}
			if err := s.Sessions.EndSession(t.Context(), "s1", kite.EndedLoggedOut, end.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			if got := s.latest(t, a); got.EndedReason != reason {
				t.Errorf("ended twice: %+v", got)
			}
			eraseAt(t, s, session.ExpiresAt)
			if code := s.tokensCode(t, "s1"); code != tokens {
				t.Errorf("tokens at the moment of expiry: %q, want %q", code, tokens)
			}
			eraseAt(t, s, session.ExpiresAt.Add(time.Millisecond))
			if code := s.tokensCode(t, "s1"); code != kite.ENOTFOUND {
				t.Errorf("tokens after erasing: %q", code)
			}
		})
	}
	t.Run("an active session's tokens are never erased by time", func(t *testing.T) {
		s := open(t)
		session := s.mustSave(t, Session("s1", s.mustCreate(t, Account("one")), Morning))
		eraseAt(t, s, session.ExpiresAt.Add(time.Hour))
		if code := s.tokensCode(t, "s1"); code != "" {
			t.Errorf("tokens: %q", code)
		}
	})
}

func eraseAt(t *testing.T, s Stores, at time.Time) {
	t.Helper()
	if err := s.Sessions.EraseEndedTokens(t.Context(), at); err != nil {
		t.Fatal(err)
	}
}
