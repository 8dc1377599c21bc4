package backup_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// existing is what a database has after it was made from these entries.
func existing(entries ...backup.Entry) []backup.Existing {
	var all []backup.Existing
	for _, e := range entries {
		all = append(all, backup.Existing{Account: e.Account, Secrets: &e.Secrets})
	}
	return all
}

func mustPlan(t *testing.T, have []backup.Existing, archive backup.Archive, mode backup.Mode) backup.Plan {
	t.Helper()
	p, err := backup.PlanOf(have, archive, mode)
	if err != nil {
		t.Fatal(err)
	}
	again, err := backup.PlanOf(have, archive, mode)
	if err != nil || !reflect.DeepEqual(again.Steps, p.Steps) {
		t.Errorf("planned again: %+v, %v, want %+v", again.Steps, err, p.Steps)
	}
	return p
}

func lines(p backup.Plan) string {
	var all []string
	for _, s := range p.Steps {
		all = append(all, fmt.Sprintf("%s %s: %s", s.Action, s.Name, s.Sentence))
	}
	return strings.Join(all, "\n")
}

func edit(e backup.Entry, change func(a *kite.Account)) backup.Entry {
	change(&e.Account)
	return e
}

func TestB5_duplicates_are_shown(t *testing.T) {
	moved := edit(entry("pair"), func(a *kite.Account) { a.ID = id("elsewhere") })
	changed := edit(entry("changed"), func(a *kite.Account) { a.PhoneNumber, a.CallbackURL = "", "https://example.com/cb" })
	namesake := edit(entry("namesake"), func(a *kite.Account) { a.Name = "ACCOUNT STAYS" })
	sluggish := edit(entry("sluggish"), func(a *kite.Account) { a.Slug = "account-stays" })
	archive := archiveOf(entry("same"), moved, changed, namesake, sluggish, entry("other"))
	have := existing(entry("same"), entry("pair"), entry("changed"), entry("stays"))
	p := mustPlan(t, have, archive, backup.Merge)
	want := `same Account same: Account same stays as it is.
same Account pair: Account pair stays as it is.
update Account changed: Account changed gets the backup's phone number and callback URL.
rename ACCOUNT STAYS (2): ACCOUNT STAYS is added. It is called ACCOUNT STAYS (2) here: another account has its name.
rename Account sluggish: Account sluggish is added. Its short name is account-stays-2 here: another account has account-stays.
add Account other: Account other is added.`
	if got := lines(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p.Counts != (backup.Counts{Add: 1, Update: 1, Same: 2, Rename: 2}) || len(p.LogOutFirst) != 0 {
		t.Errorf("%+v, %v", p.Counts, p.LogOutFirst)
	}
	if s := p.Steps[1]; s.AccountID != id("pair") || s.BackupID != id("elsewhere") {
		t.Errorf("of the same pair: %+v", s)
	}
	chosen := mustPlan(t, have, archive.Without(id("changed"), id("namesake")), backup.Merge)
	if chosen.Counts != (backup.Counts{Add: 1, Same: 2, Rename: 1}) {
		t.Errorf("chosen: %+v", chosen.Counts)
	}
	if len(archive.Accounts) != 6 {
		t.Error("Without changed the archive")
	}
}

func TestB5_replace_removes_what_the_backup_has_not(t *testing.T) {
	namesake := edit(entry("namesake"), func(a *kite.Account) { a.Name, a.Slug = "Account stays", "account-stays" })
	p := mustPlan(t, existing(entry("same"), entry("stays")), archiveOf(entry("same"), namesake), backup.Replace)
	want := `same Account same: Account same stays as it is.
add Account stays: Account stays is added.
remove Account stays: Account stays is removed: it isn't in the backup.`
	if got := lines(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(p.LogOutFirst) != 1 || p.LogOutFirst[0].ID != id("stays") {
		t.Errorf("to log out: %+v", p.LogOutFirst)
	}
}

func TestPlan_names_go_round(t *testing.T) {
	swapped := func(word, name string) backup.Entry {
		return edit(entry(word), func(a *kite.Account) { a.Name, a.Slug = "Account "+name, "account-"+name })
	}
	p := mustPlan(t, existing(entry("a"), entry("b")), archiveOf(swapped("a", "b"), swapped("b", "a")), backup.Merge)
	if p.Counts != (backup.Counts{Update: 2}) || p.Steps[0].Name != "Account b" || p.Steps[1].Name != "Account a" {
		t.Errorf("%s", lines(p))
	}
}

func TestPlan_free_names(t *testing.T) {
	called := func(word, name, slug string) backup.Entry {
		return edit(entry(word), func(a *kite.Account) { a.Name, a.Slug = name, slug })
	}
	full80, full40 := strings.Repeat("ä", 80), strings.Repeat("s", 40)
	have := existing(called("1", "Main", "main"), called("2", full80, full40), called("3", "Third", "x"))
	for name, c := range map[string]struct {
		archive []backup.Entry
		want    string // name/slug of each
	}{
		"not that of another one in the backup": {
			[]backup.Entry{called("a", "Main", "main"), called("b", "Main (2)", "main-2")}, "Main (3)/main-3 Main (2)/main-2",
		},
		"a long one":            {[]backup.Entry{called("a", full80, full40)}, strings.Repeat("ä", 76) + " (2)/" + strings.Repeat("s", 38) + "-2"},
		"no slug in the backup": {[]backup.Entry{called("a", "New One", ""), called("3", "Third", "")}, "New One/new-one Third/x"},
		"no slug, taken":        {[]backup.Entry{called("a", "x", "")}, "x (2)/x-2"},
		"a name that is another's slug": {
			[]backup.Entry{called("a", "X", "y")}, "X (2)/y",
		},
		"a slug that is another's name":           {[]backup.Entry{called("a", "New", "third")}, "New/third-2"},
		"a derived slug that the backup has":      {[]backup.Entry{called("a", "Four!", ""), called("b", "Other", "four")}, "Four!/four-2 Other/four"},
		"a slug here that the backup gives away":  {[]backup.Entry{called("b", "New", "x"), called("3", "Third", "")}, "New/x Third/x-2"},
		"the updated one's own, in another case":  {[]backup.Entry{called("1", "MAIN", "main")}, "MAIN/main"},
		"a name that is a slug kept here":         {[]backup.Entry{called("a", "X", "q"), called("3", "Third", "x")}, "X (2)/q Third/x"},
		"name and slug cross within the backup":   {[]backup.Entry{called("a", "One", "two"), called("b", "two", "b")}, "One/two two (2)/b"},
		"letters composed otherwise are the same": {[]backup.Entry{called("a", strings.Repeat("a\u0308", 80), "z")}, strings.Repeat("ä", 76) + " (2)/z"},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range c.archive {
				c.archive[i].Account.Name = normal(c.archive[i].Account.Name)
			}
			target := &recorder{}
			if err := backup.Apply(t.Context(), mustPlan(t, have, archiveOf(c.archive...), backup.Merge), target, kitetest.Morning); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range c.archive {
				a, is := target.accounts[e.Account.ID]
				if !is { // unchanged
					for _, h := range have {
						if h.Account.ID == e.Account.ID {
							a = h.Account
						}
					}
				}
				got = append(got, a.Name+"/"+a.Slug)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

func TestPlan_matches_pairs_before_IDs(t *testing.T) {
	// The backup has x's ID with y's pair, and x's own pair under a new ID.
	crossed := edit(entry("y"), func(a *kite.Account) { a.ID, a.Name, a.Slug = id("x"), "Crossed", "crossed" })
	third := edit(entry("x"), func(a *kite.Account) { a.ID = id("y") })
	p := mustPlan(t, existing(entry("x"), entry("y")), archiveOf(crossed, third), backup.Replace)
	if p.Counts != (backup.Counts{Update: 1, Same: 1}) || p.Steps[0].AccountID != id("y") || len(p.LogOutFirst) != 0 {
		t.Errorf("%s %+v", lines(p), p.Steps)
	}
	// Here the ID belongs to an account that another one of the backup is.
	fresh := edit(entry("z"), func(a *kite.Account) { a.ID = id("x") })
	p = mustPlan(t, existing(entry("x")), archiveOf(fresh, third), backup.Merge)
	if p.Counts != (backup.Counts{Add: 1, Same: 1}) || p.Steps[0].AccountID == id("x") || p.Steps[1].AccountID != id("x") {
		t.Errorf("%s %+v", lines(p), p.Steps)
	}
}

func TestPlan_another_clients_account_is_logged_out_first(t *testing.T) {
	for name, change := range map[string]func(a *kite.Account){
		"client ID": func(a *kite.Account) { a.ClientID = "ZZ9999" },
		"API key":   func(a *kite.Account) { a.APIKey = "otherkey" },
		"type":      func(a *kite.Account) { a.Type = kite.Sandbox },
	} {
		e := edit(entry("one"), change)
		e.Secrets.Password = kite.Secret{}
		p := mustPlan(t, existing(entry("one")), archiveOf(e), backup.Merge)
		if len(p.LogOutFirst) != 1 || p.LogOutFirst[0].ClientID != account("one").ClientID {
			t.Errorf("%s: %+v", name, p.LogOutFirst)
		}
		if !strings.Contains(lines(p), "password") {
			t.Errorf("%s: the other client's password stays: %s", name, lines(p))
		}
	}
}

func TestPlan_secrets(t *testing.T) {
	none, other := entry("one"), entry("one")
	none.Secrets.Password = kite.Secret{}
	other.Secrets.APISecret = kite.NewSecret("rotated")
	damaged := existing(entry("one"))
	damaged[0].Secrets = nil
	for name, c := range map[string]struct {
		have  []backup.Existing
		entry backup.Entry
		mode  backup.Mode
		says  string
	}{
		"the same":                    {existing(entry("one")), entry("one"), backup.Replace, "stays as it is."},
		"another one":                 {existing(entry("one")), other, backup.Merge, "gets the backup's API secret."},
		"none, merged":                {existing(entry("one")), none, backup.Merge, "stays as it is."},
		"none, replaced":              {existing(entry("one")), none, backup.Replace, "gets the backup's password."},
		"can't be read":               {damaged, entry("one"), backup.Merge, "gets the backup's password and API secret."},
		"can't be read, none, merged": {damaged, none, backup.Merge, "gets the backup's API secret."},
	} {
		p := mustPlan(t, c.have, archiveOf(c.entry), c.mode)
		if !strings.HasSuffix(p.Steps[0].Sentence, c.says) {
			t.Errorf("%s: %s", name, p.Steps[0].Sentence)
		}
		kitetest.NoSecretIn(t, "a printed plan", fmt.Sprintf("%v %+v %#v", p, p, p), append(secretsOf("one"), "rotated")...)
	}
}

func TestPlan_tells_what_was_edited_here_later(t *testing.T) {
	here := edit(entry("one"), func(a *kite.Account) { a.PhoneNumber, a.UpdatedAt = "", a.UpdatedAt.Add(time.Hour) })
	p := mustPlan(t, existing(here), archiveOf(entry("one")), backup.Merge)
	if want := "Account one gets the backup's phone number. It was edited here later than in the backup."; p.Steps[0].Sentence != want {
		t.Error(p.Steps[0].Sentence)
	}
}

func TestPlan_preferences(t *testing.T) {
	archive := full()
	archive.Preferences.LeftOut = []string{id("one"), id("not in the backup")}
	moved := edit(entry("one"), func(a *kite.Account) { a.ID = id("here") })
	for name, c := range map[string]struct {
		have  []backup.Existing
		mode  backup.Mode
		taken bool
	}{
		"merged":            {existing(moved), backup.Merge, false},
		"merged to nothing": {nil, backup.Merge, true},
		"replaced":          {existing(moved), backup.Replace, true},
	} {
		p := mustPlan(t, c.have, archive, c.mode)
		target := &recorder{}
		if err := backup.Apply(t.Context(), p, target, kitetest.Morning); err != nil {
			t.Fatal(err)
		}
		if (target.preferences != nil) != c.taken || p.Preferences == "" {
			t.Fatalf("%s: %+v, %q", name, target.preferences, p.Preferences)
		}
		one := id("one")
		if len(c.have) > 0 {
			one = id("here")
		}
		if got := target.preferences; c.taken && (!slices.Equal(got.LeftOut, []string{one}) || !slices.Equal(got.LoginOrder, []string{id("two"), one})) {
			t.Errorf("%s: %v, %v", name, got.LeftOut, got.LoginOrder)
		}
	}
}

func TestPlan_refuses(t *testing.T) {
	if _, err := backup.PlanOf(nil, full(), "both"); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("mode: %v", err)
	}
	if _, err := backup.PlanOf(nil, archiveOf(entry("one"), entry("one")), backup.Merge); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("archive: %v", err)
	}
}

func TestPlan_sessions_follow_their_account(t *testing.T) {
	moved := withSession(edit(entry("two"), func(a *kite.Account) { a.ID = id("elsewhere") }), "two")
	target := &recorder{}
	p := mustPlan(t, existing(entry("two")), archiveOf(moved), backup.Merge)
	if err := backup.Apply(t.Context(), p, target, kitetest.Morning); err != nil {
		t.Fatal(err)
	}
	if target.logins != 1 || target.loggedIn.AccountID != id("two") || moved.Session.AccountID != id("elsewhere") {
		t.Errorf("%+v", target.loggedIn)
	}
}

func TestApply_leaves_ended_sessions_out(t *testing.T) {
	archive := archiveOf(withSession(entry("two"), "two"))
	p := mustPlan(t, nil, archive, backup.Merge)
	end := archive.Accounts[0].Session.ExpiresAt
	for now, want := range map[time.Time]int{
		kitetest.Morning: 1, end.Add(-time.Second): 1, end: 0, end.Add(time.Hour): 0,
		kitetest.Morning.Add(-24 * time.Hour): 0, // it would live for nearly two days
	} {
		target := &recorder{}
		if err := backup.Apply(t.Context(), p, target, now); err != nil || target.logins != want || p.Sessions != 1 {
			t.Errorf("%v: %d sessions, %v", now, target.logins, err)
		}
	}
}
