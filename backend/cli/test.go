package cli

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
)

type testCmd struct {
	Name string `arg:"" optional:"" predictor:"account" help:"Name or short name."`
	All  bool   `help:"Test every active session."`
	JSON bool   `help:"Print JSON: an array with an outcome for each account."`
}

// outcome is what became of one test; docs/cli.md describes its JSON.
type outcome struct {
	AccountID   string `json:"accountId"`
	AccountName string `json:"accountName"`
	Outcome     string `json:"outcome"` // alive, ended or unknown
	Code        string `json:"code"`    // of the error, empty if alive
	Message     string `json:"message"`
	UserID      string `json:"userId"`     // who is logged in, if Kite said so
	TookMillis  int64  `json:"tookMillis"` // how long Kite took; 0 with --all
}

// The outcomes.
const (
	outcomeAlive   = "alive"   // Kite answered for the session
	outcomeEnded   = "ended"   // Kite no longer accepts the token
	outcomeUnknown = "unknown" // no answer of Kite's; the session stays as it is
)

// Run asks Kite whether sessions live.
func (c testCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	chosen, err := w.chosen(ctx, c.Name, c.All)
	if err != nil {
		return err
	}
	outcomes := []outcome{}
	if c.All {
		outcomes, err = global.testAll(ctx, w, chosen)
	} else {
		outcomes, err = global.testOne(ctx, w, chosen[0], outcomes)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(out, outcomes)
	} else {
		err = printOutcomes(out, outcomes)
	}
	if err != nil {
		return err
	}
	return verdict(outcomes)
}

func (g *commands) testOne(ctx context.Context, w *workbench, a kite.Account, list []outcome) ([]outcome, error) {
	lives, err := w.lives(ctx, a)
	if err != nil {
		return nil, err
	}
	if lives { // a session that has ended is told without opening anything
		if err := g.unlock(ctx, w); err != nil {
			return nil, err
		}
	}
	test, err := w.Sessions.Test(ctx, a.ID)
	if err != nil {
		return nil, saysHow(a, err)
	}
	o := outcomeOf(a, test.Err)
	o.UserID, o.TookMillis = test.Profile.UserID, test.Took.Milliseconds()
	return append(list, o), nil
}

func (g *commands) testAll(ctx context.Context, w *workbench, accounts []kite.Account) ([]outcome, error) {
	outcomes := []outcome{}
	living, err := w.living(ctx, accounts)
	if err != nil || len(living) == 0 {
		return outcomes, err
	}
	latest, err := w.Sessions.Sessions.LatestSessions(ctx)
	if err != nil {
		return nil, err
	}
	if err := g.unlock(ctx, w); err != nil {
		return nil, err
	}
	if _, err := w.Sessions.CheckAll(ctx); err != nil {
		return nil, err
	}
	for _, a := range living {
		outcomes = append(outcomes, outcomeOf(a, lastError(w.Sessions, a, latest[a.ID])))
	}
	return outcomes, nil
}

// lastError is what the last question about the session came to. Where none
// was asked, it ended meanwhile or its token can't be read.
func lastError(s *sessions.Service, a kite.Account, session kite.Session) *kite.Error {
	check, asked := s.LastCheck(a.ID, session.ID)
	if !asked {
		return kite.Errorf(kite.EUNKNOWN, "Kite wasn't asked: the session ended meanwhile, or its token can't be read.")
	}
	return check.Err
}

func outcomeOf(a kite.Account, err *kite.Error) outcome {
	o := outcome{AccountID: a.ID, AccountName: a.Name, Outcome: outcomeAlive, Message: "Kite answered for the session."}
	if err != nil {
		o.Outcome, o.Code, o.Message = outcomeUnknown, err.Code, err.Message
	}
	if err != nil && err.Code == kite.ETOKEN {
		o.Outcome = outcomeEnded
	}
	return o
}

func printOutcomes(out *output, outcomes []outcome) error {
	if len(outcomes) == 0 {
		_, err := fmt.Fprintln(out, "No account has an active session.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tOUTCOME\tTOOK\tMESSAGE")
	for _, o := range outcomes {
		took := "-"
		if o.TookMillis > 0 {
			took = (time.Duration(o.TookMillis) * time.Millisecond).String()
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", o.AccountName, o.Outcome, took, printable(o.Message))
	}
	return table.Flush()
}

// verdict is the error that the outcomes come to: a session that ended weighs
// more than one that Kite said nothing of.
func verdict(outcomes []outcome) error {
	count := map[string]int{}
	var unknown outcome
	for _, o := range outcomes {
		count[o.Outcome]++
		if o.Outcome == outcomeUnknown {
			unknown = o
		}
	}
	switch {
	case count[outcomeEnded] > 0:
		return kite.Errorf(kite.EENDED, "%s ended.", countSessions(count[outcomeEnded])).
			WithHint("Log in again: kitectl login NAME.")
	case count[outcomeUnknown] > 0:
		return kite.Errorf(unknown.Code, "Kite said nothing about %s.", countSessions(count[outcomeUnknown])).
			WithHint("The table says why. Sessions stay as they are.")
	}
	return nil
}

func countSessions(n int) string {
	if n == 1 {
		return "1 session"
	}
	return fmt.Sprintf("%d sessions", n)
}
