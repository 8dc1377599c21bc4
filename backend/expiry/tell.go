package expiry

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// laterAfter is how long a notice waits when the user chose Later.
const laterAfter = 15 * time.Minute

// A notice that can't be shown is tried again after a minute, then less and
// less often.
const (
	firstRetry = time.Minute
	lastRetry  = 30 * time.Minute
)

// carryOut shows and withdraws what the plan says. A thing counts as told once
// the desktop has taken it: if this process dies in between, the user hears it
// twice rather than never.
func (w *Watch) carryOut(ctx context.Context, f Facts, plan Plan) {
	for _, shown := range plan.Withdraw {
		w.withdraw(ctx, shown)
	}
	for _, key := range plan.Settle {
		w.remember(ctx, kite.ShownNotice{Key: key, SaidKeys: []string{key}, ShownAt: f.Now})
	}
	rest := plan.Tell
	for len(rest) > 0 && !w.waitsToRetry(f.Now) && w.tell(ctx, f, rest[0]) {
		rest = rest[1:]
	}
	w.tellUntold(rest)
}

// tellUntold says what the user doesn't get to see on the desktop.
func (w *Watch) tellUntold(tellings []Telling) {
	var titles []string
	for _, t := range tellings {
		titles = append(titles, t.Notice.Title)
	}
	if w.OnUntold != nil && !slices.Equal(titles, w.untold) {
		w.OnUntold(titles)
	}
	w.untold = titles
}

// tell shows a notice; false if the desktop couldn't.
func (w *Watch) tell(ctx context.Context, f Facts, t Telling) bool {
	w.telling.Lock()
	defer w.telling.Unlock()
	handle, err := w.Notifier.Show(ctx, t.Notice, handleOf(f.Shown, t.Notice.Key))
	if err != nil {
		w.refuse(f.Now, err)
		return false
	}
	w.refused, w.retryAt = 0, time.Time{}
	w.Log.Info("told", "notice", t.Notice.Key, "accounts", len(t.Notice.Accounts))
	w.remember(ctx, kite.ShownNotice{
		Key: t.Notice.Key, Kind: t.Notice.Kind, Accounts: t.Notice.Accounts,
		SaidKeys: t.SaidKeys, Handle: handle, ShownAt: f.Now,
	})
	return true
}

func handleOf(shown []kite.ShownNotice, key string) kite.NoticeHandle {
	for _, s := range shown {
		if s.Key == key {
			return s.Handle
		}
	}
	return ""
}

// refuse logs the first of several failures in a row and sets the next try.
func (w *Watch) refuse(now time.Time, err error) {
	if w.refused == 0 {
		w.Log.Warn("notice not shown", "error", err)
	}
	pause := firstRetry << min(w.refused, 5)
	w.refused++
	w.retryAt = now.Add(min(pause, lastRetry))
}

// waitsToRetry says whether it is too early for another try; a clock that was
// set back doesn't make it wait for longer.
func (w *Watch) waitsToRetry(now time.Time) bool {
	return w.retryAt.After(now) && w.retryAt.Sub(now) <= lastRetry
}

// TryAgain lets refused notices be shown at once: the desktop's service came.
func (w *Watch) TryAgain() {
	w.mu.Lock()
	w.again = true
	w.mu.Unlock()
	w.Wake()
}

func (w *Watch) forgetRefusals() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.again {
		w.again, w.retryAt = false, time.Time{}
	}
}

func (w *Watch) remember(ctx context.Context, n kite.ShownNotice) {
	if w.told == nil {
		w.told = map[string]kite.Said{}
	}
	for _, key := range n.SaidKeys {
		w.told[key] = kite.Said{Key: key, At: n.ShownAt}
	}
	// What was told was told, even if this process is asked to end right now.
	if err := w.Notices.MarkSaid(context.WithoutCancel(ctx), n); err != nil {
		w.Log.Error("told, but not remembered", "notice", n.Key, "error", err)
		return
	}
	for _, key := range n.SaidKeys {
		delete(w.told, key)
	}
}

func (w *Watch) withdraw(ctx context.Context, shown kite.ShownNotice) {
	if err := w.Notifier.Withdraw(ctx, shown.Handle); err != nil {
		w.Log.Warn("notice not withdrawn", "notice", shown.Key, "error", err)
	}
	if err := w.Notices.Unshow(context.WithoutCancel(ctx), shown.Key); err != nil {
		w.Log.Error("withdrawn notice not forgotten", "notice", shown.Key, "error", err)
	}
}

// Answer takes what the user did with a notice and returns what is asked of
// the window; false if nothing is, or if the notice isn't one of this data
// folder's.
func (w *Watch) Answer(ctx context.Context, a kite.NoticeAnswer) (kite.Request, bool) {
	n, ours := w.shown(ctx, a.Handle)
	switch {
	case !ours:
		return kite.Request{}, false
	case a.Do.Later:
		w.later(ctx, n)
		return kite.Request{}, false
	}
	w.withdraw(ctx, n) // answered: it isn't told in another form either
	return meant(a.Do, n), true
}

// mostMeant is how many IDs fit on a command line and into a message.
const mostMeant = 200

// meant is a request with the accounts that its notice named. The morning
// reminder names all that need a login, whoever that is when it is answered.
func meant(do kite.Request, n kite.ShownNotice) kite.Request {
	if do.LoginAll && n.Kind != kite.NoticeMorning && len(n.Accounts) <= mostMeant {
		return kite.Request{Login: strings.Join(n.Accounts, ",")}
	}
	return do
}

// shown finds a notice that is on the screen, or has just left it: some
// services tell that before they tell the answer. One that has just appeared
// may be answered before it is remembered.
func (w *Watch) shown(ctx context.Context, h kite.NoticeHandle) (kite.ShownNotice, bool) {
	w.telling.Lock()
	shown, err := w.Notices.Shown(ctx)
	w.telling.Unlock()
	if err != nil {
		w.Log.Error("notices on the screen not read", "error", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	shown = append(shown, w.left)
	i := slices.IndexFunc(shown, func(n kite.ShownNotice) bool { return n.Handle == h })
	if h == "" || i < 0 {
		return kite.ShownNotice{}, false
	}
	return shown[i], true
}

// Dismissed takes that a notice left the screen: by the user, or by itself.
func (w *Watch) Dismissed(ctx context.Context, h kite.NoticeHandle) {
	n, ours := w.shown(ctx, h)
	if !ours {
		return
	}
	w.mu.Lock()
	w.left = n
	w.mu.Unlock()
	if err := w.Notices.Unshow(ctx, n.Key); err != nil {
		w.Log.Error("dismissed notice not forgotten", "notice", n.Key, "error", err)
	}
}

func (w *Watch) later(ctx context.Context, n kite.ShownNotice) {
	if err := w.Notices.SayAgain(ctx, n.SaidKeys, w.Clock.Now().Add(laterAfter)); err != nil {
		w.Log.Error("notice can't be told again", "notice", n.Key, "error", err)
	}
	w.withdraw(ctx, n)
	w.Wake()
}
