package update_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func address(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

const githubFeed = "https://github.com/kiteaccounts/kite-accounts/releases/latest/download/feed.json"

func TestFeed_is_read_newest_first(t *testing.T) {
	later := release("1.10.0", "Later.")
	later.Security = true
	f, err := update.Parse(encode(t, feedOf(release("1.9.0"), later, release("1.10.0-rc.1"))), address(t, githubFeed))
	if err != nil {
		t.Fatal(err)
	}
	var versions []string
	for _, r := range f.Releases {
		versions = append(versions, r.Version)
	}
	if !slices.Equal(versions, []string{"1.10.0", "1.10.0-rc.1", "1.9.0"}) || !f.Releases[0].Security || f.Releases[0].Notes[0] != "Later." || f.Releases[1].Notes == nil {
		t.Errorf("%+v", f.Releases)
	}
	if !f.Published.Equal(published) {
		t.Errorf("published %v", f.Published)
	}
}

func TestFeed_that_makes_no_sense_is_refused_whole(t *testing.T) {
	for name, spoil := range map[string]func(*update.Feed){
		"schema":           func(f *update.Feed) { f.Schema = 2 },
		"no schema":        func(f *update.Feed) { f.Schema = 0 },
		"no dates":         func(f *update.Feed) { f.Published, f.Expires = time.Time{}, time.Time{} },
		"ends at once":     func(f *update.Feed) { f.Expires = f.Published },
		"version":          func(f *update.Feed) { f.Releases[1].Version = "1.2" },
		"version with v":   func(f *update.Feed) { f.Releases[1].Version = "v1.2.3" },
		"version and text": func(f *update.Feed) { f.Releases[1].Version = "1.2.3 is out" },
		"long version":     func(f *update.Feed) { f.Releases[1].Version = "1.2.3-" + strings.Repeat("a", 64) },
		"same version":     func(f *update.Feed) { f.Releases[1].Version = f.Releases[0].Version },
		"day":              func(f *update.Feed) { f.Releases[1].Date = "2026-02-30" },
		"page":             func(f *update.Feed) { f.Releases[1].Page = "https://evil.example/" },
		"no page":          func(f *update.Feed) { f.Releases[1].Page = "" },
	} {
		f := feedOf(release("1.2.3"), release("1.2.2"))
		if _, err := update.Parse(encode(t, f), address(t, githubFeed)); err != nil {
			t.Fatal(err)
		}
		spoil(&f)
		if got, err := update.Parse(encode(t, f), address(t, githubFeed)); err == nil || len(got.Releases) > 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, text := range []string{"", "null", "{}", "[]", "{\"schema\":1}", "{\"schema\":1,\"published\":\"yesterday\"}", strings.Repeat(" ", update.MaxFeed+1)} {
		if _, err := update.Parse([]byte(text), address(t, githubFeed)); err == nil {
			t.Errorf("%.40q is a feed", text)
		}
	}
}

func TestFeed_is_bounded(t *testing.T) {
	var many []update.Release
	for i := range 100 {
		many = append(many, release(fmt.Sprintf("1.%d.%d", i/10, i%10)))
	}
	many[99].Notes = slices.Repeat([]string{"note"}, 100)
	many[98].Notes = []string{strings.Repeat("é", 2000)}
	f, err := update.Parse(encode(t, feedOf(many...)), address(t, githubFeed))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Releases) != update.MaxReleases || f.Releases[0].Version != "1.9.9" || len(f.Releases[0].Notes) != update.MaxNotes {
		t.Errorf("%d releases, first %s with %d notes", len(f.Releases), f.Releases[0].Version, len(f.Releases[0].Notes))
	}
	if note := f.Releases[1].Notes[0]; utf8.RuneCountInString(note) != update.MaxNote || !strings.HasSuffix(note, "…") {
		t.Errorf("a note of %d characters", utf8.RuneCountInString(note))
	}
}

func TestNotes_are_plain_text(t *testing.T) {
	for given, want := range map[string]string{
		"Faster.\nAnd lighter.\t":            "Faster. And lighter.",
		"a\x1b[31mred\x00\u0007":             "a[31mred",
		"\u202egnp.exe\u202c \u2066x\u2069":  "gnp.exe x",
		"soft\u00adhyphen\u200b\ufeff\u2060": "softhyphen",
		"\u061cmark\u200e\u200f":             "mark",
		"tag\U000e0041\U000e0042\ufe0f":      "tag",
		"line\u2028break\u2029":              "line break",
		"<b>bold</b> [link](http://x)":       "<b>bold</b> [link](http://x)",
		"हिंदी, தமிழ், 日本, 👍":                "हिंदी, தமிழ், 日本, 👍",
		"broken \xff\xfe":                    "broken ��",
		"private \ue000 use":                 "private use",
		"\u3164\u115f":                       "",
	} {
		f, err := update.Parse(encode(t, feedOf(release("1.0.0", given))), address(t, githubFeed))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Releases[0].Notes, "|"); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

func TestNotes_whatever_they_are_hold_nothing_that_acts(t *testing.T) {
	fits := func(notes []string) bool {
		f, err := update.Parse(encode(t, feedOf(release("1.0.0", notes...))), address(t, githubFeed))
		return err == nil && harmless(f)
	}
	if err := quick.Check(fits, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

func harmless(f update.Feed) bool {
	for _, r := range f.Releases {
		if len(r.Notes) > update.MaxNotes || !update.Valid(r.Version) || !r.Date.Valid() || !strings.HasPrefix(r.Page, "https://") {
			return false
		}
		for _, note := range r.Notes {
			if note == "" || utf8.RuneCountInString(note) > update.MaxNote || strings.ContainsFunc(note, func(r rune) bool { return !unicode.IsPrint(r) }) {
				return false
			}
		}
	}
	return len(f.Releases) <= update.MaxReleases
}

func TestPages(t *testing.T) {
	own := "https://updates.example.org/feed.json"
	for _, c := range []struct {
		feed, page string
		may        bool
	}{
		{githubFeed, projectPage + "1.0.0", true},
		{githubFeed, "https://github.com/kiteaccounts/", true},
		{githubFeed, "https://github.com/someone/kite-accounts", false},
		{githubFeed, "https://github.com/kiteaccounts/../someone/x", false},
		{githubFeed, "https://github.com/kiteaccounts/%2e%2e/someone/x", false},
		{githubFeed, "https://github.com/kiteaccounts/..%2fsomeone/x", false},
		{githubFeed, "https://github.com/kiteaccounts/..%5csomeone/x", false},
		{githubFeed, "https://github.com/kiteaccounts/x/..", false},
		{githubFeed, "https://github.com\\@evil.example/kiteaccounts/", false},
		{githubFeed, "http://github.com/kiteaccounts/kite-accounts", false},
		{githubFeed, "https://github.com:8443/kiteaccounts/kite-accounts", false},
		{githubFeed, "https://user@github.com/kiteaccounts/kite-accounts", false},
		{githubFeed, "https://github.com.evil.example/kiteaccounts/", false},
		{githubFeed, "https://gіthub.com/kiteaccounts/", false}, // a Cyrillic i
		{githubFeed, "javascript:alert(1)//github.com/kiteaccounts/", false},
		{githubFeed, "https:github.com/kiteaccounts/", false},
		{githubFeed, "https://github.com/kiteaccounts/x y", false},
		{githubFeed, "https://github.com/kiteaccounts/" + strings.Repeat("x", 400), false},
		{githubFeed, "file:///etc/passwd", false},
		{githubFeed, "--help", false},
		{githubFeed, "https://updates.example.org/1.0.0", false},
		{own, "https://updates.example.org/1.0.0", true},
		{own, projectPage + "1.0.0", true},
		{own, "https://other.example.org/1.0.0", false},
	} {
		r := release("1.0.0")
		r.Page = c.page
		if _, err := update.Parse(encode(t, feedOf(r)), address(t, c.feed)); (err == nil) != c.may {
			t.Errorf("%s from %s: %v", c.page, c.feed, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := json.Marshal(feedOf(release("1.2.3", "a note"), release("1.2.2")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"schema":1,"published":"2026-11-30T09:00:00Z","expires":"2027-05-29T09:00:00+05:30","releases":[{"version":"1.2.3-rc.1+x","date":"2026-11-30","notes":["\u202e"],"page":"https://github.com/kiteaccounts/x","security":true,"more":{}}],"more":1}`))
	f.Add([]byte(`{"schema":1,"Schema":1,"releases":null}`))
	at := address(f, githubFeed)
	f.Fuzz(func(t *testing.T, data []byte) {
		feed, err := update.Parse(data, at)
		if err != nil {
			return
		}
		if !harmless(feed) {
			t.Fatalf("%+v", feed)
		}
		again, err := update.Parse(encode(t, feed), at)
		if err != nil || len(again.Releases) != len(feed.Releases) {
			t.Fatalf("what was read can't be read: %v", err)
		}
	})
}
