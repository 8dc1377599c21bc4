package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Feed is what the file of releases says:
//
//	{"schema": 1, "published": "2026-11-30T09:00:00Z", "expires": "2027-05-29T09:00:00Z",
//	 "releases": [{"version": "1.2.3", "date": "2026-11-30", "notes": ["…"],
//	               "page": "https://github.com/kiteaccounts/kite-accounts/releases/tag/v1.2.3", "security": false}]}
//
// Fields that aren't known are left out, so that later feeds may have more.
type Feed struct {
	Schema    int       `json:"schema"`
	Published time.Time `json:"published"` // when it was signed; a later feed replaces an earlier one
	Expires   time.Time `json:"expires"`   // from then on it doesn't say what the newest version is
	Releases  []Release `json:"releases"`  // newest first
}

// Release is one version that is out.
type Release struct {
	Version  string   `json:"version"`
	Date     kite.Day `json:"date"`
	Notes    []string `json:"notes"` // plain text, a line each
	Page     string   `json:"page"`  // https, where it can be got
	Security bool     `json:"security"`
}

// The bounds of a feed. What is longer is cut, what is more is left out; a feed
// that is larger than MaxFeed isn't read.
const (
	Schema = 1

	MaxFeed     = 256 << 10 // bytes
	MaxReleases = 50
	MaxNotes    = 20  // of a release
	MaxNote     = 300 // characters
	maxPage     = 300 // bytes
)

// Parse reads a feed that is signed already. at is its address, which says what
// pages it may name. What comes back is fit to be shown: newest first, notes of
// plain text. Anything that makes no sense spoils the whole feed.
func Parse(data []byte, at *url.URL) (Feed, error) {
	var f Feed
	if len(data) > MaxFeed {
		return Feed{}, errors.New("read feed: it is too long")
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return Feed{}, fmt.Errorf("read feed: %w", err)
	}
	switch {
	case f.Schema != Schema:
		return Feed{}, fmt.Errorf("read feed: its schema is %d and not %d", f.Schema, Schema)
	case f.Published.IsZero(), !f.Expires.After(f.Published):
		return Feed{}, errors.New("read feed: it says nothing sensible of when it holds")
	}
	f.Published, f.Expires = f.Published.UTC(), f.Expires.UTC()
	seen := map[string]bool{}
	for i := range f.Releases {
		if err := f.Releases[i].check(at); err != nil {
			return Feed{}, fmt.Errorf("read feed: release %d: %w", i+1, err)
		}
		f.Releases[i].clean()
		if v := f.Releases[i].Version; seen[v] {
			return Feed{}, fmt.Errorf("read feed: version %s is there twice", v)
		}
		seen[f.Releases[i].Version] = true
	}
	slices.SortStableFunc(f.Releases, func(a, b Release) int { return Compare(b.Version, a.Version) })
	f.Releases = f.Releases[:min(len(f.Releases), MaxReleases)]
	return f, nil
}

func (r Release) check(at *url.URL) error {
	if !Valid(r.Version) {
		return errors.New("its version makes no sense")
	}
	if !r.Date.Valid() {
		return errors.New("its date makes no sense")
	}
	return checkPage(r.Page, at)
}

func (r *Release) clean() {
	notes := []string{}
	for _, note := range r.Notes {
		if note = plain(note, MaxNote); note != "" && len(notes) < MaxNotes {
			notes = append(notes, note)
		}
	}
	r.Notes = notes
}

// since are the releases that are newer than a version, newest first: those
// for trying out only for whoever has such a one already.
func since(releases []Release, version string) []Release {
	newer := []Release{}
	for _, r := range releases {
		if Newer(r.Version, version) && (!preview(r.Version) || preview(version)) {
			newer = append(newer, r)
		}
	}
	return newer
}
