package kite_test

import (
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestSlugOf(t *testing.T) {
	for _, c := range [][3]string{
		{"Family swing", "AB1234", "family-swing"},
		{"  --Family__Swing!! ", "AB1234", "family-swing"},
		{"HUF (2)", "AB1234", "huf-2"},
		{"Asha's", "AB1234", "asha-s"},
		{"परिवार", "AB1234", "ab1234"},
		{"", "AB1234", "ab1234"},
		{"Család", "AB1234", "csal-d"},
		{strings.Repeat("long name ", 9), "AB1234", "long-name-long-name-long-name-long-name"},
		{strings.Repeat("x", 60), "AB1234", strings.Repeat("x", 40)},
	} {
		if got := kite.SlugOf(c[0], c[1]); got != c[2] {
			t.Errorf("SlugOf(%q) = %q, want %q", c[0], got, c[2])
		}
	}
}

func TestFreeSlug(t *testing.T) {
	taken := func(slugs ...string) (all []kite.Account) {
		for _, s := range slugs {
			all = append(all, kite.Account{Name: "Name of " + s, Slug: s})
		}
		return all
	}
	long := strings.Repeat("x", 39) + "-"
	for _, c := range []struct {
		slug   string
		others []kite.Account
		want   string
	}{
		{"family", nil, "family"},
		{"family", taken("other"), "family"},
		{"family", taken("family"), "family-2"},
		{"family", taken("family", "family-2", "family-4"), "family-3"},
		{"family", []kite.Account{{Name: "FAMILY", Slug: "x"}}, "family-2"}, // the name of another
		{long + "y", taken(long + "y"), strings.Repeat("x", 38) + "-2"},
	} {
		if got := kite.FreeSlug(c.slug, c.others); got != c.want {
			t.Errorf("FreeSlug(%q) among %d = %q, want %q", c.slug, len(c.others), got, c.want)
		}
	}
}

func TestFindAccount(t *testing.T) {
	all := []kite.Account{
		{ID: "1", Name: "Family swing", Slug: "family"},
		{ID: "2", Name: "Own money", Slug: "own-money"},
		{ID: "3", Name: "Család", Slug: "csalad"},
		{ID: "4", Name: "csalad", Slug: "other"},
		{ID: "5", Name: "No slug"},
	}
	for name, want := range map[string]string{
		"Family swing": "1", "FAMILY SWING": "1", "family": "1", "own-money": "2", "család": "3", "CSALÁD": "3", "other": "4", "no slug": "5",
	} {
		if a, err := kite.FindAccount(all, name); err != nil || a.ID != want {
			t.Errorf("FindAccount(%q) = %s, %v", name, a.ID, err)
		}
	}
	for name, code := range map[string]string{
		"": kite.ENOTFOUND, "famil": kite.ENOTFOUND, "FAMILY": kite.ENOTFOUND, "csalad": kite.ECONFLICT, "1": kite.ENOTFOUND,
	} {
		if a, err := kite.FindAccount(all, name); kite.ErrorCode(err) != code || kite.AsError(err).Hint == "" || a.ID != "" {
			t.Errorf("FindAccount(%q) = %s, %v; want %s", name, a.ID, err, code)
		}
	}
}
