package cli

import (
	"context"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/doctor"
)

// versions lists what is installed.
func versions(ctx context.Context, own string) []doctor.Check {
	found := doctor.Versions{Own: own, Parts: []string{runtime.Version(), sqliteVersion(), System()}}
	if folder, err := ownFolder(); err == nil {
		found.Window = windowVersion(ctx, filepath.Join(folder, windowName))
	}
	return []doctor.Check{doctor.CheckVersions(found)}
}

// windowVersion asks the window's program, which then opens nothing. It is empty
// if there is none or it doesn't start, which the check of the web view tells.
func windowVersion(ctx context.Context, program string) string {
	out, err := exec.CommandContext(ctx, program, "--version").Output() //nolint:gosec // our own program
	if err != nil {
		return ""
	}
	version, found := strings.CutPrefix(strings.TrimSpace(string(out)), "kite-accounts ")
	if !found {
		return ""
	}
	return printable(version)
}

// System names what the program runs on: distribution, system and processor.
func System() string {
	system := runtime.GOOS + "/" + runtime.GOARCH
	if name := systemName(); name != "" {
		return name + " (" + system + ")"
	}
	return system
}
