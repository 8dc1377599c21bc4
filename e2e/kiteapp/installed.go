package kiteapp

import "github.com/kiteaccounts/kite-accounts/e2e/desktop"

// Installed is the program as its user has it from a package, in the folder of
// the desktop's system that has both programs, with the data folder that it
// chooses itself.
func Installed(d *desktop.Desktop, programs string) *App {
	return &App{Desktop: d, Programs: programs, DataDir: d.Path("home/.local/share/kite-accounts"), installed: true}
}

// dataDir are the arguments that name the data folder.
func (a *App) dataDir() []string {
	if a.installed {
		return nil
	}
	return []string{"--data-dir", a.DataDir}
}
