package cli

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/doctor"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type doctorCmd struct {
	JSON      bool   `help:"Print JSON: checks with name, level (ok, note or problem), message and hint."`
	Online    bool   `help:"Compare the clock with Kite's, which asks its server for a page without saying who asks."`
	OnlineURL string `name:"online-url" hidden:"" help:"Whose clock --online asks for instead of Kite's."`
}

// probeLimit bounds each look. What is looked at has limits of its own, of
// some seconds; this is for what has none or doesn't keep them.
const probeLimit = 8 * time.Second

// Run examines the installation. It asks nobody and changes nothing.
func (c doctorCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	report := doctor.Examine(ctx, c.probes(out.version, global.DataDir))
	var err error
	if c.JSON {
		err = printJSON(out, report)
	} else {
		err = report.Print(out)
	}
	if err != nil {
		return err
	}
	switch n := report.Count(doctor.Problem); n {
	case 0:
		return nil
	case 1:
		return withExit(exitError, kite.Errorf(kite.EINTERNAL, "There is a problem.").WithHint("The line below it says what to do."))
	default:
		return withExit(exitError, kite.Errorf(kite.EINTERNAL, "There are %d problems.", n).WithHint("The line below each says what to do."))
	}
}

// probes are the looks at everything, in the order in which they are told.
func (c doctorCmd) probes(version, flag string) []doctor.Probe {
	before, known := folderBefore(flag)
	dir, err := datadir.Open(flag)
	probe := func(name, hung string, look func(context.Context) []doctor.Check) doctor.Probe {
		return doctor.Probe{Name: name, Limit: probeLimit, Look: look, Hung: hung}
	}
	const relog = "Log out of the desktop and in again."
	if err != nil {
		return []doctor.Probe{
			probe(doctor.NameFolder, "", func(context.Context) []doctor.Check { return []doctor.Check{doctor.CheckNoFolder(err)} }),
			probe(doctor.NameVersions, "", func(ctx context.Context) []doctor.Check { return versions(ctx, version) }),
		}
	}
	e := &examination{dir: dir, version: version}
	e.agent = sync.OnceValue(e.askAgent)
	repaired := known && before.Mode.Perm()&0o077 != 0
	return []doctor.Probe{
		probe(doctor.NameVersions, "Try again.", func(ctx context.Context) []doctor.Check { return versions(ctx, version) }),
		probe(doctor.NameFolder, "Check the disk.", func(context.Context) []doctor.Check { return e.folder(repaired) }),
		probe(doctor.NameDisk, "Check the disk.", e.disk),
		probe(doctor.NameDatabase, "Another program keeps the database busy, or the disk is failing.", e.database),
		probe(doctor.NameKeyring, relog, e.keyring),
		probe(doctor.NameClock, "Check the network.", func(ctx context.Context) []doctor.Check { return e.clock(ctx, c.server()) }),
		probe(doctor.NameAgent, relog, func(context.Context) []doctor.Check { return doctor.CheckAgent(e.agent()) }),
		probe(doctor.NameTray, relog, e.tray),
		probe(doctor.NameNotifications, relog, e.notifications),
		probe(doctor.NameWebView, "Check the disk.", e.webView),
		probe(doctor.NameLocalAPI, relog, e.localAPI),
	}
}

// server is whose clock is asked for, empty for nobody's.
func (c doctorCmd) server() string {
	switch {
	case !c.Online:
		return ""
	case c.OnlineURL != "":
		return c.OnlineURL
	}
	return kite.LiveEndpoints.APIRoot
}

// folderBefore is the data folder as it is before it is opened, which closes
// it to others; false where that can't be told.
func folderBefore(flag string) (doctor.Mode, bool) {
	path := flag
	if path == "" {
		path = os.Getenv(datadir.EnvVar)
	}
	info, err := os.Stat(path)
	if path == "" || err != nil || runtime.GOOS == "windows" {
		return doctor.Mode{}, false
	}
	return doctor.Mode{Path: path, Mode: info.Mode()}, true
}

// examination is what the probes look at.
type examination struct {
	dir     datadir.Dir
	version string
	agent   func() doctor.Agent // asked once for all who want to know
}

func (e *examination) askAgent() doctor.Agent {
	found := doctor.Agent{Own: e.version}
	client, err := agent.Dial(context.Background(), e.dir.Path(), agent.RoleCommand)
	if err != nil {
		found.Hung = !isNone(err)
		return found
	}
	defer client.Close()
	s := client.Status()
	found.Running, found.PID, found.Version, found.Tray = true, s.PID, s.Version, s.Tray
	if s.Problem != nil {
		found.Problem, found.ProblemHint = s.Problem.Message, s.Problem.Hint
	}
	if s.Notifications != nil {
		found.Notices, found.NoticesHint = s.Notifications.Message, s.Notifications.Hint
	}
	return found
}

// folder looks at the permissions; Windows has none of this kind.
func (e *examination) folder(repaired bool) []doctor.Check {
	look := func(path string) (doctor.Mode, bool) {
		info, err := os.Stat(path)
		if err != nil || runtime.GOOS == "windows" {
			return doctor.Mode{Path: path}, false
		}
		return doctor.Mode{Path: path, Mode: info.Mode()}, true
	}
	folder, _ := look(e.dir.Path())
	files, _ := filepath.Glob(e.dir.Database() + "*") // the pattern is right unless the folder has brackets: then none
	logs, _ := filepath.Glob(e.dir.Log("*"))          // as above
	var modes []doctor.Mode
	for _, path := range append(files, logs...) {
		if m, ok := look(path); ok {
			modes = append(modes, m)
		}
	}
	return doctor.CheckFolder(folder, repaired, modes)
}

func (e *examination) disk(context.Context) []doctor.Check {
	return []doctor.Check{doctor.CheckDisk(freeBytes(e.dir.Path()))}
}
