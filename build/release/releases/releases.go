// Package releases reads build/release/releases.yaml and holds it to its rules.
package releases

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// File is where the releases are, from the root of the project.
const File = "build/release/releases.yaml"

// Release is one entry. One without a date isn't out yet.
type Release struct {
	Version  string    `yaml:"version"`
	Date     time.Time `yaml:"date"`
	Security bool      `yaml:"security"`
	Notes    []string  `yaml:"notes"`
}

// Out says whether it has a date.
func (r Release) Out() bool { return !r.Date.IsZero() }

// Preview says whether it is for trying out, such as 1.3.0-rc.1.
func (r Release) Preview() bool { return strings.Contains(r.Version, "-") }

// ReadOut returns the entries of Read that are out.
func ReadOut(path string) ([]Release, error) {
	all, err := Read(path)
	return slices.DeleteFunc(all, func(r Release) bool { return !r.Out() }), err
}

// Read returns the entries, newest first. Whatever a reader of the feed would
// cut or refuse is an error here.
func Read(path string) ([]Release, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read releases: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var all []Release
	if err := decoder.Decode(&all); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	for i, r := range all {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("read %s: %s: %w", path, r.Version, err)
		}
		if i > 0 && !update.Newer(all[i-1].Version, r.Version) {
			return nil, fmt.Errorf("read %s: %s stands below %s, which isn't newer", path, r.Version, all[i-1].Version)
		}
		if i > 0 && all[i-1].Out() && !r.Out() {
			return nil, fmt.Errorf("read %s: %s is out and %s, which is older, isn't", path, all[i-1].Version, r.Version)
		}
	}
	return all, nil
}

func (r Release) check() error {
	switch {
	case !update.Valid(r.Version), strings.Contains(r.Version, "+"):
		return errors.New("the version isn't one of a release")
	case len(r.Notes) == 0:
		return errors.New("it has no notes")
	case len(r.Notes) > update.MaxNotes:
		return fmt.Errorf("it has more than %d notes", update.MaxNotes)
	}
	for _, note := range r.Notes {
		if note != strings.TrimSpace(note) || note == "" || utf8.RuneCountInString(note) > update.MaxNote || strings.ContainsAny(note, "\n\r\t") {
			return fmt.Errorf("a note isn't one line of at most %d characters: %.40q", update.MaxNote, note)
		}
	}
	return nil
}
