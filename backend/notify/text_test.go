package notify

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

const id = "11111111-2222-4333-8444-555555555555"

func TestKey_comes_back_as_the_request(t *testing.T) {
	for _, want := range []kite.Request{
		{}, {Show: id}, {Login: id}, {LoginAll: true}, {Preferences: true}, {Later: true},
	} {
		if got, ours := requestOf(keyOf(want)); !ours || got != want {
			t.Errorf("%+v came back as %+v, %v", want, got, ours)
		}
	}
}

func TestKey_of_anything_else_isnt_ours(t *testing.T) {
	for _, key := range []string{
		"", "default", "open", "login:" + id, "kite-accounts:", "kite-accounts:show:", "kite-accounts:login:",
		"kite-accounts:login: " + id, "kite-accounts:login:" + id + "\n", "kite-accounts:show:../x", "kite-accounts:show:é",
		"kite-accounts:Open", "kite-accounts:open ", "kite-accounts:show:" + strings.Repeat("a", 65), "kite-accounts:login-all:x",
	} {
		if got, ours := requestOf(key); ours || got != (kite.Request{}) {
			t.Errorf("%q is %+v", key, got)
		}
	}
}

func TestTitle_is_one_clean_line(t *testing.T) {
	if got := title("a\nb\x00c\u0085d\xffe"); got != "a b c d\uFFFDe" {
		t.Errorf("%q", got)
	}
	if got := []rune(title(strings.Repeat("ä", 300))); len(got) != longestTitle || got[longestTitle-1] != '…' {
		t.Errorf("%d runes", len(got))
	}
	if got := body("a\nb\tc"); got != "a\nb c" {
		t.Errorf("%q", got)
	}
}

func TestToast_escapes_names_and_answers_with_its_handle(t *testing.T) {
	hostile := `]]> "'<&$(calc) ` + "`x`\x01"
	text, err := toastXML(kite.Notice{
		Title: hostile, Body: hostile, Urgent: true, Open: kite.Request{Show: id},
		Actions: []kite.NoticeAction{{Label: hostile, Do: kite.Request{Login: id}}},
	}, toastHandle(3))
	if err != nil {
		t.Fatal(err)
	}
	var read toast
	if err := xml.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(hostile, "\x01", " ")
	if read.Visual.Binding.Texts[0] != want || read.Visual.Binding.Texts[1] != want || read.Actions[0].Content != want {
		t.Errorf("%+v", read)
	}
	for arguments, want := range map[string]kite.Request{read.Launch: {Show: id}, read.Actions[0].Arguments: {Login: id}} {
		if got, ours := parseArguments(arguments); !ours || got.Handle != "toast-3" || got.Do != want {
			t.Errorf("%q is %+v", arguments, got)
		}
	}
	for _, arguments := range []string{"", "toast-3", "toast-x kite-accounts:open", "3 kite-accounts:open", "toast-3 kite-accounts:open more"} {
		if got, ours := parseArguments(arguments); ours {
			t.Errorf("%q is %+v", arguments, got)
		}
	}
}

func TestToast_has_no_character_that_go_ole_would_count_wrongly(t *testing.T) {
	long := strings.Repeat("🪁", 5000)
	text, err := toastXML(kite.Notice{Title: long, Body: long, Actions: []kite.NoticeAction{{Label: "🪁", Do: kite.Request{Later: true}}}}, toastHandle(1))
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r > 0xFFFF }); i >= 0 {
		t.Errorf("a pair of units at %d", i)
	}
	var read toast
	if err := xml.Unmarshal([]byte(text), &read); err != nil || read.Actions[0].Content != "🪁" || !strings.HasPrefix(read.Visual.Binding.Texts[1], "🪁🪁") {
		t.Errorf("%v, %+v", err, read)
	}
	if len(text) > 5*1024 {
		t.Errorf("%d bytes, which Windows would refuse", len(text))
	}
}

// Windows ignores that a notice is a reminder unless a button is of the
// background.
func TestToast_that_stays_has_a_button_of_the_background(t *testing.T) {
	text, err := toastXML(kite.Notice{Urgent: true, Actions: []kite.NoticeAction{
		{Label: "Log in", Do: kite.Request{Login: id}}, {Label: "Later", Do: kite.Request{Later: true}},
	}}, toastHandle(1))
	if err != nil {
		t.Fatal(err)
	}
	var read toast
	if err := xml.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	if read.Scenario != "reminder" || read.Actions[0].Activation != "foreground" || read.Actions[1].Activation != "background" {
		t.Errorf("%+v", read)
	}
}

func TestInert_leaves_nothing_for_a_shell_or_script(t *testing.T) {
	if got := inert("-x $(calc) `y` ]]> \"@ <b>&\\"); strings.ContainsAny(got, "$`<>&\"\\") || strings.HasPrefix(got, "-") {
		t.Error(got)
	}
}

func TestNew_waits_three_seconds(t *testing.T) {
	if d := New(nil).Deadline; d != 3*time.Second {
		t.Error(d)
	}
}
