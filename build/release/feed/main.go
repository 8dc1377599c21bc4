// Command feed makes the feed of releases, which the update check reads, or the
// notes of one release, from build/release/releases.yaml:
//
//	go run ./build/release/feed -out build/dist/feed.json
//	go run ./build/release/feed -markdown 1.2.3
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
	"github.com/kiteaccounts/kite-accounts/build/release/releases"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "feed:", err)
		os.Exit(1)
	}
}

// run does one of both. A feed that its reader wouldn't read as it is written is
// an error.
func run(args []string, out io.Writer, now time.Time) error {
	flags := flag.NewFlagSet("feed", flag.ContinueOnError)
	from := flags.String("releases", releases.File, "read releases from `FILE`")
	to := flags.String("out", "", "write the feed to `FILE`")
	version := flags.String("version", "", "the newest release has to be `VERSION`")
	markdown := flags.String("markdown", "", "print the notes of `VERSION`")
	valid := flags.Int("days", 180, "the feed holds for so many `DAYS`: make and sign it anew before")
	pages := flags.String("pages", "https://github.com/kiteaccounts/kite-accounts/releases/tag/v", "`URL` of a release's page, without its version")
	address := flags.String("url", "https://github.com/kiteaccounts/kite-accounts/releases/latest/download/feed.json", "`URL` that the feed will have")
	if err := flags.Parse(args); err != nil {
		return err
	}
	all, err := releases.ReadOut(*from)
	if err != nil {
		return err
	}
	if *markdown != "" {
		return printNotes(out, all, *markdown)
	}
	if *version != "" && (len(all) == 0 || all[0].Version != *version) {
		return fmt.Errorf("%s isn't the newest release with a date in %s", *version, *from)
	}
	text, err := encode(feedOf(all, *pages, now, *valid), *address)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*to, text, 0o644); err != nil { //nolint:gosec // everybody may read it
		return fmt.Errorf("write feed: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s tells of %d releases and holds until %s\n", *to, len(all), now.AddDate(0, 0, *valid).Format(time.DateOnly))
	return err
}

func feedOf(all []releases.Release, pages string, now time.Time, days int) update.Feed {
	now = now.UTC().Truncate(time.Second)
	f := update.Feed{Schema: update.Schema, Published: now, Expires: now.AddDate(0, 0, days), Releases: []update.Release{}}
	for _, r := range all[:min(len(all), update.MaxReleases)] {
		f.Releases = append(f.Releases, update.Release{
			Version: r.Version, Date: kite.Day(r.Date.Format(time.DateOnly)), Notes: r.Notes, Page: pages + r.Version, Security: r.Security,
		})
	}
	return f
}

// encode writes the feed and reads it as the program will.
func encode(f update.Feed, address string) ([]byte, error) {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	at, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the feed's address: %w", err)
	}
	read, err := update.Parse(text, at)
	if err != nil {
		return nil, err
	}
	for i, r := range read.Releases {
		if !slices.Equal(r.Notes, f.Releases[i].Notes) || r.Version != f.Releases[i].Version {
			return nil, fmt.Errorf("the notes of %s would be shown other than they are written", f.Releases[i].Version)
		}
	}
	return append(text, '\n'), nil
}

// printNotes prints a release's notes in Markdown, for its page.
func printNotes(out io.Writer, all []releases.Release, version string) error {
	i := slices.IndexFunc(all, func(r releases.Release) bool { return r.Version == version })
	if i < 0 {
		return fmt.Errorf("there is no release %s with a date", version)
	}
	var text strings.Builder
	if all[i].Security {
		text.WriteString("**Closes a security hole.**\n\n")
	}
	for _, note := range all[i].Notes {
		fmt.Fprintf(&text, "- %s\n", escape.Replace(note))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// escape keeps what Markdown would take for markup.
var escape = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", "&", "&amp;", "#", `\#`)
