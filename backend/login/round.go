package login

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Outcome is how far one account of a round is.
type Outcome string

// The outcomes. Only OutcomeWaiting and OutcomeRunning are passing ones.
const (
	OutcomeWaiting Outcome = "waiting"
	OutcomeRunning Outcome = "running"
	OutcomeActive  Outcome = "active"  // has a new session
	OutcomeSkipped Outcome = "skipped" // by the user, who may also have closed the window
	OutcomeFailed  Outcome = "failed"
	OutcomeStopped Outcome = "stopped" // never begun, since the user stopped the round
)

// Step is one account of a round.
type Step struct {
	AccountID   string
	AccountName string
	ClientID    string
	Outcome     Outcome
	Failure     *kite.Error // of a failed one
}

// Round is Log in all as it stands.
type Round struct {
	Running  bool
	Stopping bool
	Steps    []Step // empty: none ran, or its summary was dismissed
	Current  int    // index of the running step, -1 if none
}

type round struct {
	mu      sync.Mutex
	state   Round
	skipped bool              // the running step was skipped
	before  map[string]string // account ID → its newest session when the round began
}

// Round is the round as it stands.
func (s *Service) Round() Round {
	s.round.mu.Lock()
	defer s.round.mu.Unlock()
	r := s.round.state
	r.Steps = slices.Clone(r.Steps)
	if !r.Running {
		r.Current = -1
	}
	return r
}

// LogInAll logs the accounts in, one after another in their order, each in its
// own way; where that is the system browser it waits for the redirect or for
// what is pasted. It returns at once; Round and RoundChanged tell how it goes on. One
// account's failure doesn't stop the rest. Unless confirmed, it returns
// ECONFIRM if a token that still works would end or if Kite is clearing
// tokens; ELOCKED if the vault isn't open; ECONFLICT if a round runs.
func (s *Service) LogInAll(ctx context.Context, accounts []kite.Account, confirmed bool) error {
	if len(accounts) == 0 {
		return kite.Errorf(kite.EINVALID, "No account needs a login.")
	}
	if err := s.mayBegin(ctx, accounts, confirmed); err != nil {
		return err
	}
	latest, err := s.Sessions.LatestSessions(ctx)
	if err != nil {
		return fmt.Errorf("log in all: %w", err)
	}
	if !s.round.begin(accounts, latest) {
		return kite.Errorf(kite.ECONFLICT, "Log in all is running already.").WithHint("Wait for it, or stop it first.")
	}
	s.roundChanged()
	s.begin()
	s.wg.Go(func() { s.runRound(s.ctx) })
	return nil
}

// mayBegin asks once for the whole round what Start asks for one account.
func (s *Service) mayBegin(ctx context.Context, accounts []kite.Account, confirmed bool) error {
	if _, err := s.Accounts.Secrets(ctx, accounts[0].ID); kite.ErrorCode(err) == kite.ELOCKED {
		return err
	}
	if confirmed {
		return nil
	}
	var living []kite.Account
	clearing := false
	for _, a := range accounts {
		latest, err := s.Sessions.LatestSession(ctx, a.ID)
		if err != nil {
			return err
		}
		if latest != nil && latest.LiveAt(s.Clock.Now()) {
			living = append(living, a)
		}
		clearing = clearing || (a.Type == kite.Live && kite.InClearing(s.Clock.Now()))
	}
	switch {
	case len(living) == 1:
		return kite.Errorf(kite.ECONFIRM, "%s has a session. A new login ends its token at once, also in programs that use it.", living[0].Name)
	case len(living) > 1:
		return kite.Errorf(kite.ECONFIRM, "%d of these accounts have a session. A new login ends their tokens at once, also in programs that use them.", len(living))
	case clearing:
		return kite.Errorf(kite.ECONFIRM, "Kite clears tokens between 05:00 and 08:00 IST. Sessions made now may end any minute.").
			WithHint("Better log in after 08:00 IST.")
	}
	return nil
}

func (r *round) begin(accounts []kite.Account, latest map[string]kite.Session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state.Running {
		return false
	}
	r.state, r.before = Round{Running: true, Current: -1}, map[string]string{}
	for id, session := range latest {
		r.before[id] = session.ID
	}
	for _, a := range accounts {
		r.state.Steps = append(r.state.Steps, Step{AccountID: a.ID, AccountName: a.Name, ClientID: a.ClientID, Outcome: OutcomeWaiting})
	}
	return true
}

func (s *Service) runRound(ctx context.Context) {
	for {
		step, more := s.round.next()
		s.roundChanged()
		if !more || ctx.Err() != nil {
			return
		}
		outcome, failure := s.runStep(ctx, step.AccountID)
		if s.round.finish(outcome, failure) == OutcomeSkipped {
			s.DismissFailure(step.AccountID) // the summary says it; the card needn't
		}
	}
}

// next makes the next step the running one; false at the end.
func (r *round) next() (Step, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.skipped = false
	r.state.Current++
	if r.state.Stopping || r.state.Current >= len(r.state.Steps) {
		for i := range r.state.Steps {
			if r.state.Steps[i].Outcome == OutcomeWaiting {
				r.state.Steps[i].Outcome = OutcomeStopped
			}
		}
		r.state.Running, r.state.Stopping, r.state.Current = false, false, -1
		return Step{}, false
	}
	step := &r.state.Steps[r.state.Current]
	step.Outcome = OutcomeRunning
	return *step, true
}

// finish notes how the running step ended and returns it.
func (r *round) finish(outcome Outcome, failure *kite.Error) Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	step := &r.state.Steps[r.state.Current]
	if outcome == OutcomeFailed && (r.skipped || r.state.Stopping || failure.Code == kite.ECANCELED) {
		outcome, failure = OutcomeSkipped, nil
	}
	step.Outcome, step.Failure = outcome, failure
	return outcome
}

// runStep logs one account in and waits until that has ended. A login of the
// account that runs already is waited for; a session that it got meanwhile, by
// hand or in another window, is left alone.
func (s *Service) runStep(ctx context.Context, accountID string) (Outcome, *kite.Error) {
	latest, err := s.Sessions.LatestSession(ctx, accountID)
	if err != nil {
		return OutcomeFailed, kite.AsError(err)
	}
	if latest != nil && latest.LiveAt(s.Clock.Now()) && s.round.isNew(*latest) {
		return OutcomeActive, nil
	}
	if err := s.Start(ctx, accountID, true); err != nil {
		return OutcomeFailed, kite.AsError(err)
	}
	if s.round.isOver() { // skipped or stopped before the login ran
		s.Cancel(accountID)
	}
	if e := s.attempts.running(accountID); e != nil {
		select {
		case <-e.done:
		case <-ctx.Done():
			return OutcomeStopped, nil
		}
	}
	if f := s.Attempt(accountID).Failure; f != nil {
		return OutcomeFailed, f.Err
	}
	return OutcomeActive, nil
}

func (r *round) isNew(s kite.Session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.before[s.AccountID] != s.ID
}

// isOver says whether the running step was skipped or the round stopped.
func (r *round) isOver() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.skipped || r.state.Stopping
}

// SkipStep ends the running login of the round and goes on with the next
// account.
func (s *Service) SkipStep() { s.cancelStep(func(r *round) { r.skipped = true }) }

// StopRound ends the running login and leaves the rest as it is.
func (s *Service) StopRound() { s.cancelStep(func(r *round) { r.state.Stopping = true }) }

func (s *Service) cancelStep(mark func(*round)) {
	s.round.mu.Lock()
	current := ""
	if r := &s.round.state; r.Running && r.Current >= 0 && !s.round.skipped {
		mark(&s.round)
		current = r.Steps[r.Current].AccountID
	}
	s.round.mu.Unlock()
	if current != "" {
		s.roundChanged()
		s.Cancel(current)
	}
}

// DismissRound forgets the summary of a round that has ended.
func (s *Service) DismissRound() {
	s.round.mu.Lock()
	if !s.round.state.Running {
		s.round.state = Round{}
	}
	s.round.mu.Unlock()
	s.roundChanged()
}

func (s *Service) roundChanged() { s.Events.Publish(kite.Event{Type: kite.RoundChanged}) }
