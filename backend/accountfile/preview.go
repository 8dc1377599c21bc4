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
		taken.add(row.Account, fmt.Sprintf("%s (line %d)", row.Account.Name, row.Line))
		p.Added = append(p.Added, row)
	}
	for i := range p.Added {
		if a := &p.Added[i].Account; a.Slug == "" {
			a.Slug = taken.freeSlug(kite.SlugOf(a.Name, a.ClientID))
		}
	}
	return p
}

// taken knows accounts by what only one of them may have; values are words for
// whose it is.
type taken struct {
	names, pairs map[string]string
	next         map[string]int // number to try next for a slug
}

func takenBy(accounts []kite.Account) taken {
	t := taken{names: map[string]string{}, pairs: map[string]string{}, next: map[string]int{}}
	for _, a := range accounts {
		t.add(a, a.Name)
	}
	return t
}

func (t taken) add(a kite.Account, whose string) {
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
		return "is what " + whose + " is called"
	}
	if whose, has := t.pairs[pairKey(a)]; has {
		return "has the client ID and API key of " + whose
	}
	if whose, has := t.names[nameKey(a.Slug)]; has && a.Slug != "" {
		return "has a short name by which " + whose + " is called"
	}
	return ""
}

// maxSlug is the longest slug, in characters.
const maxSlug = 40

// freeSlug is kite.FreeSlug for many accounts: it takes the slug it gives.
func (t taken) freeSlug(slug string) string {
	free := slug
	for n := max(t.next[slug], 2); t.names[nameKey(free)] != ""; n++ {
		suffix := fmt.Sprintf("-%d", n)
		free = strings.TrimRight(slug[:min(len(slug), maxSlug-len(suffix))], "-") + suffix
		t.next[slug] = n + 1
	}
	t.names[nameKey(free)] = free
	return free
}

// nameKey is the same for names that the database takes for the same.
func nameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// pairKey can't be ambiguous: neither part has a space.
func pairKey(a kite.Account) string { return a.APIKey + " " + a.ClientID }
