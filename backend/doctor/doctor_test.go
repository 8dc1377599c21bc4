package doctor_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/doctor"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func probe(name string, look func(context.Context) []doctor.Check) doctor.Probe {
	return doctor.Probe{Name: name, Limit: 50 * time.Millisecond, Look: look, Hung: "Kick it."}
}

func answer(c doctor.Check) func(context.Context) []doctor.Check {
	return func(context.Context) []doctor.Check { return []doctor.Check{c} }
}

func TestExamine_waits_for_nobody_and_keeps_the_order(t *testing.T) {
	fine := doctor.Check{Name: "b", Level: doctor.OK, Message: "Fine."}
	never := make(chan struct{})
	defer close(never)
	began := time.Now()
	report := doctor.Examine(t.Context(), []doctor.Probe{
		probe("a", func(context.Context) []doctor.Check { <-never; return nil }), // deaf to its context too
		{Name: "b", Limit: time.Minute, Look: answer(fine)},
		probe("c", func(ctx context.Context) []doctor.Check { <-ctx.Done(); <-never; return nil }),
	})
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	if len(report.Checks) != 3 || report.Checks[1] != fine {
		t.Fatalf("checks = %+v", report.Checks)
	}
	for i, name := range map[int]string{0: "a", 2: "c"} {
		if c := report.Checks[i]; c.Name != name || c.Level != doctor.Problem || c.Hint != "Kick it." {
			t.Errorf("check %d = %+v", i, c)
		}
	}
}

func TestExamine_runs_probes_side_by_side(t *testing.T) {
	met := make(chan struct{})
	report := doctor.Examine(t.Context(), []doctor.Probe{
		{Name: "a", Limit: time.Minute, Look: func(context.Context) []doctor.Check { met <- struct{}{}; return nil }},
		{Name: "b", Limit: time.Minute, Look: func(context.Context) []doctor.Check { <-met; return nil }},
	})
	if len(report.Checks) != 0 {
		t.Errorf("they waited for each other: %+v", report.Checks)
	}
}

func TestReport(t *testing.T) {
	r := doctor.Report{Checks: []doctor.Check{
		{Name: "disk", Level: doctor.OK, Message: "Fine."},
		{Name: "data folder", Level: doctor.Note, Message: "So so.", Hint: "Look."},
	}}
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	want := "ok       disk         Fine.\nnote     data folder  So so.\n                      → Look.\n"
	if text.String() != want {
		t.Errorf("got\n%q\nwant\n%q", text.String(), want)
	}
	if r.Worst() != doctor.Note || (doctor.Report{}).Worst() != doctor.OK {
		t.Errorf("worst %s", r.Worst())
	}
	r.Checks = append(r.Checks, doctor.Check{Level: doctor.Problem})
	if r.Worst() != doctor.Problem || r.Count(doctor.Problem) != 1 || r.Count(doctor.Note) != 1 {
		t.Errorf("worst %s, %d problems", r.Worst(), r.Count(doctor.Problem))
	}
	if err := r.Print(closedPipe{}); err == nil {
		t.Error("a closed pipe is no error")
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// expect says that a check came out so and mentions that; whatever isn't fine
// says what to do.
func expect(t *testing.T, c doctor.Check, level doctor.Level, mentions string) {
	t.Helper()
	if c.Level != level || !strings.Contains(c.Message, mentions) || c.Name == "" {
		t.Errorf("%+v, want %s with %q", c, level, mentions)
	}
	if c.Level != doctor.OK && c.Hint == "" {
		t.Errorf("%+v doesn't say what to do", c)
	}
}

func TestCheckVault(t *testing.T) {
	for state, want := range map[kite.VaultState]struct {
		vault, alone doctor.Level
		mentions     string
	}{
		kite.VaultOpen:           {doctor.OK, doctor.OK, "Secret Service"},
		kite.VaultKeyringLocked:  {doctor.Problem, doctor.Note, "locked"},
		kite.VaultKeyringAbsent:  {doctor.Problem, doctor.Note, "No keyring"},
		kite.VaultKeyringTimeout: {doctor.Problem, doctor.Problem, "doesn't answer"},
		kite.VaultFailed:         {doctor.Problem, doctor.Problem, "can't be opened"},
	} {
		expect(t, doctor.CheckVault(doctor.Vault{Exists: true, State: state, Provider: "Secret Service"}), want.vault, want.mentions)
		expect(t, doctor.CheckVault(doctor.Vault{State: state, Provider: "Secret Service"}), want.alone, want.mentions)
	}
	expect(t, doctor.CheckVault(doctor.Vault{Exists: true, State: kite.VaultNeedsPassphrase}), doctor.OK, "passphrase")
	expect(t, doctor.CheckVault(doctor.Vault{Exists: true, State: kite.VaultKeyMissing}), doctor.Problem, "isn't in")
	expect(t, doctor.CheckVault(doctor.Vault{Exists: true, State: kite.VaultKeyMismatch}), doctor.Problem, "isn't that of this vault")
}

func TestCheckDatabase(t *testing.T) {
	expect(t, doctor.CheckDatabase(doctor.Database{Err: kite.Errorf(kite.ENOTFOUND, "None.")}), doctor.Note, "none yet")
	expect(t, doctor.CheckDatabase(doctor.Database{Err: kite.Errorf(kite.EDATA, "It is newer.").WithHint("Update.")}), doctor.Problem, "newer")
	expect(t, doctor.CheckDatabase(doctor.Database{Err: errors.New("odd")}), doctor.Problem, "")
	expect(t, doctor.CheckDatabase(doctor.Database{Quick: "row 3 missing\nmore"}), doctor.Problem, "row 3 missing.")
	expect(t, doctor.CheckDatabase(doctor.Database{Quick: "ok", Version: 7, Accounts: 3}), doctor.OK, "Schema 7, 3 accounts")
}

func TestCheckFolder(t *testing.T) {
	closed := doctor.Mode{Path: "/data", Mode: fs.ModeDir | 0o700}
	files := []doctor.Mode{{Path: "/data/a.db", Mode: 0o600}}
	if c := doctor.CheckFolder(closed, false, files); len(c) != 1 {
		t.Errorf("%+v", c)
	} else {
		expect(t, c[0], doctor.OK, "/data")
	}
	expect(t, doctor.CheckFolder(closed, true, files)[0], doctor.Note, "until just now")
	open := doctor.CheckFolder(doctor.Mode{Path: "/data", Mode: fs.ModeDir | 0o755}, false, []doctor.Mode{{Path: "/data/it's.db", Mode: 0o640}, files[0]})
	if len(open) != 2 || !strings.Contains(open[0].Hint, "chmod 700") || !strings.Contains(open[1].Hint, "chmod 600") {
		t.Errorf("%+v", open)
	}
	expect(t, open[1], doctor.Problem, "/data/it's.db (-rw-r-----)")
	expect(t, doctor.CheckNoFolder(errors.New("no such device")), doctor.Problem, "no such device")
}

func TestCheckDisk(t *testing.T) {
	expect(t, doctor.CheckDisk(5<<30, nil), doctor.OK, "5.0 GiB")
	expect(t, doctor.CheckDisk(500<<20, nil), doctor.Note, "500 MiB")
	expect(t, doctor.CheckDisk(50<<20, nil), doctor.Problem, "50 MiB")
	expect(t, doctor.CheckDisk(0, errors.New("gone")), doctor.Note, "can't be told")
}

var noon = time.Date(2026, time.November, 26, 12, 0, 0, 0, kite.IST)

func TestCheckClock(t *testing.T) {
	for name, c := range map[string]struct {
		off      time.Duration
		level    doctor.Level
		mentions string
	}{
		"right":      {0, doctor.OK, "goes as Kite's"},
		"in between": {5 * time.Second, doctor.OK, "goes as Kite's"},
		"fast":       {10 * time.Second, doctor.Note, "10s fast"},
		"slow":       {-10 * time.Second, doctor.Note, "10s slow"},
		"far off":    {-time.Hour, doctor.Problem, "1h0m0s slow"},
	} {
		t.Run(name, func(t *testing.T) {
			checks := doctor.CheckClock(doctor.Clock{Now: noon, Zone: time.UTC, Online: &doctor.ServerTime{Server: noon, Here: noon.Add(c.off), Took: 100 * time.Millisecond}})
			expect(t, checks[0], c.level, c.mentions)
		})
	}
	slow := doctor.Clock{Now: noon, Zone: time.UTC, Online: &doctor.ServerTime{Server: noon, Here: noon.Add(8 * time.Second), Took: 8 * time.Second}}
	expect(t, doctor.CheckClock(slow)[0], doctor.OK, "within 8s")
	expect(t, doctor.CheckClock(doctor.Clock{Now: noon, Zone: time.UTC})[0], doctor.OK, "26 Nov 2026 12:00:00 IST")
	expect(t, doctor.CheckClock(doctor.Clock{Now: noon, Zone: time.UTC, Online: &doctor.ServerTime{Err: errors.New("offline")}})[0], doctor.Note, "couldn't be asked")
	for _, year := range []int{1970, 2150} {
		expect(t, doctor.CheckClock(doctor.Clock{Now: noon.AddDate(year-2026, 0, 0), Zone: time.UTC})[0], doctor.Problem, "can't be")
	}
}

func TestCheckClock_tells_the_cutoff_in_any_zone(t *testing.T) {
	for zone, want := range map[string]string{"Asia/Kolkata": "27 Nov 06:00", "America/New_York": "26 Nov 19:30", "Pacific/Kiritimati": "27 Nov 14:30"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, doctor.CheckClock(doctor.Clock{Now: noon, Zone: place})[1], doctor.OK, want)
	}
	expect(t, doctor.CheckClock(doctor.Clock{Now: noon})[1], doctor.Problem, "can't be told")
}

func TestCheckAgent(t *testing.T) {
	expect(t, doctor.CheckAgent(doctor.Agent{})[0], doctor.Note, "None runs")
	expect(t, doctor.CheckAgent(doctor.Agent{Hung: true})[0], doctor.Problem, "doesn't answer")
	expect(t, doctor.CheckAgent(doctor.Agent{Running: true, PID: 7, Version: "1", Own: "1"})[0], doctor.OK, "process 7, version 1")
	expect(t, doctor.CheckAgent(doctor.Agent{Running: true, Version: "1", Own: "2"})[0], doctor.Problem, "version 1, and this is 2")
	ill := doctor.CheckAgent(doctor.Agent{Running: true, Problem: "No database.", Notices: "No notices.", NoticesHint: "Install."})
	if len(ill) != 3 || ill[2].Hint != "Install." {
		t.Fatalf("%+v", ill)
	}
	expect(t, ill[1], doctor.Problem, "No database.")
}

func TestCheckTray_and_notifications(t *testing.T) {
	none := doctor.Agent{}
	for _, c := range []struct {
		bus      doctor.Bus
		agent    doctor.Agent
		level    doctor.Level
		mentions string
	}{
		{doctor.Bus{Absent: true}, none, doctor.Note, "No desktop"},
		{doctor.Bus{Err: errors.New("hung")}, none, doctor.Problem, "bus doesn't answer"},
		{doctor.Bus{}, none, doctor.Note, "no tray icons"},
		{doctor.Bus{Owned: true}, none, doctor.OK, "There is one"},
		{doctor.Bus{Owned: true}, doctor.Agent{Running: true}, doctor.Note, "isn't in it"},
		{doctor.Bus{Owned: true}, doctor.Agent{Running: true, Tray: true}, doctor.OK, "shows the agent's"},
	} {
		expect(t, doctor.CheckTray(c.bus, c.agent), c.level, c.mentions)
	}
	for _, c := range []struct {
		bus      doctor.Bus
		level    doctor.Level
		mentions string
	}{
		{doctor.Bus{Absent: true}, doctor.Note, "No desktop"},
		{doctor.Bus{Err: errors.New("hung")}, doctor.Problem, "bus doesn't answer"},
		{doctor.Bus{Owned: true, Silent: true}, doctor.Problem, "service doesn't answer"},
		{doctor.Bus{Owned: true, Provider: "dunst"}, doctor.OK, "dunst"},
		{doctor.Bus{Owned: true}, doctor.OK, "There is a service"},
		{doctor.Bus{Startable: true}, doctor.OK, "when it is needed"},
		{doctor.Bus{}, doctor.Problem, "no service"},
	} {
		expect(t, doctor.CheckNotifications(c.bus), c.level, c.mentions)
	}
}

func TestCheckWebView(t *testing.T) {
	ldd := "\tlinux-vdso.so.1 (0x00007)\n\tlibwebkit2gtk-4.1.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x00007)\n"
	missing := doctor.MissingLibraries(ldd)
	if len(missing) != 1 || missing[0] != "libwebkit2gtk-4.1.so.0" {
		t.Fatalf("missing %q", missing)
	}
	expect(t, doctor.CheckWebView(doctor.WebView{Exists: true, Checked: true, Missing: missing}), doctor.Problem, "libwebkit2gtk-4.1.so.0 is missing")
	expect(t, doctor.CheckWebView(doctor.WebView{Program: "/usr/bin/kite-accounts"}), doctor.Note, "isn't at /usr/bin/kite-accounts")
	expect(t, doctor.CheckWebView(doctor.WebView{Exists: true}), doctor.Note, "can't be told")
	expect(t, doctor.CheckWebView(doctor.WebView{Exists: true, Checked: true}), doctor.OK, "all its libraries")
}

func TestCheckLocalAPI(t *testing.T) {
	for _, c := range []struct {
		api      doctor.LocalAPI
		level    doctor.Level
		mentions string
	}{
		{doctor.LocalAPI{Port: 51731, Free: true}, doctor.OK, "off, and its port 127.0.0.1:51731 is free"},
		{doctor.LocalAPI{}, doctor.Note, "something else listens"},
		{doctor.LocalAPI{On: true, Free: true, Running: true}, doctor.Problem, "nobody listens"},
		{doctor.LocalAPI{On: true, Free: true}, doctor.Note, "no agent runs"},
		{doctor.LocalAPI{On: true}, doctor.Note, "something listens"},
		{doctor.LocalAPI{On: true, Running: true}, doctor.OK, "It is on"},
		{doctor.LocalAPI{Err: errors.New("damaged")}, doctor.Note, "can't be told"},
	} {
		expect(t, doctor.CheckLocalAPI(c.api), c.level, c.mentions)
	}
}
