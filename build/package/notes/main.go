// Command notes writes, from build/release/releases.yaml, what packages say of
// releases: the AppStream metadata and Debian's changelog. It is run by
// build/package/stage.sh.
package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"
	"time"

	"go.yaml.in/yaml/v4"
)

// release is an entry of releases.yaml. One without a date isn't out yet.
type release struct {
	Version  string    `yaml:"version"`
	Date     time.Time `yaml:"date"`
	Security bool      `yaml:"security"`
	Notes    []string  `yaml:"notes"`
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "notes:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("notes", flag.ContinueOnError)
	from := flags.String("releases", "build/release/releases.yaml", "read releases from `FILE`")
	fill := flags.String("metainfo", "", "write AppStream metadata from this template `FILE`")
	version := flags.String("changelog", "", "write Debian's changelog of a build of this `VERSION`")
	epoch := flags.Int64("date", 0, "the build's commit was made at `SECONDS` since 1970")
	maintainer := flags.String("maintainer", "", "`NAME` and address in the changelog")
	if err := flags.Parse(args); err != nil {
		return err
	}
	text, err := os.ReadFile(*from)
	if err != nil {
		return fmt.Errorf("read releases: %w", err)
	}
	var all []release
	if err := yaml.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("read %s: %w", *from, err)
	}
	switch {
	case *fill != "":
		return metainfo(out, *fill, released(all))
	case *version != "":
		return changelog(out, withBuild(released(all), *version, time.Unix(*epoch, 0).UTC()), *maintainer)
	}
	return errors.New("neither -metainfo nor -changelog was asked for")
}

func released(all []release) (out []release) {
	for _, r := range all {
		if !r.Date.IsZero() {
			out = append(out, r)
		}
	}
	return out
}

// withBuild puts an entry for a build that is no release before the others: the
// newest entry of a changelog is the package's own.
func withBuild(releases []release, version string, date time.Time) []release {
	if len(releases) > 0 && releases[0].Version == version {
		return releases
	}
	build := release{Version: version, Date: date, Notes: []string{"A build between releases."}}
	return append([]release{build}, releases...)
}

// metainfo fills the template, in which texts must be escaped.
func metainfo(out io.Writer, file string, releases []release) error {
	t, err := template.New("").Funcs(template.FuncMap{"xml": escaped}).ParseFiles(file)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	return t.ExecuteTemplate(out, file[strings.LastIndex(file, "/")+1:], releases)
}

func escaped(text string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

// changelog writes https://www.debian.org/doc/debian-policy/ch-source.html#debian-changelog-debian-changelog.
func changelog(out io.Writer, releases []release, maintainer string) error {
	for i, r := range releases {
		urgency := "medium"
		if r.Security {
			urgency = "high"
		}
		separator := strings.Repeat("\n", min(i, 1))
		if _, err := fmt.Fprintf(out, "%skite-accounts (%s) unstable; urgency=%s\n\n%s\n -- %s  %s\n", separator,
			debianVersion(r.Version), urgency, items(r.Notes), maintainer, r.Date.Format(time.RFC1123Z)); err != nil {
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

// debianVersion has a pre-release sort before its release, as nfpm does.
func debianVersion(version string) string {
	number, metadata, dirty := strings.Cut(version, "+")
	number = strings.Replace(number, "-", "~", 1)
	if dirty {
		return number + "+" + metadata
	}
	return number
}
