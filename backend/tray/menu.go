package tray

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// State is what the icon shows: the worst of all accounts.
type State int

// The states, worst last.
const (
	Empty      State = iota // no accounts
	Ready                   // every account that needs a session has one
	Soon                    // one of them ends within kite.EndingSoon
	NeedsLogin              // an account needs one
)

// Menu is what icon and menu show at one moment.
type Menu struct {
	State    State
	Line     string  // the state in words
	Entries  []Entry // what needs attention comes first
	LogInAll bool    // there is something to log in
	// Next is when the words change by time alone, zero if they don't. Time
	// left is told in steps, so that nothing wakes up for it every minute.
	Next time.Time
}

// Entry is one account, or all those that the menu has no room for.
type Entry struct {
	Text string
	Do   kite.Request
}

// Choice is what the user chose in the tray.
type Choice struct {
	Do   kite.Request
	Quit bool
}

var (
	logInAll    = kite.Request{LoginAll: true}
	preferences = kite.Request{Preferences: true}
)

// mostEntries fit into a menu on a small screen.
const mostEntries = 12

// row is an account in the menu's order.
type row struct {
	account kite.Account
	session kite.Session // the living one, if kind says so
	kind    kind
}

// kind sorts accounts by how much they need attention.
type kind int

const (
	needsLogin kind = iota
	endsSoon
	ready
	leftOut // has no session and needs none
)

// MenuOf says what the tray shows at now: accounts in their user's order, their
// newest sessions by account ID, and the IDs of those that need no session. An
// account that is left out counts only while it has one. Times are told in the
// zone, and in IST too where that differs.
func MenuOf(accounts []kite.Account, latest map[string]kite.Session, without []string, now time.Time, zone *time.Location) Menu {
	w := words{now: now, zone: zone}
	rows := make([]row, 0, len(accounts))
	for _, a := range accounts {
		rows = append(rows, rowOf(a, latest, without, now))
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.kind, b.kind) })
	m := Menu{State: stateOf(rows), Line: w.line(rows)}
	for i, r := range rows {
		m.LogInAll = m.LogInAll || r.kind == needsLogin
		if i < mostEntries {
			m.Entries = append(m.Entries, w.entry(r))
		}
		if r.kind == endsSoon || r.kind == ready {
			w.changes(r.session.ExpiresAt)
			w.changes(r.session.ExpiresAt.Add(-kite.EndingSoon + tick))
		}
	}
	if more := len(rows) - mostEntries; more > 0 {
		m.Entries = append(m.Entries, Entry{Text: fmt.Sprintf("… and %d more", more)})
	}
	m.Next = w.next
	return m
}

// Problem is the menu while accounts can't be read: a sentence, and what opens
// the window.
func Problem(line string) Menu { return Menu{State: NeedsLogin, Line: line} }

func rowOf(a kite.Account, latest map[string]kite.Session, without []string, now time.Time) row {
	s, ok := latest[a.ID]
	switch {
	case ok && s.LiveAt(now) && s.ExpiresAt.Sub(now) < kite.EndingSoon:
		return row{a, s, endsSoon}
	case ok && s.LiveAt(now):
		return row{a, s, ready}
	case slices.Contains(without, a.ID):
		return row{account: a, kind: leftOut}
	default:
		return row{account: a, kind: needsLogin}
	}
}

// stateOf takes the first row's, since they are sorted.
func stateOf(rows []row) State {
	if len(rows) == 0 {
		return Empty
	}
	switch rows[0].kind {
	case needsLogin:
		return NeedsLogin
	case endsSoon:
		return Soon
	default:
		return Ready
	}
}

// line says the state in one line.
func (w *words) line(rows []row) string {
	var counted, living int
	var first time.Time
	for _, r := range rows {
		if r.kind != leftOut {
			counted++
		}
		if r.kind == endsSoon || r.kind == ready {
			living++
			if first.IsZero() || r.session.ExpiresAt.Before(first) {
				first = r.session.ExpiresAt
			}
		}
	}
	switch {
	case len(rows) == 0:
		return "No accounts yet"
	case counted == 0:
		return "No account needs a session"
	case living == 0:
		return "No account is ready"
	case living < counted:
		return fmt.Sprintf("%d of %d ready, until %s", living, counted, w.clock(first))
	case counted == 1:
		return "Ready, until " + w.clock(first)
	default:
		return fmt.Sprintf("All %d ready, until %s", counted, w.clock(first))
	}
}

func (w *words) entry(r row) Entry {
	name := nameOf(r.account)
	switch r.kind {
	case endsSoon:
		return Entry{name + " · ends in " + w.left(r.session.ExpiresAt), kite.Request{Show: r.account.ID}}
	case ready:
		return Entry{name + " · ready, until " + w.clock(r.session.ExpiresAt), kite.Request{Show: r.account.ID}}
	case leftOut:
		return Entry{name + " · no session", kite.Request{Login: r.account.ID}}
	default:
		return Entry{name + " · log in", kite.Request{Login: r.account.ID}}
	}
}

func nameOf(a kite.Account) string { return cleanName(strings.TrimSpace(a.Name)) }
