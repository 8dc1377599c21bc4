package backup

import (
	"fmt"
	"slices"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Mode says what a restore does to what the backup hasn't got.
type Mode string

// The modes. Merge only adds: it removes no account, and no stored secret that
// the backup lacks, and takes the preferences only where there is no account
// yet; a secret of what becomes another client or app goes. Replace makes
// accounts and preferences those of the backup.
const (
	Merge   Mode = "merge"
	Replace Mode = "replace"
)

// Action is what a restore does to one account.
type Action string

// The actions. Rename adds an account under a name or short name that no other
// has.
const (
	Add    Action = "add"
	Update Action = "update"
	Same   Action = "same"
	Remove Action = "remove"
	Rename Action = "rename"
)

// Step is one line of the preview.
type Step struct {
	Action    Action
	AccountID string // here, not in the backup
	Name      string // as it will be, or of the removed account
	Sentence  string // such as "Main is added."
	// BackupID is the account's ID in the backup, for Archive.Without; empty
	// for a removed one.
	BackupID string
}

// Counts are how many steps there are of each action.
type Counts struct{ Add, Update, Same, Remove, Rename int }

// Plan is what a restore would do, to show and to Apply.
type Plan struct {
	Mode   Mode
	Steps  []Step // the backup's accounts in its order, then those removed
	Counts Counts
	// LogOutFirst are accounts, as they are, that are removed or become another
	// client's or app's. Whoever applies the plan ends their living sessions
	// before, at Kite too: a token would live on there that nothing here knows.
	LogOutFirst []kite.Account
	// Sessions are how many the backup brings; Apply leaves out what has ended.
	Sessions int
	// Preferences is a sentence about those; empty if the backup has none.
	Preferences string

	changes changes
}

// changes is what Apply asks of the target.
type changes struct {
	remove      []string
	create      []creation
	update      []update
	logins      []login
	preferences *kite.Preferences
}

type creation struct {
	account kite.Account
	secrets kite.Secrets
}

type update struct {
	account kite.Account
	secrets kite.SecretChanges
}

type login struct {
	session kite.Session
	tokens  kite.Tokens
}

// PlanOf says what restoring the archive would do to the accounts there are.
// It changes nothing and depends on nothing else, so that the same restore
// done twice does nothing the second time. EINVALID for an unknown mode or for
// an archive that Read wouldn't have returned.
//
// An account of the backup is one that exists if they have the same API key
// and client ID, or else the same ID. It keeps its ID here then.
func PlanOf(existing []Existing, archive Archive, mode Mode) (Plan, error) {
	if mode != Merge && mode != Replace {
		return Plan{}, kite.Errorf(kite.EINVALID, "A restore merges or replaces.").WithField("mode")
	}
	if err := check(archive); err != nil {
		return Plan{}, fmt.Errorf("plan restore: %w", err)
	}
	p := planner{
		plan:    Plan{Mode: mode, Steps: []Step{}},
		matches: matchAll(existing, archive.Accounts),
		ids:     map[string]string{},
	}
	left := slices.DeleteFunc(slices.Clone(existing), func(e Existing) bool { return p.matches.claimed[e.Account.ID] })
	p.names = reserve(archive.Accounts, p.matches, left, mode)
	for i, entry := range archive.Accounts {
		p.restore(i, entry)
	}
	if mode == Replace {
		for _, e := range left {
			p.remove(e.Account)
		}
	}
	p.preferences(archive.Preferences, mode == Replace || len(existing) == 0)
	return p.plan, nil
}

// planner builds a plan.
type planner struct {
	plan    Plan
	matches matches
	names   names
	ids     map[string]string // of an account in the backup, to its ID here
}

func (p *planner) restore(i int, entry Entry) {
	match, wanted, a := p.matches.of[i], entry.Account, entry.Account
	a.Name, a.Slug = p.names.give(i, wanted, match)
	called := otherwiseCalled(wanted, a)
	step := Step{BackupID: wanted.ID}
	if match == nil {
		a.ID = p.matches.freeID(entry)
		step.Action, step.Sentence = Add, wanted.Name+" is added."+called
		if called != "" {
			step.Action = Rename
		}
		p.plan.changes.create = append(p.plan.changes.create, creation{a, entry.Secrets})
	} else {
		a = onto(match.Account, a)
		secrets, what := differences(*match, a, entry.Secrets, p.plan.Mode)
		step.Action, step.Sentence = Same, a.Name+" stays as it is."
		if len(what) > 0 {
			step.Action, step.Sentence = Update, updateSentence(*match, a, what)+called
			p.plan.changes.update = append(p.plan.changes.update, update{a, secrets})
		}
		if identityChanges(match.Account, a) {
			p.plan.LogOutFirst = append(p.plan.LogOutFirst, match.Account)
		}
	}
	step.AccountID, step.Name = a.ID, a.Name
	p.ids[wanted.ID] = a.ID
	p.add(step)
	if entry.Session != nil {
		s := *entry.Session
		s.AccountID = a.ID
		p.plan.Sessions++
		p.plan.changes.logins = append(p.plan.changes.logins, login{s, entry.Tokens})
	}
}

func (p *planner) remove(a kite.Account) {
	p.plan.changes.remove = append(p.plan.changes.remove, a.ID)
	p.plan.LogOutFirst = append(p.plan.LogOutFirst, a)
	p.add(Step{Action: Remove, AccountID: a.ID, Name: a.Name, Sentence: a.Name + " is removed: it isn't in the backup."})
}

func (p *planner) add(step Step) {
	p.plan.Steps = append(p.plan.Steps, step)
	counts := &p.plan.Counts
	switch step.Action {
	case Add:
		counts.Add++
	case Update:
		counts.Update++
	case Same:
		counts.Same++
	case Remove:
		counts.Remove++
	case Rename:
		counts.Rename++
	}
}

// preferences name accounts by their IDs, which may be others here.
func (p *planner) preferences(preferences *kite.Preferences, take bool) {
	switch {
	case preferences == nil:
	case !take:
		p.plan.Preferences = "The preferences stay as they are."
	default:
		there := preferences.Normal()
		there.LoginOrder, there.LeftOut = p.here(there.LoginOrder), p.here(there.LeftOut)
		p.plan.changes.preferences = &there
		p.plan.Preferences = "The preferences become those of the backup."
	}
}

// here are the IDs of the accounts that are in the backup.
func (p *planner) here(ids []string) []string {
	found := []string{}
	for _, id := range ids {
		if here := p.ids[id]; here != "" {
			found = append(found, here)
		}
	}
	return found
}
