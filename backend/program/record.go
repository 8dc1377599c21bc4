package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/history"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// LogInAll logs in the given accounts, or all that need it, one after another.
func (s *Services) LogInAll(ctx context.Context, accountIDs []string, confirmed bool) error {
	var accounts []kite.Account
	var err error
	if len(accountIDs) > 0 {
		accounts, err = s.Picked(ctx, accountIDs)
	} else {
		accounts, err = s.NeedingLogin(ctx)
	}
	if err != nil {
		return err
	}
	return s.Login.LogInAll(ctx, accounts, confirmed)
}

// ExportHistory writes the picked entries as CSV to a file that only its owner
// can read. On an error no partial file stays.
func (s *Services) ExportHistory(ctx context.Context, f kite.HistoryFilter, path string) error {
	f.Before, f.Limit = 0, 0
	entries, err := s.History.History(ctx, f)
	if err != nil {
		return err
	}
	if err := writeCSV(path, entries); err != nil {
		return kite.Errorf(kite.EINTERNAL, "The history couldn't be saved to %s.", path).
			WithHint("Choose a folder that you may write to and that has space left.").Because(err)
	}
	s.log.Info("history exported", "entries", len(entries))
	return nil
}

func writeCSV(path string, entries []kite.HistoryEntry) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".kite-accounts-*.csv") // mode 0600
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	err = errors.Join(history.WriteCSV(file, entries), file.Sync(), file.Close())
	if err == nil {
		err = datadir.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// AccountCalendar are the account's past days, newest last, today included.
func (s *Services) AccountCalendar(ctx context.Context, accountID string, days int) ([]view.CalendarDay, error) {
	p, err := s.Preferences(ctx)
	if err != nil {
		return nil, err
	}
	if p.HistoryDays > 0 {
		days = min(days, p.HistoryDays) // what isn't kept mustn't look like a day without a session
	}
	now := s.clock.Now()
	from, to := kite.DayOf(now.AddDate(0, 0, 1-days)), kite.DayOf(now)
	list, err := s.Sessions.Sessions.Sessions(ctx, accountID, from.At(0))
	if err != nil {
		return nil, err
	}
	views := make([]view.CalendarDay, 0, days)
	for _, d := range history.Days(list, p.Calendar(), from, to, now) {
		v := view.CalendarDay{Date: string(d.Date), Trades: d.Trades, Note: d.Note, Sessions: []view.SessionPart{}}
		for _, part := range d.Parts {
			v.Sessions = append(v.Sessions, view.SessionPart{Span: view.SpanOf(part.From, part.To), EndedReason: string(part.EndedReason)})
		}
		views = append(views, v)
	}
	return views, nil
}
