package cli

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/history"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

type historyCmd struct {
	Name  string `arg:"" optional:"" predictor:"account" help:"Only of this account, also if it was removed."`
	Kind  string `placeholder:"KIND" help:"Only what is of this kind: login, refresh, expired, \"ended elsewhere\", \"logged out\", \"failed login\", test, export, program or client."`
	Since string `placeholder:"WHEN" help:"Only from then on: 90m, 24h or 7d ago, a date such as 2026-11-26 (in IST), or a time in RFC 3339."`
	Limit int    `default:"100" help:"At most so many, the newest; 0 for all."`
	JSON  bool   `xor:"form" help:"Print JSON: an array, newest first, times in milliseconds since 1970."`
	CSV   bool   `xor:"form" help:"Print CSV with a header."`
}

var historyKinds = []kite.HistoryKind{
	kite.HistoryLogin, kite.HistoryRefresh, kite.HistoryExpired, kite.HistoryElsewhere, kite.HistoryLoggedOut, kite.HistoryFailed,
	kite.HistoryTest, kite.HistoryExport, kite.HistoryProgram, kite.HistoryClient,
}

// Run prints what happened, from the database alone.
func (c historyCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	dir, err := datadir.Open(global.DataDir)
	if err != nil {
		return err
	}
	filter, err := c.filter(clock.ForDataDir(dir.Path()).Now())
	if err != nil {
		return err
	}
	entries, err := c.read(ctx, dir, filter)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		return printJSON(out, view.HistoryOf(entries))
	case c.CSV:
		return history.WriteCSV(out, entries)
	}
	return printHistory(out, entries)
}

func (c historyCmd) filter(now time.Time) (kite.HistoryFilter, error) {
	kind := kite.HistoryKind(strings.ReplaceAll(strings.ToLower(c.Kind), "-", " "))
	if c.Kind != "" && !slices.Contains(historyKinds, kind) {
		return kite.HistoryFilter{}, kite.Errorf(kite.EINVALID, "There is no kind %q in the history.", c.Kind).WithHint("kitectl history --help names them.")
	}
	if c.Limit < 0 {
		return kite.HistoryFilter{}, kite.Errorf(kite.EINVALID, "--limit is a number of entries, or 0 for all.")
	}
	since, err := parseSince(c.Since, now)
	return kite.HistoryFilter{Kind: kind, Since: since, Limit: c.Limit}, err
}

var agoPattern = regexp.MustCompile(`^([0-9]{1,5})(m|h|d)$`)

// parseSince takes a time ago, a day in IST or an RFC 3339 time; empty is the
// zero time.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if ago := agoPattern.FindStringSubmatch(text); ago != nil {
		n, err := strconv.Atoi(ago[1])
		unit := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[ago[2]]
		return now.Add(-time.Duration(n) * unit), err
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, kite.IST); err == nil {
		return day.UTC(), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC(), nil
	}
	return time.Time{}, kite.Errorf(kite.EINVALID, "--since isn't a time.").
		WithHint("Write 90m, 24h or 7d, a date such as 2026-11-26, or 2026-11-26T09:15:00+05:30.")
}

func (c historyCmd) read(ctx context.Context, dir datadir.Dir, filter kite.HistoryFilter) ([]kite.HistoryEntry, error) {
	db, err := sqlite.OpenReadOnly(ctx, dir.Database())
	switch {
	case kite.ErrorCode(err) == kite.ENOTFOUND && c.Name == "":
		return nil, nil
	case kite.ErrorCode(err) == kite.ENOTFOUND:
		_, err = kite.FindAccount(nil, c.Name)
		return nil, err
	case err != nil:
		return nil, err
	}
	defer db.Close() //nolint:errcheck // only read
	if c.Name == "" {
		return db.History().History(ctx, filter)
	}
	a, err := findAccount(ctx, db.Accounts(nil), c.Name)
	if kite.ErrorCode(err) == kite.ENOTFOUND {
		return c.ofRemoved(ctx, db, filter, err)
	} else if err != nil {
		return nil, err
	}
	filter.AccountID = a.ID
	return db.History().History(ctx, filter)
}

// ofRemoved looks for an account that isn't there any more by the name that
// its entries have.
func (c historyCmd) ofRemoved(ctx context.Context, db *sqlite.DB, filter kite.HistoryFilter, none error) ([]kite.HistoryEntry, error) {
	all, err := db.History().History(ctx, kite.HistoryFilter{Query: c.Name})
	if err != nil {
		return nil, err
	}
	named := slices.DeleteFunc(all, func(e kite.HistoryEntry) bool { return !strings.EqualFold(e.AccountName, c.Name) })
	if len(named) == 0 {
		return nil, none
	}
	found := slices.DeleteFunc(named, func(e kite.HistoryEntry) bool {
		return filter.Kind != "" && e.Kind != filter.Kind || e.At.Before(filter.Since)
	})
	if filter.Limit > 0 && len(found) > filter.Limit {
		found = found[:filter.Limit]
	}
	return found, nil
}

func printHistory(out *output, entries []kite.HistoryEntry) error {
	if len(entries) == 0 {
		_, err := fmt.Fprintln(out, "Nothing of the kind has happened.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "TIME (IST)\tACCOUNT\tEVENT\tDETAIL")
	for _, e := range entries {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.At.In(kite.IST).Format("2006-01-02 15:04:05"), orDash(printable(e.AccountName)), e.Kind, printable(e.Detail))
	}
	return table.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
