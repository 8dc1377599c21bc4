//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// withTray is the desktop that most tests of a day run on.
var withTray = desktop.Options{Panel: true, Notifications: desktop.NotificationsBubble}

// tradingDay is a Monday with trading on that day and the next, whatever day
// the tests run on.
const tradingDay kite.Day = "2026-12-14"

// at is that time of the day in India.
func at(d kite.Day, hour, minute int) time.Time { return d.At(hour*60 + minute) }

// newDay is a scene with a database and these accounts planted in it.
func newDay(t *testing.T, o desktop.Options, names ...string) (*scene, kite.Day) {
	t.Helper()
	s := newScene(t, o)
	db, err := sqlite.Open(t.Context(), s.Database())
	s.ok(err, db.Close())
	for i, name := range names {
		s.plant(i+1, name)
	}
	return s, tradingDay
}

// quoted is a text in SQL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func accountID(number int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", number) }

// plant puts an account into the database that has no secrets: it can be
// watched, and isn't logged in.
func (s *scene) plant(number int, name string) {
	s.t.Helper()
	now := s.Now().UnixMilli()
	s.sql(fmt.Sprintf(`INSERT INTO kite_accounts (account_id, account_name, account_name_key, client_id, phone_number, api_key,
		account_type, callback_url, postback_url, login_url, api_root, ttl, allowed_hosts, created_at, updated_at)
		VALUES (%s, %s, %s, %s, '', %s, 'sandbox', %s, '', '', '', 24, '[]', %d, %d)`,
		quoted(accountID(number)), quoted(name), quoted(strings.ToLower(name)), quoted(sandbox.UserNumber(number).UserID),
		quoted(sandbox.SharedApp), quoted(sandbox.DefaultCallback), now+int64(number), now))
}

// plantSession gives a planted account a session from login to end.
func (s *scene) plantSession(number int, login, end time.Time) {
	s.t.Helper()
	s.sql(fmt.Sprintf(`INSERT INTO kite_sessions (session_id, account_id, user_id, user_name, user_shortname, email, user_type, broker,
		login_time, ttl, expires_at, created_at, status, ended_reason)
		VALUES ('10000000-0000-4000-8000-%012d', %s, %s, 'Planted', '', '', '', 'ZERODHA', %d, 24, %d, %d, 'active', '')`,
		number, quoted(accountID(number)), quoted(sandbox.UserNumber(number).UserID), login.UnixMilli(), end.UnixMilli(), login.UnixMilli()))
}

// plantUntilCutOff gives so many accounts a session from 09:00 until 06:00 of
// the day after.
func (s *scene) plantUntilCutOff(d kite.Day, count int) {
	s.t.Helper()
	for number := range count {
		s.plantSession(number+1, at(d, 9, 0), at(d.Next(), 6, 0))
	}
}

// prefer writes preferences as the page would, before anything runs.
func (s *scene) prefer(change func(*kite.Preferences)) {
	s.t.Helper()
	p := kite.DefaultPreferences()
	change(&p)
	text, err := json.Marshal(p)
	s.ok(err)
	s.sql(fmt.Sprintf("INSERT OR REPLACE INTO settings VALUES (%s, %s)", quoted(kite.PreferencesKey), quoted(string(text))))
}

// preferences reads what is kept.
func (s *scene) preferences() (p kite.Preferences) {
	s.t.Helper()
	text := s.sql("SELECT value FROM settings WHERE key = " + quoted(kite.PreferencesKey))
	s.ok(json.Unmarshal([]byte(text), &p))
	return p
}

func loud(p *kite.Preferences) { p.QuietHours = false }

// agent starts the agent.
func (s *scene) agent() {
	s.t.Helper()
	_, err := s.StartAgent()
	s.ok(err)
}

// notice waits for a bubble with the text.
func (s *scene) notice(text string) desktop.ShownNotice {
	s.t.Helper()
	n, err := s.AwaitNotice(text)
	s.ok(err)
	return n
}

// titles are those of everything that was sent to the notification service.
func (s *scene) titles() (titles []string) {
	for _, told := range s.Told() {
		titles = append(titles, told.Title)
	}
	return titles
}

// awaitTold waits until exactly these titles were sent, in this order.
func (s *scene) awaitTold(titles ...string) {
	s.t.Helper()
	err := desktop.Await("the notices", 30*time.Second, func() bool { return len(s.titles()) >= len(titles) })
	if said := s.titles(); err != nil || !slices.Equal(said, titles) {
		s.t.Fatalf("sent: %q, want %q", said, titles)
	}
}

// saysNoMore fails if another notice is sent within a few seconds.
func (s *scene) saysNoMore() {
	s.t.Helper()
	before := len(s.Told())
	s.keepsTrue("nothing more is said", 3*time.Second, func() bool { return len(s.Told()) == before })
}

// tray is the agent's icon once it is as wanted.
func (s *scene) tray(wanted func(desktop.TrayItem) bool) desktop.TrayItem {
	s.t.Helper()
	item, err := s.AwaitTray(s.AgentPID(), wanted)
	s.ok(err)
	return item
}

func anyTray(desktop.TrayItem) bool { return true }

// menuHas waits until the tray's menu has an entry with the text, and returns
// all entries.
func (s *scene) menuHas(text string) []desktop.MenuEntry {
	s.t.Helper()
	var menu []desktop.MenuEntry
	err := desktop.Await(fmt.Sprintf("%q in the tray's menu", text), 30*time.Second, func() bool {
		item, err := s.Tray(s.AgentPID())
		if err == nil {
			menu, err = s.TrayMenu(item)
		}
		return err == nil && slices.ContainsFunc(menu, func(e desktop.MenuEntry) bool { return strings.Contains(e.Label, text) })
	})
	if err != nil {
		s.t.Fatalf("%v; it has %+v", err, menu)
	}
	return menu
}

// choose clicks an entry of the tray's menu.
func (s *scene) choose(labels ...string) {
	s.t.Helper()
	s.ok(s.ChooseTray(s.tray(anyTray), labels...))
}
