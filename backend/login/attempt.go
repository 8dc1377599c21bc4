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
	Way         kite.LoginWay // of the login that runs; empty if none does
	BrowserOpen bool          // opened in the system browser; a pasted redirect URL is taken
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
	ending *ending      // nil if no login runs
	wait   *browserWait // of a login that waits for its browser
	state  string       // of a browser that was opened beside a login window
}

// ending is how one login ends.
type ending struct {
	cancel  context.CancelFunc
	stopped <-chan struct{} // closed once it is told to stop, or over
	failure *Failure        // to be read once it is done
	done    chan struct{}   // closed when the login is over
	settled chan struct{}   // closed when what it may have ended was asked after, too
}

func newEnding(ctx context.Context, cancel context.CancelFunc) *ending {
	return &ending{cancel: cancel, stopped: ctx.Done(), done: make(chan struct{}), settled: make(chan struct{})}
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

// begin marks the account as logging in that way; false if it already is.
func (a *attempts) begin(accountID string, way kite.LoginWay, e *ending, wait *browserWait) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.of(accountID)
	if r.ending != nil {
		return false
	}
	r.Phase, r.Way, r.ending, r.wait = Opening, way, e, wait
	r.Failure, r.Warnings = nil, nil
	return true
}

// end returns the account to Idle with what the login left to say.
func (a *attempts) end(accountID string, failure *Failure, warnings []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.of(accountID)
	r.ending.cancel()
	r.ending.failure = failure
	close(r.ending.done)
	if failure == nil || r.wait != nil {
		r.BrowserOpen, r.state = false, ""
	}
	r.Phase, r.Way, r.ending, r.wait = Idle, "", nil, nil
	r.Failure, r.Warnings = failure, warnings
}

// running is how the account's login will end; nil if none runs.
func (a *attempts) running(accountID string) *ending {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of(accountID).ending
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
	if e := s.attempts.running(accountID); e != nil {
		e.cancel()
		<-e.done
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
