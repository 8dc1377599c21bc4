package cli

import (
	"debug/buildinfo"
	"path/filepath"
	"runtime"

	"github.com/kiteaccounts/kite-accounts/backend/doctor"
)

// versions lists what is installed. The window's program tells its own version
// only in its window; what it was built with can be read.
func versions(own string) []doctor.Check {
	parts := []string{"kitectl " + own, runtime.Version(), sqliteVersion()}
	if folder, err := ownFolder(); err == nil {
		if info, err := buildinfo.ReadFile(filepath.Join(folder, windowName)); err == nil {
			parts = append(parts, "kite-accounts built with "+info.GoVersion)
		}
	}
	system := runtime.GOOS + "/" + runtime.GOARCH
	if name := systemName(); name != "" {
		system = name + " (" + system + ")"
	}
	return []doctor.Check{doctor.CheckVersions(append(parts, system)...)}
}
