package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// caller calls the API with a user's session, as a client would.
type caller struct {
	t     *testing.T
	f     fixture
	token string
	key   string
	who   int
}

// floor is a sandbox without a limit in the way.
func floor(t *testing.T, c sandbox.Config) fixture {
	t.Helper()
	if c.PerSecond == 0 {
		c.PerSecond = 100_000
	}
	return start(t, c)
}

func (f fixture) caller(t *testing.T, person int) caller {
	t.Helper()
	return caller{t, f, f.session(t, person).Tokens.Access.Reveal(), f.app.APIKey, person}
}

// answer is Kite's envelope.
type answer struct {
	status int
	failure
	Data json.RawMessage `json:"data"`
}

func (c caller) send(method, path, contentType, body string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.f.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+c.key+":"+c.token)
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	a := answer{status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		c.t.Fatal(err)
	}
	return a
}

func (c caller) form(method, path string, values url.Values) answer {
	c.t.Helper()
	return c.send(method, path, "application/x-www-form-urlencoded", values.Encode())
}

// into reads the data of a GET that must succeed.
func into[T any](c caller, path string) T {
	c.t.Helper()
	var data T
	a := c.form(http.MethodGet, path, nil)
	if a.status != http.StatusOK {
		c.t.Fatalf("GET %s: %d %+v", path, a.status, a.failure)
	}
	if err := json.Unmarshal(a.Data, &data); err != nil {
		c.t.Fatal(err)
	}
	return data
}

// place places an order that must be taken, and returns its ID.
func (c caller) place(values url.Values) string {
	c.t.Helper()
	a := c.form(http.MethodPost, "/orders/regular", values)
	var data struct {
		OrderID string `json:"order_id"`
	}
	if a.status != http.StatusOK || json.Unmarshal(a.Data, &data) != nil || len(data.OrderID) < 15 {
		c.t.Fatalf("place %v: %d %+v %s", values, a.status, a.failure, a.Data)
	}
	return data.OrderID
}

// asked is a market order for one INFY, with these fields instead or besides;
// an empty one is left out.
func asked(fields ...string) url.Values {
	v := url.Values{
		"exchange": {"NSE"}, "tradingsymbol": {"INFY"}, "transaction_type": {"BUY"}, "order_type": {"MARKET"},
		"quantity": {"1"}, "product": {"MIS"}, "validity": {"DAY"}, "market_protection": {"-1"},
	}
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
		if fields[i+1] == "" {
			v.Del(fields[i])
		}
	}
	return v
}

func limitOrder(price string, fields ...string) url.Values {
	return asked(append([]string{"order_type", "LIMIT", "price", price, "market_protection", ""}, fields...)...)
}

type orderRow struct {
	OrderID   string  `json:"order_id"`
	Status    string  `json:"status"`
	Message   string  `json:"status_message"`
	Timestamp string  `json:"order_timestamp"`
	Average   float64 `json:"average_price"`
	Quantity  int     `json:"quantity"`
	Filled    int     `json:"filled_quantity"`
	Pending   int     `json:"pending_quantity"`
	Cancelled int     `json:"cancelled_quantity"`
	Price     float64 `json:"price"`
	Modified  bool    `json:"modified"`
	Tag       string  `json:"tag"`
}

func (c caller) history(id string) (rows []orderRow, statuses string) {
	c.t.Helper()
	rows = into[[]orderRow](c, "/orders/"+id)
	var names []string
	for _, r := range rows {
		names = append(names, r.Status)
	}
	return rows, strings.Join(names, ", ")
}

func (c caller) status(id string) string {
	c.t.Helper()
	rows, _ := c.history(id)
	return rows[len(rows)-1].Status
}

type positionRow struct {
	Symbol    string  `json:"tradingsymbol"`
	Product   string  `json:"product"`
	Quantity  int     `json:"quantity"`
	Average   float64 `json:"average_price"`
	Last      float64 `json:"last_price"`
	PnL       float64 `json:"pnl"`
	Buys      int     `json:"buy_quantity"`
	BuyValue  float64 `json:"buy_value"`
	Sells     int     `json:"sell_quantity"`
	SellValue float64 `json:"sell_value"`
}

func (c caller) positions() []positionRow {
	c.t.Helper()
	return into[map[string][]positionRow](c, "/portfolio/positions")["net"]
}

type equity struct {
	Net       float64 `json:"net"`
	Available struct {
		Cash float64 `json:"cash"`
		Live float64 `json:"live_balance"`
	} `json:"available"`
	Utilised struct {
		Debits   float64 `json:"debits"`
		Realised float64 `json:"m2m_realised"`
		Sales    float64 `json:"holding_sales"`
	} `json:"utilised"`
}

func (c caller) equity() equity {
	c.t.Helper()
	return into[equity](c, "/user/margins/equity")
}

type holdingRow struct {
	Symbol   string  `json:"tradingsymbol"`
	Exchange string  `json:"exchange"`
	Quantity int     `json:"quantity"`
	Used     int     `json:"used_quantity"`
	Average  float64 `json:"average_price"`
}

func (c caller) holdings() []holdingRow {
	c.t.Helper()
	return into[[]holdingRow](c, "/portfolio/holdings")
}

// price moves INFY on NSE.
func (f fixture) price(t *testing.T, rupees string) {
	t.Helper()
	if status := f.control(t, `{"exchange":"NSE","tradingsymbol":"INFY","last_price":`+rupees+`}`, "1"); status != http.StatusNoContent {
		t.Fatalf("price: %d", status)
	}
}

// control asks to move a price with this control header.
func (f fixture) control(t *testing.T, body, header string) (status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL+"/_sandbox/price", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(sandbox.ControlHeader, header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

func (f fixture) withKey(apiKey string) fixture {
	f.app = kite.App{Endpoints: f.app.Endpoints, APIKey: apiKey}
	return f
}

// again is the same user after a new login.
func again(t *testing.T, c caller) caller {
	t.Helper()
	return c.f.caller(t, c.who)
}

func itoa(n int) string { return strconv.Itoa(n) }
