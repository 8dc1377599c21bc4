package localapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// hub looks at all accounts whenever something changed or time makes a
// difference, and hands what happened to those who follow. Nobody else has to
// tell it what happened: it compares what it sees with what it saw.
type hub struct {
	s     *Server
	epoch string // begins the numbers of this run: those of another one mean nothing
	wake  chan struct{}

	looking sync.Mutex // one look at a time
	mu      sync.Mutex
	seen    map[string]standing // by account ID; nil before the first look
	version int64               // of what was seen
	looked  time.Time
	next    time.Time // when time alone makes a difference
	number  int64     // of the last notice
	kept    []notice
	follow  map[*follower]bool
}

// notice is one numbered event.
type notice struct {
	number    int64
	accountID string
	event     string
	data      []byte
}

// follower is one stream.
type follower struct {
	found chan []notice // by one look
	lost  chan struct{} // closed when it is too slow
	nudge chan struct{} // its client may have been changed
}

const (
	keptNotices  = 256 // for those who come back, at least
	keptEach     = 4   // of each account: an end and a beginning, twice
	pendingLooks = 64  // of one follower; a look may find something of every account
	lookRetry    = time.Minute
)

func newHub(s *Server) *hub {
	epoch := make([]byte, 6)
	_, _ = rand.Read(epoch) // never fails since Go 1.24
	return &hub{s: s, epoch: hex.EncodeToString(epoch), wake: make(chan struct{}, 1), follow: map[*follower]bool{}}
}

// wakeUp lets the hub look, and followers see whether they still may.
func (h *hub) wakeUp() {
	poke(h.wake)
	h.mu.Lock()
	defer h.mu.Unlock()
	for f := range h.follow {
		poke(f.nudge)
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (h *hub) run(ctx context.Context) {
	for {
		next, err := h.look(ctx)
		if err != nil && ctx.Err() == nil {
			h.s.Log.Error("accounts not looked at for events", "error", err)
		}
		if kite.WaitOrWake(ctx, h.s.Clock, next, h.wake) != nil {
			return
		}
	}
}

// look compares, and returns when to look again. It reads nothing where nobody
// wrote anything and it isn't time.
func (h *hub) look(ctx context.Context) (next time.Time, err error) {
	h.looking.Lock()
	defer h.looking.Unlock()
	now := h.s.Clock.Now()
	version, err := h.s.Auth.Versions.Version(ctx)
	if err != nil {
		return now.Add(lookRetry), err
	}
	if h.upToDate(version, now) {
		return h.next, nil
	}
	after, err := h.standings(ctx, now)
	if err != nil {
		return now.Add(lookRetry), err
	}
	next = now.Add(idleWait)
	for _, s := range after {
		if at := s.nextChange(); !at.IsZero() {
			next = earlier(next, at)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen != nil {
		h.tell(happenings(h.seen, after, now), max(keptNotices, keptEach*len(after)), now)
	}
	h.seen, h.version, h.looked, h.next = after, version, now, next
	return next, nil
}

// upToDate says that a look would find what the last one found. The clock may
// have been set back.
func (h *hub) upToDate(version int64, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen != nil && version == h.version && !now.Before(h.looked) && now.Before(h.next)
}

func (h *hub) standings(ctx context.Context, now time.Time) (map[string]standing, error) {
	accounts, err := h.s.Accounts.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	latest, err := h.s.Sessions.LatestSessions(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string]standing, len(accounts))
	for _, a := range accounts {
		all[a.ID] = standingOf(a, sessionOf(latest, a.ID), now)
	}
	return all, nil
}

// poll lets the hub look if another process changed something that it told
// nobody here.
func (h *hub) poll(ctx context.Context) {
	version, err := h.s.Auth.Versions.Version(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil || version != h.version {
		poke(h.wake)
	}
}

// tell numbers what happened and passes it on at once, and keeps so many. A
// follower that doesn't take what it gets is dropped: it comes back, and asks
// for what it missed.
func (h *hub) tell(what []happening, keep int, now time.Time) {
	if len(what) == 0 {
		return
	}
	found := make([]notice, 0, len(what))
	for _, w := range what {
		h.number++
		found = append(found, w.notice(h.number, now, false))
	}
	h.kept = append(h.kept, found...)
	h.kept = slices.Clone(h.kept[max(0, len(h.kept)-keep):])
	for f := range h.follow {
		select {
		case f.found <- found:
		default:
			delete(h.follow, f)
			close(f.lost)
		}
	}
}

// join adds a follower and returns what it gets first: what it missed, if it
// says which it had last and that is still known, or how all accounts stand.
func (h *hub) join(ctx context.Context, lastID string) (f *follower, first []notice, err error) {
	if _, err := h.look(ctx); err != nil {
		return nil, nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	f = &follower{found: make(chan []notice, pendingLooks), lost: make(chan struct{}), nudge: make(chan struct{}, 1)}
	h.follow[f] = true
	if missed, known := h.since(lastID); known {
		return f, missed, nil
	}
	return f, h.snapshot(), nil
}

func (h *hub) leave(f *follower) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.follow, f)
}

// since are the notices after that ID; false if some of them aren't kept.
func (h *hub) since(lastID string) ([]notice, bool) {
	digits, ours := strings.CutPrefix(lastID, h.epoch+"-")
	last, err := strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil || last < h.number-int64(len(h.kept)) || last > h.number {
		return nil, false
	}
	return slices.Clone(h.kept[int64(len(h.kept))-(h.number-last):]), true
}

func (h *hub) id(n notice) string { return h.epoch + "-" + strconv.FormatInt(n.number, 10) }

func (h *hub) snapshot() []notice {
	now := h.s.Clock.Now()
	all := make([]happening, 0, len(h.seen))
	for _, s := range h.seen {
		all = append(all, present(standingOf(s.account, s.session, now), now))
	}
	slices.SortFunc(all, func(x, y happening) int { return strings.Compare(x.account.Name, y.account.Name) })
	notices := make([]notice, 0, len(all))
	for _, what := range all {
		notices = append(notices, what.notice(h.number, now, true))
	}
	return notices
}

// shownEvent is the data of an event. Times are RFC 3339 in UTC, null where
// there is no session.
type shownEvent struct {
	Event     string     `json:"event"`
	Name      string     `json:"name"`
	Slug      string     `json:"slug"`
	ClientID  string     `json:"clientId"`
	LoginTime *time.Time `json:"loginTime"`
	ExpiresAt *time.Time `json:"expiresAt"`
	Reason    string     `json:"reason,omitempty"` // of an end
	At        time.Time  `json:"at"`
	Snapshot  bool       `json:"snapshot"` // how it stands, not what happened
}

func (w happening) notice(number int64, at time.Time, snapshot bool) notice {
	v := shownEvent{
		Event: w.event, Name: w.account.Name, Slug: w.account.Slug, ClientID: w.account.ClientID,
		Reason: string(w.reason), At: at.UTC().Truncate(time.Millisecond), Snapshot: snapshot,
	}
	if w.session != nil {
		v.LoginTime, v.ExpiresAt = wholeSecond(w.session.LoginTime), wholeSecond(w.session.ExpiresAt)
	}
	data, _ := json.Marshal(v) // strings and times always marshal
	return notice{number: number, accountID: w.account.ID, event: w.event, data: data}
}
