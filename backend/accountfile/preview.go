package accountfile

import (
	"fmt"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Preview is what adding a file's accounts would do.
type Preview struct {
	Added   []Row // each with a slug that nobody else has
	Clashes []Clash
}

// Clash is an account that can't be added beside another one.
type Clash struct {
	Row
	With string // the other one and what they share, such as "has the name of Family (line 3)"
}

// Compare finds out which accounts of the file can be added to those there
// are, and beside each other.
func Compare(file File, existing []kite.Account) Preview {
	taken := takenBy(existing)
	var p Preview
	for _, row := range file.Rows {
		if with := taken.clash(row.Account); with != "" {
			p.Clashes = append(p.Clashes, Clash{row, with})
			continue
		}
		taken.add(row.Account, owner{fmt.Sprintf("%s (line %d)", row.Account.Name, row.Line), len(p.Added) + 1})
		p.Added = append(p.Added, row)
	}
	for i := range p.Added {
		if a := &p.Added[i].Account; a.Slug == "" {
			a.Slug = taken.freeSlug(kite.SlugOf(a.Name, a.ClientID), i+1)
		}
	}
	return p
}

// owner is whose a name is: words for it, and its number among those added, 0
// for one that exists.
type owner struct {
	words  string
	number int
}

// taken knows accounts by what only one of them may have.
type taken struct {
	names, pairs map[string]owner
	next         map[string]int // number to try next for a slug
}

func takenBy(accounts []kite.Account) taken {
	t := taken{names: map[string]owner{}, pairs: map[string]owner{}, next: map[string]int{}}
	for _, a := range accounts {
		t.add(a, owner{words: a.Name})
	}
	return t
}

func (t taken) add(a kite.Account, whose owner) {
	t.names[nameKey(a.Name)] = whose
	t.pairs[pairKey(a)] = whose
	if a.Slug != "" {
		t.names[nameKey(a.Slug)] = whose
	}
}

// clash says what is in the way of an account; names and slugs share one
// space, since a command takes either.
func (t taken) clash(a kite.Account) string {
	if whose, has := t.names[nameKey(a.Name)]; has {
		return "is what " + whose.words + " is called"
	}
	if whose, has := t.pairs[pairKey(a)]; has {
		return "has the client ID and API key of " + whose.words
	}
	if whose, has := t.names[nameKey(a.Slug)]; has && a.Slug != "" {
		return "has a short name by which " + whose.words + " is called"
	}
	return ""
}

// maxSlug is the longest slug, in characters.
const maxSlug = 40

// freeSlug is kite.FreeSlug for many accounts: it takes the slug it gives. An
// account's own name may be its slug.
func (t taken) freeSlug(slug string, number int) string {
	others := func(s string) bool {
		whose, has := t.names[nameKey(s)]
		return has && whose.number != number
	}
	free := slug
	for n := max(t.next[slug], 2); others(free); n++ {
		suffix := fmt.Sprintf("-%d", n)
		free = strings.TrimRight(slug[:min(len(slug), maxSlug-len(suffix))], "-") + suffix
		t.next[slug] = n + 1
	}
	t.names[nameKey(free)] = owner{number: number}
	return free
}

// nameKey is the same for names that the database takes for the same.
func nameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// pairKey can't be ambiguous: neither part has a space.
func pairKey(a kite.Account) string { return a.APIKey + " " + a.ClientID }
