package autostart

import (
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestExecLine_quotes_as_the_specification_says(t *testing.T) {
	for _, c := range []struct {
		program string
		args    []string
		want    string
	}{
		{"/usr/bin/kitectl", []string{"agent"}, "/usr/bin/kitectl agent"},
		{"/opt/Kite Accounts/kitectl", []string{"agent"}, `"/opt/Kite Accounts/kitectl" agent`},
		{"/a", []string{"", "100%", "a=b"}, `/a "" 100%% "a=b"`},
		{"/a", []string{`$HOME`}, `/a "\\$HOME"`},
		{"/a", []string{`\`}, `/a "\\\\"`},
		{"/a", []string{`"` + "`"}, "/a \"\\\\\"\\\\`\""},
	} {
		if got, err := execLine(c.program, c.args); err != nil || got != c.want {
			t.Errorf("%s %q: %s, %v", c.program, c.args, got, err)
		}
	}
}

func TestExecLine_refuses_what_would_be_another_line(t *testing.T) {
	for _, program := range []string{"/a\nHidden=true", "/a\x00", "/a\xff", "/a\tb"} {
		if got, err := execLine(program, nil); err == nil {
			t.Errorf("%q became %q", program, got)
		}
	}
}

func TestSwitchedOn_tells_an_entry_that_starts_this_program(t *testing.T) {
	text, err := desktopFile("/usr/bin/kitectl", []string{"agent"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		on   bool
	}{
		"as written":      {text, true},
		"spaces":          {strings.ReplaceAll(text, "Exec=", "Exec = "), true},
		"comments":        {"# Exec=/other\n\n" + text, true},
		"another group":   {text + "\n[Desktop Action x]\nExec=/other\n", true},
		"hidden":          {text + "Hidden=true\n", false},
		"GNOME's switch":  {strings.Replace(text, "enabled=true", "enabled=false", 1), false},
		"another desktop": {text + "OnlyShowIn=KDE;\n", false},
		"an older place":  {strings.ReplaceAll(text, "/usr/bin", "/opt"), false},
		"other arguments": {strings.Replace(text, "kitectl agent", "kitectl", 1), false},
		"nothing":         {"", false},
		"garbage":         {"\x00\xff[[Desktop Entry]\nExec", false},
		"no group":        {strings.Replace(text, "[Desktop Entry]", "", 1), false},
	} {
		if got := switchedOn(c.text, "/usr/bin/kitectl agent"); got != c.on {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestLaunchAgent_is_well_formed_and_read_again(t *testing.T) {
	program, args := "/Applications/Kite & <Accounts>.app/Contents/MacOS/kite-accounts", []string{"agent", `"x"`}
	plist, err := launchAgent(program, args)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(plist, new(struct{})); err != nil {
		t.Error(err)
	}
	if !launches(plist, program, args) {
		t.Errorf("not ours: %s", plist)
	}
	if launches(plist, "/elsewhere", args) || launches(plist, program, nil) || launches(nil, program, args) {
		t.Error("another one counts as ours")
	}
	off := []byte(strings.Replace(string(plist), "<true/>", "<false/>", 1))
	if launches(off, program, args) {
		t.Error("one that doesn't start counts as on")
	}
}

func TestCommandLine_is_taken_apart_again(t *testing.T) {
	for want, args := range map[string][]string{
		`"C:\Program Files\Kite Accounts\kite-accounts.exe" agent`:        {"agent"},
		`"C:\Program Files\Kite Accounts\kite-accounts.exe" "" "a b" c\d`: {"", "a b", `c\d`},
		`"C:\Program Files\Kite Accounts\kite-accounts.exe" "a\\\"b c\\"`: {`a\"b c\`},
	} {
		if got := commandLine(`C:\Program Files\Kite Accounts\kite-accounts.exe`, args); got != want {
			t.Errorf("%q: %s", args, got)
		}
	}
}

func TestRunLine_is_no_longer_than_Windows_takes(t *testing.T) {
	const quotes = 2
	for length, want := range map[int]bool{260: true, 261: false} {
		program := `C:\` + strings.Repeat("é", length-len(`C:\`)-quotes)
		if line, err := runLine(program, nil); (err == nil) != want || (line != "") != want {
			t.Errorf("%d characters: %q, %v", length, line, err)
		}
	}
	if _, err := runLine(strings.Repeat("🪁", 130), nil); !errors.Is(err, errTooLong) {
		t.Errorf("pairs of units: %v", err)
	}
}

func TestApproved_follows_the_task_manager(t *testing.T) {
	var off []byte
	for _, first := range []byte{2, 3, 6, 7} {
		if !approved([]byte{first, 0, 0, 0}) {
			off = append(off, first)
		}
	}
	if !slices.Equal(off, []byte{3, 7}) || !approved(nil) {
		t.Errorf("off for %v", off)
	}
}

func TestPassing_places_that_are_gone_tomorrow(t *testing.T) {
	for program, want := range map[string]bool{
		"/Applications/Kite Accounts.app/Contents/MacOS/kite-accounts":                                     false,
		"/Users/a/Applications/Kite Accounts.app/Contents/MacOS/kite-accounts":                             false,
		"/Volumes/Kite Accounts/Kite Accounts.app/Contents/MacOS/kite-accounts":                            true,
		"/private/var/folders/x/T/AppTranslocation/0A-1B/d/Kite Accounts.app/Contents/MacOS/kite-accounts": true,
	} {
		if got := passing(program); got != want {
			t.Errorf("%s: %v", program, got)
		}
	}
}

func TestCantBe_says_what_is_known_and_wraps_the_rest(t *testing.T) {
	if got := kite.AsError(cantBe("changed", errNotInstalled)); got.Code != kite.EINVALID || !strings.Contains(got.Hint, "Applications folder") {
		t.Errorf("%+v", got)
	}
	full := errors.New("disk full")
	if got := cantBe("changed", full); kite.AsError(got).Code != kite.EINTERNAL || !errors.Is(got, full) {
		t.Errorf("%v", got)
	}
}
