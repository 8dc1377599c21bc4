package cli

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

func TestPrintAccounts(t *testing.T) {
	morning := time.Date(2026, 11, 26, 10, 0, 0, 0, kite.IST)
	end := time.Date(2026, 11, 27, 6, 0, 0, 0, kite.IST)
	for name, c := range map[string]struct {
		account sqlite.Overview
		now     time.Time
		want    string
	}{
		"never":    {sqlite.Overview{}, morning, "no session  -          -"},
		"living":   {sqlite.Overview{HadSession: true, ActiveUntil: end}, morning, "active  20h0m      27 Nov 06:00 IST"},
		"ending":   {sqlite.Overview{HadSession: true, ActiveUntil: end}, end.Add(-119 * time.Minute), "ends soon  1h59m      27 Nov 06:00 IST"},
		"clearing": {sqlite.Overview{HadSession: true, ActiveUntil: end}, end.Add(-20 * time.Second), "may end any minute  0m         27 Nov 06:00 IST"},
		"over":     {sqlite.Overview{HadSession: true, ActiveUntil: end}, end, "expired  -          -"},
		"ended":    {sqlite.Overview{HadSession: true}, morning, "expired  -          -"},
	} {
		c.account.Name, c.account.Slug, c.account.ClientID, c.account.Type = "Család é\x1b[31m", "csalad", "AB1234", kite.Live
		var out strings.Builder
		if err := printAccounts(&out, []sqlite.Overview{c.account}, c.now); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out.String(), "\n")
		want := "Család é\ufffd[31m  csalad      AB1234     live  " + c.want
		if len(lines) != 3 || lines[1] != want {
			t.Errorf("%s:\n%q, want\n%q", name, lines[1], want)
		}
		if above, below := column(lines[0], "SHORT NAME"), column(lines[1], "csalad"); above != below {
			t.Errorf("%s: a column at %d has its name at %d", name, below, above)
		}
	}
}

// column is where a text begins, in characters.
func column(line, text string) int {
	before, _, _ := strings.Cut(line, text)
	return utf8.RuneCountInString(before)
}
