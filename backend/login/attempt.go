package login

import (
	"context"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Phase is how far a running login is; empty when none runs.
type Phase string

// The phases in their order.
const (
	Idle       Phase = ""
	Opening    Phase = "opening"
	Waiting    Phase = "waiting"
	Exchanging Phase = "exchanging"
	Verifying  Phase = "verifying"
	Saving     Phase = "saving"
)

// Failure is how an account's last login ended, until dismissed or the next
// login.
type Failure struct {
	Err          *kite.Error
	At           time.Time
	BlockedHosts []string // hosts the login window kept from loading
}

// Attempt is what the card shows of an account's login.
type Attempt struct {
	Phase       Phase
	BrowserOpen bool // opened in the system browser; waits for a pasted redirect URL
	Failure     *Failure
	Warnings    []string // sentences about the last successful login
}

// attempts keeps one Attempt per account, with what cancels it.
type attempts struct {
	mu sync.Mutex
	m  map[string]*running
}

type running struct {
	Attempt
	cancel context.CancelFunc
	done   chan struct{}
	state  string // of a browser login
}

func (a *attempts) of(accountID string) *running {
	if a.m == nil {
		a.m = map[string]*running{}
	}
	r := a.m[accountID]
	if r == nil {
		r = &running{}
		a.m[accountID] = r
	}
	return r
}

// change runs f on the account's attempt under the lock.
func (a *attempts) change(accountID string, f func(*running)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f(a.of(accountID))
}

// begin marks the account as logging in; false if it already is.
func (a *attempts) begin(accountID string, cancel context.CancelFunc) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.of(accountID)
	if r.Phase != Idle {
		return false
	}
	r.Phase, r.cancel, r.done = Opening, cancel, make(chan struct{})
	r.Failure, r.Warnings = nil, nil
	return true
}

// end returns the account to Idle with what the login left to say.
func (a *attempts) end(accountID string, failure *Failure, warnings []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.of(accountID)
	r.cancel()
	close(r.done)
	r.Phase, r.cancel, r.done = Idle, nil, nil
	r.Failure, r.Warnings = failure, warnings
	if failure == nil {
		r.BrowserOpen, r.state = false, ""
	}
}

// Attempt is the account's login as it stands.
func (s *Service) Attempt(accountID string) Attempt {
	s.attempts.mu.Lock()
	defer s.attempts.mu.Unlock()
	return s.attempts.of(accountID).Attempt
}

// DismissFailure forgets the account's last failure.
func (s *Service) DismissFailure(accountID string) {
	s.attempts.change(accountID, func(r *running) {
		r.Failure = nil
		if r.Phase == Idle {
			r.BrowserOpen, r.state = false, ""
		}
	})
	s.changed(accountID)
}

// Cancel stops the account's login, if one runs, and waits until its window
// is gone. An exchange that was already sent is finished instead: its token
// would live at Kite unseen.
func (s *Service) Cancel(accountID string) {
	var cancel context.CancelFunc
	var done chan struct{}
	s.attempts.change(accountID, func(r *running) { cancel, done = r.cancel, r.done })
	if cancel != nil {
		cancel()
		<-done
	}
	s.attempts.change(accountID, func(r *running) { r.BrowserOpen, r.state = false, "" })
	s.changed(accountID)
}

// Close cancels every login and waits for them.
func (s *Service) Close() {
	s.begin()
	s.stop()
	s.wg.Wait()
}
