package backup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Longest names and slugs, in characters: kite.Account.Validate.
const (
	maxName = 80
	maxSlug = 40
)

// names gives every account a name and a slug that no other has, nor one the
// other's: kite.FindAccount must find one account by either.
type names struct {
	taken  map[string]int   // by folded text, the position in the backup or staying
	wanted map[string][]int // by folded text, who has it in the backup
	number map[string]int   // by text, that of the last variant that was given
}

// staying has what belongs to an account that isn't in the backup.
const staying = -1

func reserve(entries []Entry, m matches, left []Existing, mode Mode) names {
	n := names{taken: map[string]int{}, wanted: map[string][]int{}, number: map[string]int{}}
	if mode == Merge {
		for _, e := range left {
			n.take(staying, e.Account.Name)
			n.take(staying, e.Account.Slug)
		}
	}
	for i, e := range entries {
		for _, text := range []string{e.Account.Name, e.Account.Slug} {
			n.wanted[folded(text)] = append(n.wanted[folded(text)], i)
		}
		if keepsName(e.Account, m.of[i]) {
			n.take(i, e.Account.Name)
		}
		if keepsSlug(e.Account, m.of[i]) {
			n.take(i, e.Account.Slug)
		}
	}
	return n
}

// What an account is called already it may go on being called.
func keepsName(a kite.Account, match *Existing) bool {
	return match != nil && folded(match.Account.Name) == folded(a.Name)
}

func keepsSlug(a kite.Account, match *Existing) bool {
	return match != nil && a.Slug != "" && match.Account.Slug == a.Slug
}

// give returns the backup's name and slug, or "NAME (2)", "SLUG-2" and so on.
// An account that has no slug in the backup keeps the one it has here or gets
// that of its name.
func (n names) give(i int, a kite.Account, match *Existing) (name, slug string) {
	name, slug = a.Name, a.Slug
	if !keepsName(a, match) {
		name = n.first(i, a.Name, true, nameVariant)
	}
	switch {
	case keepsSlug(a, match):
		return name, slug
	case slug == "" && match != nil && match.Account.Slug != "":
		slug = match.Account.Slug
	case slug == "":
		slug = kite.SlugOf(name, a.ClientID)
	}
	return name, n.first(i, slug, a.Slug != "", slugVariant)
}

// first finds the first free variant. Those of the backup itself aren't given
// to its other accounts.
func (n names) first(i int, text string, ofBackup bool, variant func(text string, number int) string) string {
	free := func(candidate string, own bool) bool {
		key := folded(candidate)
		if owner, is := n.taken[key]; is && owner != i {
			return false
		}
		return own || !slices.ContainsFunc(n.wanted[key], func(other int) bool { return other != i })
	}
	given := text
	for number := max(2, n.number[text]); !free(given, ofBackup && given == text); number++ {
		given, n.number[text] = variant(text, number), number
	}
	n.take(i, given)
	return given
}

func (n names) take(who int, text string) {
	if text != "" {
		n.taken[folded(text)] = who
	}
}

func nameVariant(name string, number int) string {
	suffix := fmt.Sprintf(" (%d)", number)
	if runes := []rune(name); len(runes) > maxName-len(suffix) {
		name = strings.TrimSpace(string(runes[:maxName-len(suffix)]))
	}
	return name + suffix
}

func slugVariant(slug string, number int) string {
	suffix := fmt.Sprintf("-%d", number)
	return strings.TrimRight(slug[:min(len(slug), maxSlug-len(suffix))], "-") + suffix
}

// otherwiseCalled is a sentence, with a space before, if the account isn't
// called as in the backup.
func otherwiseCalled(wanted, given kite.Account) string {
	sentence := ""
	if given.Name != wanted.Name {
		sentence += fmt.Sprintf(" It is called %s here: another account has its name.", given.Name)
	}
	if wanted.Slug != "" && given.Slug != wanted.Slug {
		sentence += fmt.Sprintf(" Its short name is %s here: another account has %s.", given.Slug, wanted.Slug)
	}
	return sentence
}
