package localapi

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Uses tells the history what programs do with the local API, and what they
// were refused. A program may do the same thing a thousand times a minute, so
// of each there is at most one entry a minute: the first at once, and what
// follows with its count. Only handouts and what changes something at Kite have
// an entry each, up to mostSingle a minute. Nothing here keeps a request waiting
// but a handout.
type Uses struct {
	Clients kite.ClientStore
	History kite.HistoryStore
	Clock   kite.Clock
	Events  kite.Publisher
	Log     *slog.Logger

	mu     sync.Mutex
	open   map[use]*window
	seen   map[string]time.Time // client ID → when its last use was noted
	unseen map[string]time.Time // the same, to be stored
	single []kite.HistoryEntry  // to be told each by itself
	spent  map[budget]*window   // how many were, of late
	wake   chan struct{}
}

// use is one thing that one program does to one account.
type use struct {
	clientID, client string
	accountID        string
	kind             kite.HistoryKind
	what             string // a sentence without its full stop
	failed           bool
}

// budget is what has entries of its own.
type budget struct {
	clientID, accountID string
	kind                kite.HistoryKind
}

// window is the minute after an entry.
type window struct {
	since  time.Time
	count  int // not told yet
	latest time.Time
}

// minute is how long one entry stands for what is like it.
const minute = time.Minute

const (
	mostWindows = 500 // bounds what is kept: programs make up paths
	mostSingle  = 60  // entries of a budget in a minute
)

// Note notes a call to Kite: what is empty for reading, or one thing that is
// told by itself, such as "POST /orders/regular: 200" or "DELETE
// /session/token: not allowed". Beyond mostSingle a minute they are told in sum,
// by method, first part of the path and outcome.
func (u *Uses) Note(client kite.APIClient, account kite.Account, what string) {
	if what == "" {
		u.often(client, account, "read from Kite")
		return
	}
	outcome := what[strings.LastIndex(what, ": ")+2:]
	this := useOf(client, account, "called "+what)
	this.failed = !strings.HasPrefix(outcome, "2")
	u.mu.Lock()
	affords := u.affords(budget{client.ID, account.ID, this.kind})
	if affords {
		u.single = append(u.single, this.entry(u.Clock.Now(), 1))
		u.wakeUp()
	}
	u.mu.Unlock()
	if !affords {
		this.what = client.Name + " called " + inSum(what) + ": " + outcome
		u.add(this)
	}
}

// inSum makes "POST /orders/…" of "POST /orders/regular: 200".
func inSum(what string) string {
	method, path, _ := strings.Cut(what[:strings.LastIndex(what, ": ")], " ")
	if first, _, more := strings.Cut(strings.TrimPrefix(path, "/"), "/"); more {
		path = "/" + first + "/…"
	}
	return method + " " + path
}

// InVain notes that a program couldn't read from Kite, and why, such as "no
// session".
func (u *Uses) InVain(client kite.APIClient, account kite.Account, why string) {
	u.refused(client, account, "was refused reading from Kite: "+why)
}

// affords counts an entry of that budget, and says whether it is one by itself.
// It is called with mu held.
func (u *Uses) affords(b budget) bool {
	now := u.Clock.Now()
	u.ready()
	w := u.spent[b]
	if w == nil {
		if len(u.spent) >= mostWindows {
			maps.DeleteFunc(u.spent, func(_ budget, w *window) bool { return !within(w.since, now) })
		}
		if len(u.spent) >= mostWindows {
			return false
		}
		w = &window{since: now}
		u.spent[b] = w
	}
	if !within(w.since, now) {
		w.since, w.count = now, 0
	}
	w.count++
	return w.count <= mostSingle
}

func useOf(client kite.APIClient, account kite.Account, what string) use {
	return use{clientID: client.ID, client: client.Name, accountID: account.ID, kind: kite.HistoryProgram, what: client.Name + " " + what}
}

// often notes what completes "NAME …", such as "listed accounts", and may come
// many times. Without an account the zero one will do.
func (u *Uses) often(client kite.APIClient, account kite.Account, what string) {
	u.add(useOf(client, account, what))
}

// refused is often for what a program didn't get.
func (u *Uses) refused(client kite.APIClient, account kite.Account, what string) {
	this := useOf(client, account, what)
	this.failed = true
	u.add(this)
}

// Refused notes that somebody brought a token that no client has.
func (u *Uses) Refused() {
	u.add(use{kind: kite.HistoryClient, what: "A program with a wrong or revoked token was refused", failed: true})
}

// Seen notes that the client was there.
func (u *Uses) Seen(client kite.APIClient) {
	now := u.Clock.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	if last, known := u.seen[client.ID]; known && within(last, now) {
		return
	}
	u.ready()
	if len(u.seen) > mostWindows {
		clear(u.seen)
	}
	u.seen[client.ID], u.unseen[client.ID] = now, now
	u.wakeUp()
}

// within says whether now lies in the minute after t, by a clock that may have
// been set back.
func within(t, now time.Time) bool { return !now.Before(t) && now.Sub(t) < minute }

// ready makes what the zero value lacks.
func (u *Uses) ready() {
	if u.open == nil {
		u.open, u.seen, u.unseen = map[use]*window{}, map[string]time.Time{}, map[string]time.Time{}
		u.spent = map[budget]*window{}
		u.wake = make(chan struct{}, 1)
	}
}

func (u *Uses) wakeUp() {
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

func (u *Uses) add(what use) {
	now := u.Clock.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ready()
	w := u.open[what]
	if w == nil && len(u.open) >= mostWindows {
		what.what, what.accountID = what.client+" used the local API", ""
		w = u.open[what]
	}
	if w == nil {
		w = &window{}
		u.open[what] = w
	}
	w.count++
	w.latest = now
	if !within(w.since, now) {
		u.wakeUp()
	}
}

// HandedOut records that the client got the account's token, or one of no
// account here: at once, and each up to mostSingle a minute.
func (u *Uses) HandedOut(ctx context.Context, client kite.APIClient, accountID string) {
	this := use{
		clientID: client.ID, client: client.Name, accountID: accountID, kind: kite.HistoryExport,
		what: fmt.Sprintf("Session handed to the client %s", client.Name),
	}
	u.mu.Lock()
	affords := u.affords(budget{client.ID, accountID, this.kind})
	u.mu.Unlock()
	if !affords {
		u.add(this)
		return
	}
	u.record(context.WithoutCancel(ctx), this.entry(u.Clock.Now(), 1))
}

// Run writes what is noted until ctx ends, and then what is left.
func (u *Uses) Run(ctx context.Context) {
	u.mu.Lock()
	u.ready()
	wake := u.wake
	u.mu.Unlock()
	for {
		next := u.write(context.WithoutCancel(ctx), false)
		if kite.WaitOrWake(ctx, u.Clock, next, wake) != nil {
			u.write(context.WithoutCancel(ctx), true)
			return
		}
	}
}

// idleWait is when to look again while nothing is kept back.
const idleWait = 24 * time.Hour

// write tells what is due, or all there is, and returns when more is due.
func (u *Uses) write(ctx context.Context, all bool) (next time.Time) {
	entries, seen, next := u.due(all)
	for _, e := range entries {
		u.record(ctx, e)
	}
	for id, at := range seen {
		if err := u.Clients.ClientUsed(ctx, id, at); err != nil {
			u.Log.Error("use of a client not noted", "error", err)
		}
	}
	if len(seen) > 0 {
		u.Events.Publish(kite.Event{Type: kite.ClientsChanged})
	}
	return next
}

func (u *Uses) due(all bool) (entries []kite.HistoryEntry, seen map[string]time.Time, next time.Time) {
	now := u.Clock.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	next = now.Add(idleWait)
	entries, u.single = u.single, nil
	for what, w := range u.open {
		if within(w.since, now) && !all {
			next = earlier(next, w.since.Add(minute))
			continue
		}
		if w.count == 0 {
			delete(u.open, what)
			continue
		}
		entries = append(entries, what.entry(w.latest, w.count))
		w.since, w.count = now, 0
		next = earlier(next, now.Add(minute))
	}
	seen, u.unseen = u.unseen, map[string]time.Time{}
	return entries, seen, next
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (w use) entry(at time.Time, count int) kite.HistoryEntry {
	e := kite.HistoryEntry{At: at, AccountID: w.accountID, Kind: w.kind, OK: !w.failed, Detail: w.what}
	if count > 1 {
		e.Detail += fmt.Sprintf(" %d times", count)
	}
	e.Detail += "."
	return e
}

func (u *Uses) record(ctx context.Context, e kite.HistoryEntry) {
	if err := u.History.Record(ctx, e); err != nil {
		u.Log.Error("history not recorded", "kind", string(e.Kind), "error", err)
		return
	}
	u.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: e.AccountID})
}
