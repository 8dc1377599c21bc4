package main

import (
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const entries = `
- version: 2.0.0
  notes: [Isn't out yet.]
- version: 1.1.0
  date: 2026-11-30
  security: true
  notes:
    - Closes a hole in <b>names</b> & other texts that are long enough to be wrapped at least twice, or so we think, since lines end before the eightieth column.
    - A second one.
- version: 1.1.0-rc.1
  date: 2026-11-20
  notes: [A candidate.]
`

const who = "A Person <a@example.org>"

// written is what the command writes for releases.
func written(t *testing.T, text string, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "releases.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(append([]string{"-releases", file}, args...), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func changelogOf(t *testing.T, format, version string) string {
	t.Helper()
	return written(t, entries, "-changelog", format, "-version", version, "-date", "1796000000", "-maintainer", who)
}

const filled = "../../linux/io.github.kiteaccounts.KiteAccounts.metainfo.xml.in"

// metadata is what of the AppStream file is looked at.
type metadata struct {
	Releases []struct {
		Version string   `xml:"version,attr"`
		Date    string   `xml:"date,attr"`
		Type    string   `xml:"type,attr"`
		Urgency string   `xml:"urgency,attr"`
		Notes   []string `xml:"description>ul>li"`
	} `xml:"releases>release"`
}

func TestMetainfo_has_the_releases_that_are_out(t *testing.T) {
	var m metadata
	if err := xml.Unmarshal([]byte(written(t, entries, "-metainfo", filled)), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Releases) != 2 {
		t.Fatalf("%+v", m)
	}
	if r := m.Releases[0]; r.Version != "1.1.0" || r.Date != "2026-11-30" || r.Type != "stable" || r.Urgency != "high" ||
		len(r.Notes) != 2 || !strings.HasPrefix(r.Notes[0], "Closes a hole in <b>names</b> & other texts") {
		t.Errorf("%+v", r)
	}
	if r := m.Releases[1]; r.Version != "1.1.0~rc.1" || r.Type != "development" || r.Urgency != "" {
		t.Errorf("%+v", r)
	}
}

func TestMetainfo_is_valid_before_and_after_the_first_release(t *testing.T) {
	for name, text := range map[string]string{"before": "", "after": entries} {
		file := filepath.Join(t.TempDir(), "io.github.kiteaccounts.KiteAccounts.metainfo.xml")
		if err := os.WriteFile(file, []byte(written(t, text, "-metainfo", filled)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("appstreamcli", "validate", "--no-net", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}

func TestDebChangelog_of_a_release_begins_with_it(t *testing.T) {
	const want = `kite-accounts (1.1.0) unstable; urgency=high

  * Closes a hole in <b>names</b> & other texts that are long enough to be
    wrapped at least twice, or so we think, since lines end before the
    eightieth column.
  * A second one.

 -- A Person <a@example.org>  Mon, 30 Nov 2026 00:00:00 +0000

kite-accounts (1.1.0~rc.1) unstable; urgency=medium

  * A candidate.

 -- A Person <a@example.org>  Fri, 20 Nov 2026 00:00:00 +0000
`
	if got := changelogOf(t, "deb", "1.1.0"); got != want {
		t.Errorf("got:\n%s", got)
	}
}

func TestChangelogs_of_another_build_begin_with_that(t *testing.T) {
	deb := changelogOf(t, "deb", "1.1.0+4.gabc-d")
	if !strings.HasPrefix(deb, "kite-accounts (1.1.0+4.gabc-d) unstable; urgency=medium\n\n  * A build between releases.\n") ||
		!strings.Contains(deb, "Mon, 30 Nov 2026 00:53:20 +0000\n\nkite-accounts (1.1.0)") {
		t.Errorf("got:\n%s", deb)
	}
	rpm := changelogOf(t, "rpm", "1.1.0+4.gabc-d")
	if strings.Count(rpm, "semver: ") != 3 || !strings.HasPrefix(rpm, "- semver: 1.1.0+4.gabc-d-1\n  date: 2026-11-30T00:53:20Z\n") ||
		!strings.Contains(rpm, "semver: 1.1.0~rc.1-1\n") || !strings.Contains(rpm, "note: A second one.\n") {
		t.Errorf("got:\n%s", rpm)
	}
}

func TestRun_holds_the_releases_to_their_rules(t *testing.T) {
	for name, text := range map[string]string{
		"the oldest first":     "- {version: 1.0.0, date: 2026-11-20, notes: [A.]}\n- {version: 1.1.0, date: 2026-11-30, notes: [A.]}",
		"a version with v":     "- {version: v1.0.0, date: 2026-11-20, notes: [A.]}",
		"something misspelled": "- {version: 1.0.0, date: 2026-11-20, securty: true, notes: [A.]}",
		"no notes":             "- {version: 1.0.0, date: 2026-11-20}",
	} {
		file := filepath.Join(t.TempDir(), "releases.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"-metainfo", filled}, {"-changelog", "deb", "-version", "1.1.0", "-maintainer", who}} {
			if err := run(append([]string{"-releases", file}, args...), io.Discard); err == nil {
				t.Errorf("%s: %q was written", name, args)
			}
		}
	}
}

func TestRun_refuses_what_it_does_not_know(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-releases", "none"}, {"-changelog", "deb"}, {"-changelog", "deb", "-version", "1.0.0"},
		{"-changelog", "apk", "-version", "1.0.0", "-maintainer", who}, {"-metainfo", "none"}, {"-releases", "main.go", "-metainfo", filled},
	} {
		if err := run(append([]string{"-releases", "../../release/releases.yaml"}, args...), io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}
