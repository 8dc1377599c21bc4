package view

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// HistoryEntry is one thing that happened to an account.
type HistoryEntry struct {
	ID          int64  `json:"id"`
	At          int64  `json:"at"`
	AccountID   string `json:"accountId"`
	AccountName string `json:"accountName"`
	ClientID    string `json:"clientId"`
	Kind        string `json:"kind"`
	OK          bool   `json:"ok"`
	Detail      string `json:"detail"`
}

// HistoryOf shapes entries.
func HistoryOf(entries []kite.HistoryEntry) []HistoryEntry {
	v := make([]HistoryEntry, len(entries))
	for i, e := range entries {
		v[i] = HistoryEntry{
			ID: e.ID, At: e.At.UnixMilli(), AccountID: e.AccountID, AccountName: e.AccountName,
			ClientID: e.ClientID, Kind: string(e.Kind), OK: e.OK, Detail: e.Detail,
		}
	}
	return v
}

// HistoryFilter picks entries.
type HistoryFilter struct {
	AccountID string `json:"accountId"`
	Kind      string `json:"kind"`
	Query     string `json:"query"`
	Before    int64  `json:"before"`
	Limit     int    `json:"limit"`
}

// Filter is the filter in the program's terms.
func (f HistoryFilter) Filter() kite.HistoryFilter {
	return kite.HistoryFilter{AccountID: f.AccountID, Kind: kite.HistoryKind(f.Kind), Query: f.Query, Before: f.Before, Limit: f.Limit}
}

// Span is a stretch of time.
type Span struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// DaySession is an account's living session in the picture of the day.
type DaySession struct {
	AccountID   string `json:"accountId"`
	AccountName string `json:"accountName"`
	Span
}

// IdleAccount is an account without a session.
type IdleAccount struct {
	AccountID   string `json:"accountId"`
	AccountName string `json:"accountName"`
}

// Reminder is a notice to come.
type Reminder struct {
	At   int64  `json:"at"`
	Text string `json:"text"`
}

// DayPicture is the time from now to the next cut-off.
type DayPicture struct {
	Span
	Market     []Span        `json:"market"` // NSE equity hours within it
	MarketNote string        `json:"marketNote"`
	Sessions   []DaySession  `json:"sessions"`
	Idle       []IdleAccount `json:"idle"`
	Reminders  []Reminder    `json:"reminders"`
}

// CalendarDay is one past day of an account, in IST.
type CalendarDay struct {
	Date     string        `json:"date"`
	Trades   bool          `json:"trades"`
	Note     string        `json:"note"`
	Sessions []SessionPart `json:"sessions"`
}

// SessionPart is what of a session lies in a day.
type SessionPart struct {
	Span
	EndedReason string `json:"endedReason"`
}

// SpanOf shapes a stretch of time.
func SpanOf(from, to time.Time) Span { return Span{from.UnixMilli(), to.UnixMilli()} }
