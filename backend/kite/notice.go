package kite

import (
	"context"
	"time"
)

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notices.
const (
	NoticeEnding    NoticeKind = "ending"    // sessions that end soon
	NoticeEnded     NoticeKind = "ended"     // sessions that reached their end
	NoticeElsewhere NoticeKind = "elsewhere" // a session that Kite no longer accepts
	NoticeMorning   NoticeKind = "morning"   // accounts without a session for today
)

// Notice is something to tell the user outside of the window. Its texts are
// plain: whoever shows it escapes them. It never holds a secret.
type Notice struct {
	Key      string // what it is about; a later notice of the same key takes its place
	Kind     NoticeKind
	Title    string
	Body     string
	Accounts []string // IDs
	Urgent   bool     // stays until it is answered
	Actions  []NoticeAction
	Open     Request // what a click on the notice itself asks for
}

// NoticeAction is a button of a notice.
type NoticeAction struct {
	Label string // "Log in again", "Log in all", "Later"
	Do    Request
}

// Request is what the desktop asks of the window: by a click on a notice, in
// the tray's menu, or kite-accounts --show ID, --login ID, --login-all. At
// most one field is set; the zero value opens the window.
type Request struct {
	Show        string `json:"show,omitempty"`        // account ID
	Login       string `json:"login,omitempty"`       // account ID, or several with commas between
	LoginAll    bool   `json:"loginAll,omitempty"`    // every account that needs it
	Preferences bool   `json:"preferences,omitempty"` // the preferences page
	Later       bool   `json:"later,omitempty"`       // not of the window: the notice comes again
	Quit        bool   `json:"quit,omitempty"`        // the user quits in the tray: the window closes too
}

// NoticeHandle is a notice on the screen, in the words of the service that
// shows it. It stays valid when this program starts anew.
type NoticeHandle string

// NoticeAnswer is what the user did with a shown notice.
type NoticeAnswer struct {
	Handle NoticeHandle
	Do     Request
}

// Notifier shows notices on the desktop. No call blocks for longer than a few
// seconds.
type Notifier interface {
	// Show shows a notice, in place of an earlier one if replaces isn't empty
	// and that one is still there.
	Show(ctx context.Context, n Notice, replaces NoticeHandle) (NoticeHandle, error)
	// Withdraw takes a notice off the screen; one that is gone is no error.
	Withdraw(ctx context.Context, h NoticeHandle) error
}

// Said is a thing that was told, so that it isn't told twice.
type Said struct {
	Key   string // such as ending/120/SESSION-ID or morning/2026-11-25
	At    time.Time
	Again time.Time // when to tell it again, since the user chose Later; zero: never
}

// ShownNotice is a notice that is, as far as is known, on the screen.
type ShownNotice struct {
	Key      string
	Kind     NoticeKind
	Accounts []string
	SaidKeys []string // what it told
	Handle   NoticeHandle
	ShownAt  time.Time
}

// NoticeStore remembers across restarts what was told and what is shown.
type NoticeStore interface {
	// Said returns everything that was told, by key.
	Said(ctx context.Context) (map[string]Said, error)
	// MarkSaid records a shown notice and what it told, in one transaction. A
	// notice of the same key is replaced. Without a Handle nothing counts as
	// shown.
	MarkSaid(ctx context.Context, n ShownNotice) error
	// Shown returns the notices that are on the screen.
	Shown(ctx context.Context) ([]ShownNotice, error)
	// Unshow forgets a shown notice; what it told stays told.
	Unshow(ctx context.Context, key string) error
	// SayAgain lets the things be told once more at that time.
	SayAgain(ctx context.Context, saidKeys []string, at time.Time) error
	// PruneSaid forgets what was told before that time.
	PruneSaid(ctx context.Context, before time.Time) error
}
