package kite_test

import (
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestBadge(t *testing.T) {
	active := kitetest.Session("s", kitetest.Account("a"), kitetest.Morning)
	ended := active
	ended.Status, ended.EndedReason, ended.EndedAt = kite.Expired, kite.EndedElsewhere, kitetest.Morning
	end := active.ExpiresAt
	for name, c := range map[string]struct {
		session *kite.Session
		now     time.Time
		want    kite.Badge
	}{
		"never logged in":           {nil, kitetest.Morning, kite.BadgeNone},
		"just logged in":            {&active, kitetest.Morning, kite.BadgeActive},
		"exactly two hours left":    {&active, end.Add(-kite.EndingSoon), kite.BadgeActive},
		"less than two hours left":  {&active, end.Add(-kite.EndingSoon + time.Nanosecond), kite.BadgeEnding},
		"a moment left":             {&active, end.Add(-time.Nanosecond), kite.BadgeEnding},
		"at its end":                {&active, end, kite.BadgeExpired},
		"after its end":             {&active, end.Add(time.Hour), kite.BadgeExpired},
		"ended elsewhere":           {&ended, kitetest.Morning, kite.BadgeExpired},
		"ended, clock set back":     {&ended, kitetest.Morning.Add(-24 * time.Hour), kite.BadgeExpired},
		"before the login, in UTC":  {&active, kitetest.Morning.Add(-time.Hour), kite.BadgeActive},
		"clock of another location": {&active, kitetest.Morning.In(kite.IST), kite.BadgeActive},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kite.BadgeOf(c.session, c.now); got != c.want {
				t.Errorf("badge = %s; want %s", got, c.want)
			}
		})
	}
}
