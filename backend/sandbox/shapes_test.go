package sandbox_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// mocks is where Zerodha's sample answers lie, beside some clones.
const mocks = "../../../shared/kiteconnect-mocks"

// rowsOf finds the rows in a sample's data.
func rowsOf(data any, within string) []any {
	if within != "" {
		data = data.(map[string]any)[within]
	}
	return data.([]any)
}

// kinds adds the JSON types of each field of the rows: "quantity" → "number".
func kinds(rows []any) map[string][]string {
	found := map[string][]string{}
	for _, row := range rows {
		for name, value := range row.(map[string]any) {
			kind := "null"
			switch value.(type) {
			case string:
				kind = "string"
			case float64:
				kind = "number"
			case bool:
				kind = "bool"
			case map[string]any:
				kind = "object"
			case []any:
				kind = "array"
			}
			if !slices.Contains(found[name], kind) {
				found[name] = append(found[name], kind)
			}
		}
	}
	return found
}

func TestRows_have_the_fields_and_types_of_Kites_samples(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c, _ := holder(t, f)
	c.place(asked("tag", "t1"))
	c.place(asked("product", "CNC", "quantity", "100000"))
	c.place(limitOrder("100"))
	// These are in samples of other varieties and other exchanges only.
	elsewhere := []string{"auction_number", "terminal_id"}
	for _, sample := range []struct{ file, path, within string }{
		{"holdings.json", "/portfolio/holdings", ""},
		{"positions.json", "/portfolio/positions", "net"},
		{"positions.json", "/portfolio/positions", "day"},
		{"orders.json", "/orders", ""},
	} {
		text, err := os.ReadFile(filepath.Join(mocks, sample.file))
		if err != nil {
			t.Skipf("no samples here: %v", err)
		}
		var official struct {
			Data any `json:"data"`
		}
		if err := json.Unmarshal(text, &official); err != nil {
			t.Fatal(err)
		}
		got, want := kinds(rowsOf(into[any](c, sample.path), sample.within)), kinds(rowsOf(official.Data, sample.within))
		for name, types := range got {
			for _, kind := range types {
				if !slices.Contains(want[name], kind) {
					t.Errorf("%s: %s is %s, in the sample %v", sample.path, name, kind, want[name])
				}
			}
		}
		for name := range want {
			if got[name] == nil && !slices.Contains(elsewhere, name) {
				t.Errorf("%s: no %s", sample.path, name)
			}
		}
	}
}

func TestInstruments_are_a_zipped_list_of_what_can_be_traded(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	for path, want := range map[string]int{"/instruments": 20, "/instruments/BSE": 10} {
		rows := c.instruments(path)
		if len(rows) != want+1 || fmt.Sprint(rows[0]) != "[instrument_token exchange_token tradingsymbol name last_price expiry strike tick_size lot_size instrument_type segment exchange]" {
			t.Errorf("%s: %d rows, %v", path, len(rows), rows[0])
		}
		for _, row := range rows[1:] {
			if a := c.form(http.MethodPost, "/orders/regular", asked("exchange", row[11], "tradingsymbol", row[2])); a.status != http.StatusOK {
				t.Errorf("%v can't be traded: %+v", row, a.failure)
			}
		}
	}
	if a := c.form(http.MethodGet, "/instruments/NYSE", nil); a.status != http.StatusBadRequest {
		t.Errorf("of an unknown exchange: %d %+v", a.status, a.failure)
	}
}

func (c caller) instruments(path string) [][]string {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.f.URL+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+c.key+":"+c.token)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	unzipped, err := gzip.NewReader(resp.Body)
	if err != nil || resp.Header.Get("Content-Type") != "text/csv" {
		c.t.Fatalf("%s: %v, %s", path, err, resp.Header)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	return rows
}

func TestPrice_is_moved_by_control_only(t *testing.T) {
	f := floor(t, sandbox.Config{})
	for body, want := range map[string]int{
		`{"exchange":"NSE","tradingsymbol":"INFY","last_price":1500}`:   http.StatusNoContent,
		`{"exchange":"NSE","tradingsymbol":"NOSUCH","last_price":1500}`: http.StatusBadRequest,
		`{"exchange":"NSE","tradingsymbol":"INFY","last_price":-1}`:     http.StatusBadRequest,
		`{"exchange":"NSE","tradingsymbol":"INFY"}`:                     http.StatusBadRequest,
		`nonsense`: http.StatusBadRequest,
	} {
		if status := f.control(t, body, "1"); status != want {
			t.Errorf("%s: %d, want %d", body, status, want)
		}
		if status := f.control(t, body, ""); status != http.StatusForbidden {
			t.Errorf("%s without the header: %d", body, status)
		}
	}
}
