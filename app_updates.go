package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/mattn/go-sqlite3"
	"github.com/pkg/browser"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/mainwindow"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/update"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// updates is the check for newer versions of this very program.
func (a *app) updates(self string) *program.Updates {
	return &program.Updates{
		Version: version, Package: update.PackagedAs(self),
		Source: func() (update.Source, error) { return update.Stamped(a.dir.Path()) },
	}
}

// UpdateService tells of newer versions. It replaces nothing: what can be done
// is to open a page in the system browser.
type UpdateService struct{ shell }

func (s *UpdateService) service() (*update.Service, context.Context, error) {
	services, ctx, err := s.services()
	if err != nil {
		return nil, ctx, err
	}
	return services.Updates, ctx, nil
}

// Updates tells what is known, without asking anybody.
func (s *UpdateService) Updates() (v view.Updates, err error) {
	defer s.guard("Updates", &err)
	service, ctx, err := s.service()
	if err != nil {
		return v, err
	}
	status, err := service.Status(ctx)
	return view.UpdatesOf(version, status), err
}

// CheckForUpdates asks the feed now; EINVALID where this program doesn't check,
// EOFFLINE if the feed can't be had, EDATA if it can't be trusted.
func (s *UpdateService) CheckForUpdates() (v view.Updates, err error) {
	defer s.guard("CheckForUpdates", &err)
	service, ctx, err := s.service()
	if err != nil {
		return v, err
	}
	status, err := service.Check(ctx)
	return view.UpdatesOf(version, status), err
}

// OpenReleasePage opens the page of the newest release in the system browser;
// ENOTFOUND if none is newer.
func (s *UpdateService) OpenReleasePage() (err error) {
	defer s.guard("OpenReleasePage", &err)
	service, ctx, err := s.service()
	if err != nil {
		return err
	}
	page, err := service.Page(ctx)
	if err != nil {
		return err
	}
	return s.app.browse(page)
}

// SkipRelease keeps the window from telling of that version and earlier ones.
func (s *UpdateService) SkipRelease(version string) (err error) {
	defer s.guard("SkipRelease", &err)
	service, ctx, err := s.service()
	if err != nil {
		return err
	}
	return service.Skip(ctx, version)
}

// About tells version, parts and data folder.
func (s *SettingsService) About() (a view.About, err error) {
	defer s.guard("About", &err)
	self, err := os.Executable()
	if err != nil {
		return a, err
	}
	installed := update.PackagedAs(self).Sentence()
	if installed == "" {
		installed = "Not installed by a package manager: nothing updates it by itself."
	}
	return view.About{
		Version: version, Commit: update.Commit(version), Parts: parts(), Installed: installed, Licences: update.Licences(self) != "",
		DataFolder: s.app.dir.Path(), SandboxAvailable: s.app.sandbox.Available(),
	}, nil
}

// parts are what a report of a defect should name.
func parts() []view.Part {
	sqlite, _, _ := sqlite3.Version()
	list := []view.Part{{Name: "System", Version: cli.System()}}
	if engine, version := mainwindow.Engine(); version != "" {
		list = append(list, view.Part{Name: engine, Version: version})
	}
	list = append(list, view.Part{Name: "Go", Version: strings.TrimPrefix(runtime.Version(), "go")})
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/wailsapp/wails/v2" {
				list = append(list, view.Part{Name: "Wails", Version: strings.TrimPrefix(module.Version, "v")})
			}
		}
	}
	return append(list, view.Part{Name: "SQLite", Version: sqlite})
}

// OpenLicences opens the licences of others' parts in the system's viewer;
// ENOTFOUND where the file isn't.
func (s *SettingsService) OpenLicences() (err error) {
	defer s.guard("OpenLicences", &err)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	path := update.Licences(self)
	if path == "" {
		return kite.Errorf(kite.ENOTFOUND, "The file with the licences isn't here.").WithHint("It comes with every package of Kite Accounts.")
	}
	cannot := func(err error) error {
		return kite.Errorf(kite.EINTERNAL, "The file with the licences couldn't be opened.").WithHint("It is " + path + ".").Because(err)
	}
	folder, err := s.app.dir.Sub("licences")
	if err != nil {
		return cannot(err)
	}
	plain, err := update.Unpacked(path, folder)
	if err != nil {
		return cannot(err)
	}
	if err := browser.OpenFile(plain); err != nil {
		return cannot(err)
	}
	return nil
}
