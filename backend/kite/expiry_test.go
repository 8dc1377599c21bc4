package kite_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// zones are those of users elsewhere too, one of them without whole hours.
var zones = []*time.Location{
	time.UTC, kite.IST,
	time.FixedZone("America/New_York in winter", -5*60*60),
	time.FixedZone("America/New_York in summer", -4*60*60),
	time.FixedZone("Asia/Kathmandu", 5*60*60+45*60),
}

func ist(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", text, kite.IST)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestSessionsEndAtTheNextCutoff(t *testing.T) {
	for name, c := range map[string]struct{ login, cutoff string }{
		"a second before":          {"2026-11-23 05:59:59", "2026-11-23 06:00:00"},
		"a nanosecond before":      {"2026-11-23 05:59:59.999999999", "2026-11-23 06:00:00"},
		"at the cut-off":           {"2026-11-23 06:00:00", "2026-11-24 06:00:00"},
		"a second after":           {"2026-11-23 06:00:01", "2026-11-24 06:00:00"},
		"morning":                  {"2026-11-23 09:15:00", "2026-11-24 06:00:00"},
		"before midnight":          {"2026-11-23 23:59:00", "2026-11-24 06:00:00"},
		"midnight":                 {"2026-11-24 00:00:00", "2026-11-24 06:00:00"},
		"last evening of a year":   {"2026-12-31 23:59:00", "2027-01-01 06:00:00"},
		"first hour of a year":     {"2027-01-01 00:30:00", "2027-01-01 06:00:00"},
		"28 Feb of a leap year":    {"2028-02-28 10:00:00", "2028-02-29 06:00:00"},
		"29 Feb":                   {"2028-02-29 10:00:00", "2028-03-01 06:00:00"},
		"28 Feb of another year":   {"2027-02-28 10:00:00", "2027-03-01 06:00:00"},
		"when New York springs on": {"2026-03-08 12:30:00", "2026-03-09 06:00:00"},
		"when New York falls back": {"2026-11-01 11:30:00", "2026-11-02 06:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			want := ist(t, c.cutoff)
			for _, zone := range zones {
				login := ist(t, c.login).In(zone)
				for _, ttl := range []time.Duration{kite.DefaultTTL, 0, -time.Hour} {
					if got := kite.ExpiresAt(login, ttl); !got.Equal(want) || got.Location() != time.UTC {
						t.Errorf("in %s with ttl %v: %v; want %v in UTC", zone, ttl, got, want)
					}
				}
			}
		})
	}
}

func TestAShortLifetimeEndsBeforeTheCutoff(t *testing.T) {
	for _, c := range []struct {
		login string
		ttl   time.Duration
		want  string
	}{
		{"2026-11-23 10:00:00", 2 * time.Hour, "2026-11-23 12:00:00"},
		{"2026-11-23 10:00:00", 3600 * time.Millisecond, "2026-11-23 10:00:03.6"},
		{"2026-11-23 23:00:00", 6 * time.Hour, "2026-11-24 05:00:00"},
		{"2026-11-23 23:00:00", 7 * time.Hour, "2026-11-24 06:00:00"},
		{"2026-11-23 23:00:00", 8 * time.Hour, "2026-11-24 06:00:00"},
	} {
		if got := kite.ExpiresAt(ist(t, c.login), c.ttl); !got.Equal(ist(t, c.want)) {
			t.Errorf("%s for %v ends %v; want %s", c.login, c.ttl, got.In(kite.IST), c.want)
		}
	}
}

func TestExpiryIsAlwaysWithinADayAfterTheLogin(t *testing.T) {
	for at := ist(t, "2027-12-30 00:00:00"); at.Before(ist(t, "2028-03-02 00:00:00")); at = at.Add(17*time.Minute + 13*time.Second) {
		end := kite.ExpiresAt(at, kite.DefaultTTL)
		if !end.After(at) || end.Sub(at) > kite.DefaultTTL || end.In(kite.IST).Format("15:04:05") != "06:00:00" {
			t.Fatalf("%v ends %v", at, end)
		}
	}
}

func TestClearing(t *testing.T) {
	for at, c := range map[string]struct {
		inside bool
		end    string
	}{
		"2026-11-23 04:59:59": {false, "2026-11-23 08:00:00"},
		"2026-11-23 05:00:00": {true, "2026-11-23 08:00:00"},
		"2026-11-23 07:59:59": {true, "2026-11-23 08:00:00"},
		"2026-11-23 08:00:00": {false, "2026-11-24 08:00:00"},
		"2026-12-31 23:59:00": {false, "2027-01-01 08:00:00"},
	} {
		for _, zone := range zones {
			local := ist(t, at).In(zone)
			if kite.InClearing(local) != c.inside {
				t.Errorf("InClearing(%s in %s) = %t", at, zone, !c.inside)
			}
			if got := kite.ClearingEnd(local); !got.Equal(ist(t, c.end)) || got.Location() != time.UTC {
				t.Errorf("ClearingEnd(%s in %s) = %v; want %s", at, zone, got, c.end)
			}
		}
	}
}

// The zone is read once per process, so other processes compute the same.
func TestTheUsersZoneChangesNothing(t *testing.T) {
	if login := os.Getenv("KITE_TEST_LOGIN"); login != "" {
		at, err := time.Parse(time.RFC3339, login)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("expires %d\n", kite.ExpiresAt(at.Local(), kite.DefaultTTL).Unix())
		return
	}
	want := fmt.Sprintf("expires %d\n", ist(t, "2026-11-02 06:00:00").Unix())
	for _, env := range [][]string{
		{"TZ=America/New_York"}, {"TZ=Asia/Kathmandu"}, {"TZ=Asia/Kolkata"}, {"TZ=UTC"}, {"TZ=Nowhere/AtAll"},
		{"TZ=America/New_York", "ZONEINFO=/nonexistent"},
	} {
		// 01:30 in New York on the night when that hour comes twice.
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheUsersZoneChangesNothing$", "-test.v") //nolint:gosec // this test's own binary
		command.Env = append(os.Environ(), append(env, "KITE_TEST_LOGIN=2026-11-01T05:30:00Z")...)
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("with %v: %s (%v); want %s", env, out, err, want)
		}
	}
}
