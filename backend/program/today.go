package program

import (
	"context"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// facts are what the plans of the day depend on, without what was told.
func (s *Services) facts(ctx context.Context) (expiry.Facts, error) {
	f := expiry.Facts{Now: s.clock.Now(), Zone: s.clock.Zone()}
	var err error
	if f.Preferences, err = kite.LoadPreferences(ctx, s.Settings); err != nil {
		s.log.Warn("preferences not read, the defaults hold", "error", err)
	}
	if f.Accounts, err = s.Accounts.Store.Accounts(ctx); err != nil {
		return f, err
	}
	f.Latest, err = s.Sessions.Sessions.LatestSessions(ctx)
	return f, err
}

// NeedingLogin are the accounts that Log in all is about, in the user's order:
// on a trading day those without a session good for it, else those without one
// that lives.
func (s *Services) NeedingLogin(ctx context.Context) ([]kite.Account, error) {
	f, err := s.facts(ctx)
	if err != nil {
		return nil, err
	}
	today := kite.DayOf(f.Now)
	if f.Preferences.Calendar().Trades(today) && f.Now.Before(today.MarketClose()) {
		return expiry.Needing(f, today), nil
	}
	var needing []kite.Account
	for _, a := range f.Preferences.InOrder(f.Accounts) {
		if latest, had := f.Latest[a.ID]; f.Preferences.Chosen(a.ID) && (!had || !latest.LiveAt(f.Now)) {
			needing = append(needing, a)
		}
	}
	return needing, nil
}

// Picked are the accounts of these IDs in the user's order; unknown IDs are
// left out.
func (s *Services) Picked(ctx context.Context, ids []string) ([]kite.Account, error) {
	f, err := s.facts(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	var picked []kite.Account
	for _, a := range f.Preferences.InOrder(f.Accounts) {
		if wanted[a.ID] {
			picked = append(picked, a)
		}
	}
	return picked, nil
}

// DayPicture is the time from now to the next cut-off.
func (s *Services) DayPicture(ctx context.Context) (view.DayPicture, error) {
	f, err := s.facts(ctx)
	if err != nil {
		return view.DayPicture{}, err
	}
	end := kite.NextCutoff(f.Now)
	v := view.DayPicture{
		Span: view.SpanOf(f.Now, end), Market: []view.Span{},
		Sessions: []view.DaySession{}, Idle: []view.IdleAccount{}, Reminders: []view.Reminder{},
	}
	market(&v, f.Preferences.Calendar(), f.Now, end)
	for _, a := range f.Preferences.InOrder(f.Accounts) {
		latest, had := f.Latest[a.ID]
		if !had || !latest.LiveAt(f.Now) {
			v.Idle = append(v.Idle, view.IdleAccount{AccountID: a.ID, AccountName: a.Name})
			continue
		}
		v.Sessions = append(v.Sessions, view.DaySession{AccountID: a.ID, AccountName: a.Name, Span: view.SpanOf(latest.LoginTime, latest.ExpiresAt)})
	}
	for _, r := range expiry.Upcoming(f, end) {
		v.Reminders = append(v.Reminders, view.Reminder{At: r.At.UnixMilli(), Text: r.Text})
	}
	return v, nil
}

// market fills in the trading hours between now and end, or why there are none
// today.
func market(v *view.DayPicture, calendar kite.Calendar, now, end time.Time) {
	today := kite.DayOf(now)
	for d := today; d.At(0).Before(end); d = d.Next() {
		if calendar.Trades(d) && !calendar.Special(d) && d.MarketClose().After(now) && d.MarketOpen().Before(end) {
			v.Market = append(v.Market, view.SpanOf(d.MarketOpen(), d.MarketClose()))
		}
	}
	note := calendar.Note(today)
	switch {
	case calendar.Special(today):
		v.MarketNote = "Special session: " + note
	case calendar.Trades(today):
	case note != "":
		v.MarketNote = "Market closed: " + note
	case calendar.Holiday(today):
		v.MarketNote = "Market closed: holiday"
	default:
		v.MarketNote = "Market closed: weekend"
	}
}
