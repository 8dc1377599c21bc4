package kite_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// FuzzSlugOf: of any name comes a slug that is one and leads back to the
// account, also beside another that had it first.
func FuzzSlugOf(f *testing.F) {
	for _, name := range []string{"Family swing", "परिवार", "--", "", strings.Repeat("ab-", 30), "İstanbul", "\xff\x00"} {
		f.Add(name, name)
	}
	f.Fuzz(func(t *testing.T, name, other string) {
		first := kite.Account{ID: "1", Name: other, Slug: kite.SlugOf(other, "AB1234")}
		second := kite.Account{ID: "2", Name: name, Slug: kite.FreeSlug(kite.SlugOf(name, "CD5678"), []kite.Account{first})}
		for _, a := range []kite.Account{first, second} {
			if !slugForm.MatchString(a.Slug) {
				t.Fatalf("slug of %q is %q", a.Name, a.Slug)
			}
		}
		found, err := kite.FindAccount([]kite.Account{first, second}, second.Slug)
		if err != nil || found.ID != "2" {
			t.Fatalf("%q leads to %s, %v", second.Slug, found.ID, err)
		}
	})
}

// FuzzFindAccount: whatever is typed, it is never an account that has another
// name and another slug.
func FuzzFindAccount(f *testing.F) {
	f.Add("family", "Family swing", "family")
	f.Add("ﬁnance", "Finance", "")
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, typed, name, slug string) {
		all := []kite.Account{{ID: "1", Name: name, Slug: slug}, {ID: "2", Name: "Own money", Slug: "own-money"}}
		a, err := kite.FindAccount(all, typed)
		if err != nil {
			if a.ID != "" || kite.AsError(err).Hint == "" {
				t.Errorf("%q: %+v, %v", typed, a, err)
			}
			return
		}
		if typed == "" || (!strings.EqualFold(a.Name, typed) && a.Slug != typed) {
			t.Errorf("%q found %q (%s)", typed, a.Name, a.Slug)
		}
	})
}
