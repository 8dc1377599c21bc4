package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

type versionCmd struct {
	Check bool `help:"Ask the release feed, this once, whether a newer version is out. It learns your address and that you ask, nothing else."`
}

// Run prints the version and, if asked to, what is newer.
func (c versionCmd) Run(out *output, global *commands) error {
	if _, err := fmt.Fprintln(out, "kitectl", out.version); err != nil || !c.Check {
		return err
	}
	dir, err := datadir.Open(global.DataDir)
	if err != nil {
		return err
	}
	status, err := checkUpdates(context.Background(), dir, out.version)
	if err != nil {
		return err
	}
	return printUpdates(out, status)
}

// checkUpdates asks once. What it learns is kept for the window, unless nobody
// has opened Kite Accounts here yet: a question makes no database.
func checkUpdates(ctx context.Context, dir datadir.Dir, version string) (update.Status, error) {
	self, err := os.Executable()
	if err != nil {
		return update.Status{}, fmt.Errorf("find own program: %w", err)
	}
	log, closeLog, err := logging.Open(dir.Log("kitectl"))
	if err != nil {
		return update.Status{}, err
	}
	defer func() { _ = closeLog() }()
	settings, closeSettings, err := openSettings(ctx, dir)
	if err != nil {
		return update.Status{}, err
	}
	defer closeSettings()
	service := update.Service{
		Version: version, Package: update.PackagedAs(self), Source: func() (update.Source, error) { return update.Stamped(dir.Path()) },
		Settings: settings, Clock: clock.ForDataDir(dir.Path()), Events: kite.PublisherFunc(func(kite.Event) {}), Log: log,
	}
	return service.Check(ctx)
}

func openSettings(ctx context.Context, dir datadir.Dir) (kite.Settings, func(), error) {
	if _, err := os.Stat(dir.Database()); os.IsNotExist(err) {
		return passing{}, func() {}, nil
	}
	db, err := sqlite.Open(ctx, dir.Database())
	if err != nil {
		return nil, nil, err
	}
	return db.Settings(), func() { _ = db.Close() }, nil
}

// passing are settings that are gone with the process.
type passing map[string]string

var _ kite.Settings = passing{}

// Setting see kite.Settings.
func (p passing) Setting(_ context.Context, key string) (string, error) { return p[key], nil }

// SetSetting see kite.Settings.
func (p passing) SetSetting(_ context.Context, key, value string) error {
	p[key] = value
	return nil
}

func printUpdates(out *output, s update.Status) error {
	var text strings.Builder
	switch s.Result {
	case update.ResultNewest:
		text.WriteString("This is the newest version.\n")
	case update.ResultNewer:
		fmt.Fprintf(&text, "Version %s is out: %s\n", s.Releases[0].Version, s.Releases[0].Page)
		for _, r := range s.Releases {
			fmt.Fprintf(&text, "\n%s, %s%s\n", r.Version, r.Date, map[bool]string{true: ", closes a security hole"}[r.Security])
			for _, note := range r.Notes {
				fmt.Fprintf(&text, "  - %s\n", note)
			}
		}
	default:
		text.WriteString("Whether a newer version is out can't be told: the list of releases has expired.\n")
	}
	_, err := out.Write([]byte(text.String()))
	return err
}
