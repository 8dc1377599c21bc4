package kitetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (s Stores) expectSessions(t *testing.T, a kite.Account, since time.Time, want ...string) {
	t.Helper()
	sessions, err := s.Sessions.Sessions(t.Context(), a.ID, since)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, session := range sessions {
		got = append(got, session.ID)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sessions of %s since %v: %q, want %q", a.ID, since, got, want)
	}
}

// SessionHistorySuite is the part of kite.SessionStore's contract that
// concerns the past. open returns empty stores.
func SessionHistorySuite(t *testing.T, open func(*testing.T) Stores) {
	t.Run("lists an account's sessions", func(t *testing.T) { sessionsListed(t, open(t)) })
	t.Run("a login and a refresh", func(t *testing.T) { loginsRecorded(t, open(t)) })
	t.Run("a login after an end nobody noticed", func(t *testing.T) { lateLoginRecorded(t, open(t)) })
	for reason, want := range map[kite.EndedReason]string{
		kite.EndedExpired:   "expired Account one (ABONE000): The session reached its end, 06:00 IST on 24 Nov.",
		kite.EndedElsewhere: "ended elsewhere Account one (ABONE000): Kite no longer accepts the token.",
		kite.EndedLoggedOut: "logged out Account one (ABONE000): The session was ended here.",
	} {
		t.Run("a session that is "+string(reason), func(t *testing.T) {
			s := open(t)
			a := s.mustCreate(t, Account("one"))
			s.mustSave(t, Session("s1", a, Morning))
			for _, again := range []kite.EndedReason{reason, kite.EndedElsewhere, kite.EndedExpired} {
				if err := s.Sessions.EndSession(t.Context(), "s1", again, Morning.Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
			s.expectHistory(t, a.ID, want, "login Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 24 Nov.")
			if e := s.history(t, kite.HistoryFilter{})[0]; !e.At.Equal(Morning.Add(time.Hour)) || !e.OK {
				t.Errorf("entry = %+v", e)
			}
		})
	}
	t.Run("what fails is not recorded", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		s.mustSave(t, Session("s1", a, Morning))
		if err := s.Sessions.SaveSession(t.Context(), Session("s1", a, Morning.Add(time.Hour)), Tokens("2")); err == nil {
			t.Error("a session's ID was taken twice")
		}
		if err := s.Sessions.EndSession(t.Context(), "nobody", kite.EndedElsewhere, Morning); err != nil {
			t.Error(err)
		}
		s.expectHistory(t, a.ID, "login Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 24 Nov.")
	})
}

func sessionsListed(t *testing.T, s Stores) {
	a, other := s.mustCreate(t, Account("one")), s.mustCreate(t, Account("two"))
	s.expectSessions(t, a, time.Time{})
	s.mustSave(t, Session("s1", a, Morning))
	s.mustSave(t, Session("o1", other, Morning))
	s.mustSave(t, Session("s2", a, Morning.Add(time.Hour)))
	want := s.mustSave(t, Session("s3", a, Morning.Add(2*time.Hour)))
	s.expectSessions(t, a, time.Time{}, "s1", "s2", "s3")
	s.expectSessions(t, a, Morning.Add(time.Hour), "s2", "s3")
	s.expectSessions(t, a, Morning.AddDate(1, 0, 0), "s3")
	s.expectSessions(t, other, Morning, "o1")
	s.Sealer.Locked = true
	got, err := s.Sessions.Sessions(t.Context(), a.ID, Morning.AddDate(1, 0, 0))
	if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}

func loginsRecorded(t *testing.T, s Stores) {
	a := s.mustCreate(t, Account("one"))
	s.mustSave(t, Session("s1", a, Morning))
	s.mustSave(t, Session("s2", a, Morning.Add(time.Hour)))
	if err := s.Sessions.EndSession(t.Context(), "s2", kite.EndedLoggedOut, Morning.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	s.mustSave(t, Session("s3", a, Morning.AddDate(0, 0, 1)))
	s.expectHistory(t, a.ID,
		"login Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 25 Nov.",
		"logged out Account one (ABONE000): The session was ended here.",
		"refresh Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 24 Nov.",
		"login Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 24 Nov.")
	if e := s.history(t, kite.HistoryFilter{})[0]; !e.At.Equal(Morning.AddDate(0, 0, 1)) || !e.OK {
		t.Errorf("entry = %+v", e)
	}
}

// lateLoginRecorded logs in when the session before is over, though stored as
// active since no program ran at its end.
func lateLoginRecorded(t *testing.T, s Stores) {
	a := s.mustCreate(t, Account("one"))
	over := s.mustSave(t, Session("s1", a, Morning))
	s.mustSave(t, Session("s2", a, over.ExpiresAt))
	s.expectHistory(t, a.ID,
		"login Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 25 Nov.",
		"expired Account one (ABONE000): The session reached its end, 06:00 IST on 24 Nov.",
		"login Account one (ABONE000): ABONE000 logged in, until 06:00 IST on 24 Nov.")
	sessions, err := s.Sessions.Sessions(t.Context(), a.ID, time.Time{})
	if err != nil || len(sessions) != 2 || sessions[0].EndedReason != kite.EndedExpired || !sessions[0].EndedAt.Equal(over.ExpiresAt) {
		t.Errorf("sessions = %+v, %v", sessions, err)
	}
	if code := s.tokensCode(t, "s1"); code != kite.ENOTFOUND {
		t.Errorf("tokens of the session that is over: %q", code)
	}
}
