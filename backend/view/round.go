package view

import (
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
)

// Round is Log in all as it stands.
type Round struct {
	State    string `json:"state"` // none, running, done: the summary stays until dismissed
	Stopping bool   `json:"stopping"`
	Steps    []Step `json:"steps"`
	Current  int    `json:"current"` // index of the running step, -1 if none
}

// Step is one account of a round.
type Step struct {
	AccountID   string   `json:"accountId"`
	AccountName string   `json:"accountName"`
	ClientID    string   `json:"clientId"`
	Outcome     string   `json:"outcome"` // waiting, running, active, skipped, failed, stopped
	Failure     *Failure `json:"failure"`
}

// RoundOf shapes a round.
func RoundOf(r login.Round) Round {
	v := Round{State: "none", Stopping: r.Stopping, Steps: []Step{}, Current: r.Current}
	switch {
	case r.Running:
		v.State = "running"
	case len(r.Steps) > 0:
		v.State = "done"
	}
	for _, s := range r.Steps {
		step := Step{AccountID: s.AccountID, AccountName: s.AccountName, ClientID: s.ClientID, Outcome: string(s.Outcome)}
		if s.Failure != nil {
			f := FailureOf(s.Failure)
			step.Failure = &f
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// CheckSummary counts the outcomes of Check all.
type CheckSummary struct {
	Checked int `json:"checked"`
	Alive   int `json:"alive"`
	Ended   int `json:"ended"`
	Unknown int `json:"unknown"` // no answer
}

// CheckSummaryOf shapes a summary.
func CheckSummaryOf(s sessions.Summary) CheckSummary { return CheckSummary(s) }
