// Command notes writes, from build/release/releases.yaml, what packages say of
// releases: the AppStream metadata, Debian's changelog and RPM's. It is run by
// build/package/linux.sh.
package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/kiteaccounts/kite-accounts/build/release/releases"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "notes:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("notes", flag.ContinueOnError)
	from := flags.String("releases", releases.File, "read releases from `FILE`")
	fill := flags.String("metainfo", "", "write AppStream metadata from this template `FILE`")
	format := flags.String("changelog", "", "write a changelog for deb or rpm")
	version := flags.String("version", "", "`VERSION` of the build that the changelog is for")
	epoch := flags.Int64("date", 0, "its commit was made at `SECONDS` since 1970")
	maintainer := flags.String("maintainer", "", "`NAME` and address in the changelog")
	if err := flags.Parse(args); err != nil {
		return err
	}
	published, err := releases.ReadOut(*from)
	if err != nil {
		return err
	}
	all := withBuild(published, *version, time.Unix(*epoch, 0).UTC())
	switch {
	case *fill != "":
		return metainfo(out, *fill, published)
	case *version == "" || *maintainer == "":
		return errors.New("a changelog needs -version and -maintainer")
	case *format == "deb":
		return debChangelog(out, all, *maintainer)
	case *format == "rpm":
		return rpmChangelog(out, all, *maintainer)
	}
	return errors.New("neither -metainfo nor a -changelog that is known was asked for")
}

// withBuild puts an entry for a build that is no release before the others: the
// newest entry of a changelog is the package's own.
func withBuild(published []releases.Release, version string, date time.Time) []releases.Release {
	if len(published) > 0 && published[0].Version == version {
		return published
	}
	build := releases.Release{Version: version, Date: date, Notes: []string{"A build between releases."}}
	return append([]releases.Release{build}, published...)
}

// metainfo fills the template, where xml escapes a text. AppStream compares
// versions as packages do.
func metainfo(out io.Writer, file string, published []releases.Release) error {
	t, err := template.New(filepath.Base(file)).Funcs(template.FuncMap{"xml": escaped, "packaged": packageVersion}).ParseFiles(file)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	return t.Execute(out, published)
}

func escaped(text string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

// debChangelog writes a file as in
// https://www.debian.org/doc/debian-policy/ch-source.html#debian-changelog-debian-changelog.
func debChangelog(out io.Writer, all []releases.Release, maintainer string) error {
	for i, r := range all {
		urgency := "medium"
		if r.Security {
			urgency = "high"
		}
		_, err := fmt.Fprintf(out, "%skite-accounts (%s) unstable; urgency=%s\n\n%s\n -- %s  %s\n", strings.Repeat("\n", min(i, 1)),
			packageVersion(r.Version), urgency, items(r.Notes), maintainer, r.Date.Format(time.RFC1123Z))
		if err != nil {
			return err
		}
	}
	return nil
}

// items are a release's notes, wrapped as changelogs are.
func items(notes []string) string {
	var b strings.Builder
	for _, note := range notes {
		line := "  *"
		for word := range strings.FieldsSeq(note) {
			if len(line)+1+len(word) > 79 {
				b.WriteString(line + "\n")
				line = "   "
			}
			line += " " + word
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// rpmChangelog writes what nfpm puts into the .rpm,
// https://github.com/goreleaser/chglog.
func rpmChangelog(out io.Writer, all []releases.Release, maintainer string) error {
	type change struct {
		Note string `yaml:"note"`
	}
	type entry struct {
		Semver   string    `yaml:"semver"`
		Date     time.Time `yaml:"date"`
		Packager string    `yaml:"packager"`
		Changes  []change  `yaml:"changes"`
	}
	entries := make([]entry, 0, len(all))
	for _, r := range all {
		e := entry{Semver: packageVersion(r.Version) + "-1", Date: r.Date, Packager: maintainer}
		for _, note := range r.Notes {
			e.Changes = append(e.Changes, change{note})
		}
		entries = append(entries, e)
	}
	text, err := yaml.Marshal(entries)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// packageVersion has a pre-release sort before its release, as nfpm does.
func packageVersion(version string) string {
	number, metadata, ok := strings.Cut(version, "+")
	number = strings.Replace(number, "-", "~", 1)
	if ok {
		return number + "+" + metadata
	}
	return number
}
