package history

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

var header = []string{"time (UTC)", "time (IST)", "account", "client ID", "event", "succeeded", "detail"}

// WriteCSV writes a line for each entry below a header, as RFC 4180 has it, in
// UTF-8. Times are RFC 3339 with milliseconds.
func WriteCSV(w io.Writer, entries []kite.HistoryEntry) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	if err := table.Write(header); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for _, e := range entries {
		if err := table.Write(line(e)); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

const rfc3339Millis = "2006-01-02T15:04:05.000Z07:00"

func line(e kite.HistoryEntry) []string {
	succeeded := "no"
	if e.OK {
		succeeded = "yes"
	}
	return []string{
		e.At.In(time.UTC).Format(rfc3339Millis), e.At.In(kite.IST).Format(rfc3339Millis),
		text(e.AccountName), text(e.ClientID), text(string(e.Kind)), succeeded, text(e.Detail),
	}
}

// text keeps a spreadsheet from taking a name for a formula, which could send
// the table elsewhere: https://owasp.org/www-community/attacks/CSV_Injection.
func text(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
