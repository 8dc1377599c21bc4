package history_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/backend/history"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

const head = "time (UTC),time (IST),account,client ID,event,succeeded,detail\r\n"

func csvOf(t *testing.T, entries ...kite.HistoryEntry) string {
	t.Helper()
	var out strings.Builder
	if err := history.WriteCSV(&out, entries); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWriteCSV_is_RFC_4180(t *testing.T) {
	got := csvOf(t,
		kite.HistoryEntry{
			ID: 2, At: kitetest.Morning.Add(1500 * time.Millisecond), AccountID: "a", AccountName: `Größe "one", HUF`, ClientID: "AB1234",
			Kind: kite.HistoryLogin, OK: true, Detail: "AB1234 logged in, until 06:00 IST on 24 Nov.",
		},
		kite.HistoryEntry{ID: 1, At: kitetest.Morning, AccountName: "B", Kind: kite.HistoryFailed, Detail: "Two\nlines."})
	want := head +
		"2026-11-23T04:30:01.500Z,2026-11-23T10:00:01.500+05:30,\"Größe \"\"one\"\", HUF\",AB1234,login,yes,\"AB1234 logged in, until 06:00 IST on 24 Nov.\"\r\n" +
		"2026-11-23T04:30:00.000Z,2026-11-23T10:00:00.000+05:30,B,,failed login,no,\"Two\r\nlines.\"\r\n"
	if got != want || !utf8.ValidString(got) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := csvOf(t); got != head {
		t.Errorf("nothing to tell = %q", got)
	}
}

func TestWriteCSV_has_no_formulas(t *testing.T) {
	for name, want := range map[string]string{
		`=HYPERLINK("http://elsewhere.example")`: `'=HYPERLINK("http://elsewhere.example")`,
		"+1":                                     "'+1", "-1": "'-1", "@sum": "'@sum", "\t=1": "'\t=1", "\r=1": "'=1", // the format has no lone CR
		"A=1": "A=1", "'=1": "'=1", "": "", "é": "é",
	} {
		entry := kite.HistoryEntry{At: kitetest.Morning, AccountName: name, ClientID: name, Kind: kite.HistoryKind(name), Detail: name}
		var raw strings.Builder
		if err := history.WriteCSV(&raw, []kite.HistoryEntry{entry}); err != nil {
			t.Fatal(err)
		}
		table := csv.NewReader(strings.NewReader(raw.String()))
		lines, err := table.ReadAll()
		if err != nil || len(lines) != 2 {
			t.Fatalf("%q: %q, %v", name, lines, err)
		}
		for _, column := range []int{2, 3, 4, 6} {
			if got := lines[1][column]; got != want {
				t.Errorf("%q in column %d = %q", name, column, got)
			}
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

func TestWriteCSV_tells_that_it_cannot_write(t *testing.T) {
	if err := history.WriteCSV(fullDisk{}, nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("WriteCSV = %v", err)
	}
	many := make([]kite.HistoryEntry, 1000)
	if err := history.WriteCSV(fullDisk{}, many); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("WriteCSV of many = %v", err)
	}
}
