package cli

import (
	"context"
	"fmt"
	"log/slog"
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

// checkUpdates asks once. What it learns is kept for the window where that has
// a database already.
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
	service := update.Service{
		Version: version, Package: update.PackagedAs(self), Source: func() (update.Source, error) { return update.Stamped(dir.Path()) },
		Settings: passing{}, Clock: clock.ForDataDir(dir.Path()), Events: kite.PublisherFunc(func(kite.Event) {}), Log: log,
	}
	if service.Barrier() == update.BarrierNone {
		settings, closeSettings := openSettings(ctx, dir, log)
		defer closeSettings()
		service.Settings = settings
	}
	return service.Check(ctx)
}

// openSettings are those of the database if it is as this program would have
// it: a question makes and migrates none, and is answered beside any.
func openSettings(ctx context.Context, dir datadir.Dir, log *slog.Logger) (kite.Settings, func()) {
	db := sqlite.OpenAsItIs(ctx, dir.Database())
	if db == nil {
		log.Info("what the check finds isn't kept: there is no database that needs nothing done to it")
		return passing{}, func() {}
	}
	return db.Settings(), func() { _ = db.Close() }
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
