package main

import (
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// DesktopService is about the desktop around the window: preferences, tray,
// notices, the start with the computer, and what closing does.
type DesktopService struct{ shell }

// Preferences are what the user chose, or the defaults.
func (s *DesktopService) Preferences() (p kite.Preferences, err error) {
	defer s.guard("Preferences", &err)
	services, ctx, err := s.services()
	if err != nil {
		return p, err
	}
	return services.Preferences(ctx)
}

// SetPreferences stores them for window and agent; EINVALID with Field.
func (s *DesktopService) SetPreferences(p kite.Preferences) (kept kite.Preferences, err error) {
	defer s.guard("SetPreferences", &err)
	services, ctx, err := s.services()
	if err != nil {
		return kept, err
	}
	return services.SetPreferences(ctx, p)
}

// TradingDays lists holidays and special sessions.
func (s *DesktopService) TradingDays() (days view.TradingDays, err error) {
	defer s.guard("TradingDays", &err)
	services, ctx, err := s.services()
	if err != nil {
		return days, err
	}
	p, err := services.Preferences(ctx)
	return view.TradingDaysOf(p, s.app.clock.Now()), err
}

// Desktop tells what works around the window.
func (s *DesktopService) Desktop() (d view.Desktop, err error) {
	defer s.guard("Desktop", &err)
	services, ctx, err := s.services()
	if err != nil {
		return d, err
	}
	state := s.app.desktop.State()
	d = view.Desktop{
		Watcher: string(state.Watcher), Tray: state.Tray,
		AgentFailure: failureOfReason(state.AgentFailure), NotificationFailure: failureOfReason(state.Notifications),
		Untold: append([]string{}, state.Untold...),
	}
	var autostartErr error
	if d.Autostart, autostartErr = s.app.autostart.Enabled(); autostartErr != nil {
		f := view.FailureOf(autostartErr)
		d.AutostartFailure = &f
	}
	d.OfferAutostart = !d.Autostart && autostartErr == nil && services.MayOfferAutostart(ctx)
	return d, nil
}

func failureOfReason(r *agent.Reason) *view.Failure {
	if r == nil {
		return nil
	}
	return &view.Failure{Code: r.Code, Message: r.Message, Hint: r.Hint}
}

// SetAutostart lets the agent start with the computer, or no longer.
func (s *DesktopService) SetAutostart(on bool) (err error) {
	defer s.guard("SetAutostart", &err)
	if err := s.app.autostart.Set(on); err != nil {
		return err
	}
	s.app.program.Events.Publish(kite.Event{Type: kite.DesktopChanged})
	return nil
}

// AnswerAutostart takes the answer to the offer, which isn't made again.
func (s *DesktopService) AnswerAutostart(yes bool) (err error) {
	defer s.guard("AnswerAutostart", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	if yes {
		if err := s.SetAutostart(true); err != nil {
			return err
		}
	}
	return services.AutostartAnswered(ctx)
}

// AnswerClose takes the answer to what closing the window does: stay leaves
// the agent, null doesn't close.
func (s *DesktopService) AnswerClose(stay *bool, remember bool) (err error) {
	defer s.guard("AnswerClose", &err)
	if stay == nil {
		s.app.closing.Store(false)
		return nil
	}
	choice := map[bool]kite.CloseChoice{true: kite.CloseStays, false: kite.CloseQuits}[*stay]
	if remember {
		services, ctx, err := s.services()
		if err != nil {
			return err
		}
		if err := services.RememberClose(ctx, choice); err != nil {
			return err
		}
	}
	s.app.leave(choice)
	return nil
}

// Quit closes the window and ends the agent.
func (s *DesktopService) Quit() (err error) {
	defer s.guard("Quit", &err)
	s.app.leave(kite.CloseQuits)
	return nil
}

// TakeRequest is what the desktop asked of the window last, once; null if
// nothing.
func (s *DesktopService) TakeRequest() (r *view.WindowRequest, err error) {
	defer s.guard("TakeRequest", &err)
	request := s.app.request.Swap(nil)
	if request == nil {
		return nil, nil
	}
	return &view.WindowRequest{
		Show: request.Show, Login: request.Login, LoginAll: request.LoginAll, Preferences: request.Preferences,
	}, nil
}

// HistoryService tells what happened and what the day is like.
type HistoryService struct{ shell }

// History returns entries, newest first.
func (s *HistoryService) History(f view.HistoryFilter) (list []view.HistoryEntry, err error) {
	defer s.guard("History", &err)
	services, ctx, err := s.services()
	if err != nil {
		return nil, err
	}
	entries, err := services.History.History(ctx, f.Filter())
	return view.HistoryOf(entries), err
}

// ExportHistory asks where to save and writes CSV; it returns the path, or ""
// if the user cancelled.
func (s *HistoryService) ExportHistory(f view.HistoryFilter) (path string, err error) {
	defer s.guard("ExportHistory", &err)
	services, ctx, err := s.services()
	if err != nil {
		return "", err
	}
	path, err = runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: "Export history", DefaultFilename: "kite-accounts-history.csv",
		Filters: []runtime.FileFilter{{DisplayName: "CSV", Pattern: "*.csv"}},
	})
	if err != nil || path == "" {
		return "", err
	}
	return path, services.ExportHistory(ctx, f.Filter(), path)
}

// DayPicture is the time from now to the next cut-off.
func (s *HistoryService) DayPicture() (v view.DayPicture, err error) {
	defer s.guard("DayPicture", &err)
	services, ctx, err := s.services()
	if err != nil {
		return v, err
	}
	return services.DayPicture(ctx)
}

// mostCalendarDays bounds AccountCalendar: two years.
const mostCalendarDays = 732

// AccountCalendar are the account's past days, newest last, today included.
func (s *HistoryService) AccountCalendar(accountID string, days int) (v []view.CalendarDay, err error) {
	defer s.guard("AccountCalendar", &err)
	services, ctx, err := s.services()
	if err != nil {
		return nil, err
	}
	return services.AccountCalendar(ctx, accountID, min(max(days, 1), mostCalendarDays))
}
