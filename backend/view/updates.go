package view

import (
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// Updates is what is known about newer versions, without asking anybody.
type Updates struct {
	Barrier   string    `json:"barrier"` // why this program doesn't check: package, noKey, or empty
	Version   string    `json:"version"` // ours
	Result    string    `json:"result"`  // never, newest, newer, unknown
	CheckedAt *int64    `json:"checkedAt"`
	Releases  []Release `json:"releases"` // newer than ours, newest first
	Skipped   bool      `json:"skipped"`  // the newest isn't to be told of
}

// Release is one version that is out. Where it can be got stays in Go.
type Release struct {
	Version  string   `json:"version"`
	Date     string   `json:"date"`  // 2026-11-30
	Notes    []string `json:"notes"` // plain text
	Security bool     `json:"security"`
}

// UpdatesOf shapes the status of that version.
func UpdatesOf(version string, s update.Status) Updates {
	v := Updates{
		Barrier: string(s.Barrier), Version: version, Result: string(s.Result), CheckedAt: Millis(s.CheckedAt),
		Releases: []Release{}, Skipped: s.Skipped,
	}
	for _, r := range s.Releases {
		v.Releases = append(v.Releases, Release{Version: r.Version, Date: string(r.Date), Notes: append([]string{}, r.Notes...), Security: r.Security})
	}
	return v
}

// About is what the program says of itself. It names nothing of the user's but
// the data folder.
type About struct {
	Version    string `json:"version"`
	Commit     string `json:"commit"`    // short hash; empty for a release
	Parts      []Part `json:"parts"`     // what it is made of and runs on
	Installed  string `json:"installed"` // a sentence on who updates it
	Licences   bool   `json:"licences"`  // OpenLicences has a file to open
	DataFolder string `json:"dataFolder"`

	SandboxAvailable bool `json:"sandboxAvailable"`
}

// Part is a library or system with its version.
type Part struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}
