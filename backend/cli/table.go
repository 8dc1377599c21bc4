package cli

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// columnCount is how many columns a list has.
const columnCount = 7

type tableRow [columnCount]string

var heading = tableRow{"NAME", "SHORT NAME", "CLIENT ID", "TYPE", "STATE", "TIME LEFT", "UNTIL"}

// stateWords are by kite.Badge.
var stateWords = map[string]string{"none": "no session", "active": "active", "ending": "ends soon", "expired": "expired"}

// mayEnd is the state of every living session while Kite clears old tokens.
const mayEnd = "may end any minute"

// printAccounts writes a table. text/tabwriter takes longer for ten thousand
// accounts than the database does.
func printAccounts(out io.Writer, all []sqlite.Overview, now time.Time) error {
	rows := make([]tableRow, 1, len(all)+1)
	rows[0] = heading
	ends := endTexts{now: now, texts: map[int64][2]string{}}
	for i := range all {
		rows = append(rows, rowOf(&all[i], now, ends))
	}
	var widths [columnCount]int
	for i := range rows {
		for c, cell := range rows[i] {
			widths[c] = max(widths[c], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	text.Grow(len(rows) * 100)
	for i := range rows {
		for c, cell := range rows[i] {
			text.WriteString(cell)
			if c < columnCount-1 {
				pad(&text, widths[c]-utf8.RuneCountInString(cell)+2)
			}
		}
		text.WriteByte('\n')
	}
	_, err := io.WriteString(out, text.String())
	return err
}

const spaces = "                                                                "

func pad(text *strings.Builder, n int) {
	for ; n > len(spaces); n -= len(spaces) {
		text.WriteString(spaces)
	}
	text.WriteString(spaces[:n])
}

func rowOf(a *sqlite.Overview, now time.Time, ends endTexts) tableRow {
	session := a.Session()
	row := tableRow{printable(a.Name), a.Slug, a.ClientID, string(a.Type), stateWords[string(kite.BadgeOf(session, now))], "-", "-"}
	if session == nil || !session.LiveAt(now) {
		return row
	}
	if kite.InClearing(now) {
		row[4] = mayEnd
	}
	text := ends.of(session.ExpiresAt)
	row[5], row[6] = text[0], text[1]
	return row
}

// endTexts remembers texts: most sessions end at the same moment.
type endTexts struct {
	now   time.Time
	texts map[int64][2]string
}

// of is such as 1h30m and "27 Nov 06:00 IST".
func (e endTexts) of(end time.Time) [2]string {
	key := end.UnixMilli()
	text, known := e.texts[key]
	if !known {
		left := strings.TrimSuffix(end.Sub(e.now).Round(time.Minute).String(), "0s")
		if left == "" {
			left = "0m"
		}
		text = [2]string{left, end.In(kite.IST).Format("2 Jan 15:04 MST")}
		e.texts[key] = text
	}
	return text
}

// printable keeps control characters, which a name may have got by an import,
// from a terminal.
func printable(text string) string {
	if strings.IndexFunc(text, isControl) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

func isControl(r rune) bool { return r < ' ' || (r >= 0x7f && r < 0xa0) }
