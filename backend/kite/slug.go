package kite

import (
	"fmt"
	"slices"
	"strings"
)

// maxSlug bounds a slug, in characters.
const maxSlug = 40

var slugPattern = newPattern(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// SlugOf derives the short name that programs use from an account's name:
// letters a to z, digits and hyphens. A name without any of these gives the
// client ID instead.
func SlugOf(name, clientID string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	if len(slug) > maxSlug {
		slug = slug[:maxSlug]
	}
	if slug = strings.Trim(slug, "-"); slug != "" {
		return slug
	}
	return strings.ToLower(clientID)
}

// FreeSlug is slug, or slug with the first number that no other account has as
// its slug or its name.
func FreeSlug(slug string, others []Account) string {
	taken := func(s string) bool {
		return slices.ContainsFunc(others, func(a Account) bool { return a.Slug == s || strings.EqualFold(a.Name, s) })
	}
	free := slug
	for i := 2; taken(free); i++ {
		suffix := fmt.Sprintf("-%d", i)
		free = strings.TrimRight(slug[:min(len(slug), maxSlug-len(suffix))], "-") + suffix
	}
	return free
}

func slugProblem(slug string) string {
	if slug == "" || slugPattern.MatchString(slug) {
		return ""
	}
	return "Use up to 40 letters a to z, digits and hyphens, such as family-swing."
}

// FindAccount finds the account that a program or a command means by its name,
// whatever the case, or by its slug. ENOTFOUND if there is none; ECONFLICT if
// two accounts could be meant: an order must not go to the wrong one.
func FindAccount(accounts []Account, nameOrSlug string) (Account, error) {
	var found []Account
	for _, a := range accounts {
		if nameOrSlug != "" && (strings.EqualFold(a.Name, nameOrSlug) || a.Slug == nameOrSlug) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Account{}, Errorf(ENOTFOUND, "There is no account called %q.", nameOrSlug).
			WithHint("See kitectl list for the names there are.")
	}
	return Account{}, Errorf(ECONFLICT, "%q is the name of one account and the short name of another.", nameOrSlug).
		WithHint("Give one of them another short name: kitectl account edit NAME --slug=OTHER.")
}
