package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

const placed = "PUT ORDER REQ RECEIVED, VALIDATION PENDING, "

func TestPlace_goes_through_Kites_statuses(t *testing.T) {
	for name, test := range map[string]struct {
		order url.Values
		price string // set before the order
		later string // set after it
		want  string
		at    float64 // average price
	}{
		"market":                       {asked(), "1500", "", "OPEN, COMPLETE", 1500},
		"limit below":                  {limitOrder("1490"), "1500", "", "OPEN", 0},
		"limit above":                  {limitOrder("1510"), "1500", "", "OPEN, COMPLETE", 1500},
		"limit reached":                {limitOrder("1490"), "1500", "1489.5", "OPEN, COMPLETE", 1489.5},
		"limit not reached":            {limitOrder("1490"), "1500", "1490.05", "OPEN", 0},
		"sale above":                   {limitOrder("1510", "transaction_type", "SELL"), "1500", "", "OPEN", 0},
		"sale reached":                 {limitOrder("1510", "transaction_type", "SELL"), "1500", "1510", "OPEN, COMPLETE", 1510},
		"IOC":                          {limitOrder("1490", "validity", "IOC"), "1500", "", "OPEN, CANCEL PENDING, CANCELLED", 0},
		"IOC that fills":               {limitOrder("1500", "validity", "IOC"), "1500", "", "OPEN, COMPLETE", 1500},
		"stop":                         {asked("order_type", "SL", "trigger_price", "1510", "price", "1512"), "1500", "1509", "TRIGGER PENDING", 0},
		"stop triggered":               {asked("order_type", "SL", "trigger_price", "1510", "price", "1512"), "1500", "1511", "TRIGGER PENDING, OPEN, COMPLETE", 1511},
		"stop triggered beyond price":  {asked("order_type", "SL", "trigger_price", "1510", "price", "1512"), "1500", "1513", "TRIGGER PENDING, OPEN", 0},
		"stop at market":               {asked("order_type", "SL-M", "trigger_price", "1510"), "1500", "1520", "TRIGGER PENDING, OPEN, COMPLETE", 1520},
		"stop of a sale":               {asked("order_type", "SL-M", "transaction_type", "SELL", "trigger_price", "1490"), "1500", "1490", "TRIGGER PENDING, OPEN, COMPLETE", 1490},
		"stop of a sale not triggered": {asked("order_type", "SL-M", "transaction_type", "SELL", "trigger_price", "1490"), "1500", "1491", "TRIGGER PENDING", 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := floor(t, sandbox.Config{})
			c := f.caller(t, 1)
			f.price(t, test.price)
			id := c.place(test.order)
			if test.later != "" {
				f.price(t, test.later)
			}
			rows, statuses := c.history(id)
			last := rows[len(rows)-1]
			if statuses != placed+test.want || last.Average != test.at {
				t.Errorf("history %q at %v, want %q at %v", statuses, last.Average, placed+test.want, test.at)
			}
			if book := into[[]orderRow](c, "/orders"); len(book) != 1 || book[0] != last {
				t.Errorf("orders %+v, history ends with %+v", book, last)
			}
			if last.Timestamp != "2026-11-23 10:00:00" {
				t.Errorf("order_timestamp %q, want the clock's in IST", last.Timestamp)
			}
			if trades := into[[]map[string]any](c, "/orders/"+id+"/trades"); (len(trades) == 1) != (test.at != 0) {
				t.Errorf("trades %v", trades)
			}
		})
	}
}

func TestPlace_refuses(t *testing.T) {
	const input = "InputException"
	for name, test := range map[string]struct {
		order         url.Values
		kind, message string
	}{
		"no exchange":             {asked("exchange", ""), input, "Missing or empty field `exchange`"},
		"no symbol":               {asked("tradingsymbol", ""), input, "Missing or empty field `tradingsymbol`"},
		"no side":                 {asked("transaction_type", ""), input, "Missing or empty field `transaction_type`"},
		"no type":                 {asked("order_type", ""), input, "Missing or empty field `order_type`"},
		"no quantity":             {asked("quantity", ""), input, "Missing or empty field `quantity`"},
		"no product":              {asked("product", ""), input, "Missing or empty field `product`"},
		"unknown symbol":          {asked("tradingsymbol", "NOSUCH"), input, "either expired or does not exist"},
		"unknown exchange":        {asked("exchange", "NYSE"), input, "Invalid `exchange`."},
		"unknown side":            {asked("transaction_type", "HOLD"), input, "Invalid `transaction_type`."},
		"unknown product":         {asked("product", "BO"), input, "Invalid `product`."},
		"unknown validity":        {asked("validity", "GTC"), input, "Invalid `validity`."},
		"unknown type":            {asked("order_type", "TWAP"), input, "Invalid `order_type`."},
		"no protection":           {asked("market_protection", ""), input, "Market orders without market protection"},
		"protection 0":            {asked("market_protection", "0"), input, "Market orders without market protection"},
		"protection too much":     {asked("market_protection", "101"), input, "Invalid `market_protection`."},
		"protection NaN":          {asked("market_protection", "NaN"), input, "Invalid `market_protection`."},
		"SL-M unprotected":        {asked("order_type", "SL-M", "trigger_price", "9000", "market_protection", ""), input, "Market orders without"},
		"quantity 0":              {asked("quantity", "0"), input, "Invalid `quantity`."},
		"quantity below 0":        {asked("quantity", "-1"), input, "Invalid `quantity`."},
		"quantity a fraction":     {asked("quantity", "1.5"), input, "Invalid `quantity`."},
		"quantity too large":      {asked("quantity", "1000001"), input, "Invalid `quantity`."},
		"disclosing more":         {asked("disclosed_quantity", "2"), input, "Invalid `disclosed_quantity`."},
		"tag too long":            {asked("tag", strings.Repeat("a", 21)), input, "Invalid `tag`."},
		"tag with a space":        {asked("tag", "my tag"), input, "Invalid `tag`."},
		"limit without price":     {limitOrder(""), input, "Invalid `price`."},
		"limit off the tick":      {limitOrder("1500.03"), input, "Tick size for this script is 0.05."},
		"price infinite":          {limitOrder("Inf"), input, "Invalid `price`."},
		"stop without trigger":    {asked("order_type", "SL-M"), input, "Invalid `trigger_price`."},
		"stop beyond its price":   {asked("order_type", "SL", "price", "8999", "trigger_price", "9000"), input, "Invalid `trigger_price`."},
		"stop that has passed":    {asked("order_type", "SL-M", "trigger_price", "1"), input, "should be higher than the last traded price"},
		"TTL without minutes":     {asked("validity", "TTL"), input, "Missing or empty field `validity_ttl`"},
		"delivery sale uncovered": {asked("transaction_type", "SELL", "product", "CNC", "quantity", "1000"), "HoldingException", "Required quantity is 1000"},
	} {
		t.Run(name, func(t *testing.T) {
			c := floor(t, sandbox.Config{}).caller(t, 1)
			a := c.form(http.MethodPost, "/orders/regular", test.order)
			if a.status != http.StatusBadRequest || a.ErrorType != test.kind || !strings.Contains(a.Message, test.message) {
				t.Errorf("%d %+v, want %s %q", a.status, a.failure, test.kind, test.message)
			}
			if book := into[[]orderRow](c, "/orders"); len(book) != 0 {
				t.Errorf("orders %+v", book)
			}
		})
	}
}

func TestPlace_takes_forms_only(t *testing.T) {
	c := floor(t, sandbox.Config{}).caller(t, 1)
	a := c.send(http.MethodPost, "/orders/regular", "application/json", `{"exchange":"NSE","tradingsymbol":"INFY"}`)
	if a.status != http.StatusBadRequest || a.ErrorType != "InputException" {
		t.Errorf("a JSON body: %d %+v", a.status, a.failure)
	}
	a = c.form(http.MethodPost, "/orders/iceberg", asked())
	if a.status != http.StatusBadRequest || a.Message != "Invalid `variety`." {
		t.Errorf("another variety: %d %+v", a.status, a.failure)
	}
}

func TestPlace_beyond_the_funds_is_rejected(t *testing.T) {
	c := floor(t, sandbox.Config{}).caller(t, 1)
	before := c.equity()
	rows, statuses := c.history(c.place(asked("product", "CNC", "quantity", "1000")))
	last := rows[len(rows)-1]
	if statuses != placed+"REJECTED" || !strings.HasPrefix(last.Message, "Insufficient funds. Required margin is ") || last.Pending != 0 {
		t.Errorf("history %q, %+v", statuses, last)
	}
	if after := c.equity(); after != before || len(c.positions()) != 0 {
		t.Errorf("margins %+v, before %+v; positions %+v", after, before, c.positions())
	}
}

func TestOrder_shows_with_another_app_of_its_user_only(t *testing.T) {
	f := floor(t, sandbox.Config{})
	id := f.caller(t, 1).place(asked("tag", "mine1"))
	same := into[[]orderRow](f.withKey(sandbox.PrivateApp).caller(t, 1), "/orders")
	if len(same) != 1 || same[0].OrderID != id || same[0].Tag != "mine1" {
		t.Errorf("with the other app: %+v", same)
	}
	other := f.caller(t, 2)
	if rows := into[[]orderRow](other, "/orders"); len(rows) != 0 {
		t.Errorf("of another user: %+v", rows)
	}
	for _, path := range []string{"/orders/" + id, "/orders/" + id + "/trades"} {
		if a := other.form(http.MethodGet, path, nil); a.status != http.StatusNotFound || a.Message != "Couldn't find that `order_id`." {
			t.Errorf("GET %s by another user: %d %+v", path, a.status, a.failure)
		}
	}
	if a := other.form(http.MethodDelete, "/orders/regular/"+id, nil); a.status != http.StatusNotFound {
		t.Errorf("cancelled by another user: %d %+v", a.status, a.failure)
	}
}

func TestOrder_needs_a_session(t *testing.T) {
	c := floor(t, sandbox.Config{}).caller(t, 1)
	c.token = "none"
	for _, route := range []string{
		"GET /orders", "GET /orders/1", "GET /orders/1/trades", "GET /trades", "POST /orders/regular", "PUT /orders/regular/1",
		"DELETE /orders/regular/1", "GET /portfolio/holdings", "GET /portfolio/positions", "GET /instruments",
	} {
		method, path, _ := strings.Cut(route, " ")
		if a := c.form(method, path, asked()); a.status != http.StatusForbidden || a.ErrorType != "TokenException" {
			t.Errorf("%s: %d %+v", route, a.status, a.failure)
		}
	}
}

func TestModify_changes_a_waiting_order(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	f.price(t, "1500")
	id := c.place(limitOrder("1490", "quantity", "2"))
	if a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"1495"}, "quantity": {"3"}}); a.status != http.StatusOK {
		t.Fatalf("modify: %d %+v", a.status, a.failure)
	}
	rows, statuses := c.history(id)
	last := rows[len(rows)-1]
	if statuses != placed+"OPEN, MODIFY VALIDATION PENDING, MODIFY PENDING, MODIFIED, OPEN" || last.Price != 1495 || last.Quantity != 3 || !last.Modified {
		t.Errorf("history %q, %+v", statuses, last)
	}
	if a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"1500"}}); a.status != http.StatusOK || c.status(id) != "COMPLETE" {
		t.Errorf("to a price that fills: %d %+v, %s", a.status, a.failure, c.status(id))
	}
	refusedToChange(t, c, id)
}

// refusedToChange checks that a finished order is left alone.
func refusedToChange(t *testing.T, c caller, id string) {
	t.Helper()
	for method, want := range map[string]string{
		http.MethodPut:    "Order cannot be modified as it is being processed. Try later.",
		http.MethodDelete: "Order cannot be cancelled as it is being processed. Try later.",
	} {
		a := c.form(method, "/orders/regular/"+id, nil)
		if a.status != http.StatusBadRequest || a.ErrorType != "InputException" || a.Message != want {
			t.Errorf("%s: %d %+v", method, a.status, a.failure)
		}
	}
}

func TestModify_refuses_and_leaves_the_order(t *testing.T) {
	for name, test := range map[string]struct {
		change url.Values
		kind   string
	}{
		"a bad price":         {url.Values{"price": {"x"}}, "InputException"},
		"a long price":        {url.Values{"price": {"1" + strings.Repeat("0", 40)}}, "InputException"},
		"no quantity":         {url.Values{"quantity": {"0"}}, "InputException"},
		"beyond the funds":    {url.Values{"quantity": {"100000"}}, "MarginException"},
		"an unprotected sale": {url.Values{"order_type": {"MARKET"}}, "InputException"},
	} {
		t.Run(name, func(t *testing.T) {
			f := floor(t, sandbox.Config{})
			c := f.caller(t, 1)
			f.price(t, "1500")
			id := c.place(limitOrder("1490"))
			before := c.equity()
			a := c.form(http.MethodPut, "/orders/regular/"+id, test.change)
			if a.status != http.StatusBadRequest || a.ErrorType != test.kind {
				t.Errorf("%d %+v", a.status, a.failure)
			}
			if _, statuses := c.history(id); statuses != placed+"OPEN" || c.equity() != before {
				t.Errorf("history %q, margins %+v", statuses, c.equity())
			}
		})
	}
}

func TestModify_is_limited(t *testing.T) {
	c := floor(t, sandbox.Config{}).caller(t, 1)
	id := c.place(limitOrder("100"))
	for range 25 {
		if a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"101"}}); a.status != http.StatusOK {
			t.Fatalf("modify: %d %+v", a.status, a.failure)
		}
	}
	if a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"102"}}); a.Message != "Maximum allowed order modifications exceeded." {
		t.Errorf("26th: %d %+v", a.status, a.failure)
	}
}

func TestModify_keeps_a_triggered_stop_open(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	f.price(t, "1500")
	id := c.place(asked("order_type", "SL", "trigger_price", "1510", "price", "1512"))
	f.price(t, "1520")
	a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"1513"}})
	if _, statuses := c.history(id); a.status != http.StatusOK || !strings.HasSuffix(statuses, "TRIGGER PENDING, OPEN, MODIFY VALIDATION PENDING, MODIFY PENDING, MODIFIED, OPEN") {
		t.Errorf("%d %+v, %s", a.status, a.failure, statuses)
	}
}

func TestModify_counts_the_order_once(t *testing.T) {
	c := floor(t, sandbox.Config{}).caller(t, 1)
	most := int(c.equity().Net / 100)
	id := c.place(limitOrder("100", "product", "CNC", "quantity", itoa(most)))
	if a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"99"}}); a.status != http.StatusOK {
		t.Errorf("%d %+v", a.status, a.failure)
	}
	if a := c.form(http.MethodPut, "/orders/regular/"+id, url.Values{"price": {"101"}}); a.ErrorType != "MarginException" {
		t.Errorf("beyond the funds: %d %+v", a.status, a.failure)
	}
}

func TestCancel_gives_the_margin_back(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	before := c.equity()
	id := c.place(limitOrder("100", "product", "CNC", "quantity", "10"))
	if m := c.equity(); m.Utilised.Debits != 1000 || m.Available.Live != before.Available.Live-1000 || m.Net != m.Available.Live {
		t.Errorf("while it waits: %+v", m)
	}
	if a := c.form(http.MethodDelete, "/orders/regular/"+id, nil); a.status != http.StatusOK || !strings.Contains(string(a.Data), id) {
		t.Fatalf("cancel: %d %+v %s", a.status, a.failure, a.Data)
	}
	rows, statuses := c.history(id)
	if last := rows[len(rows)-1]; statuses != placed+"OPEN, CANCEL PENDING, CANCELLED" || last.Cancelled != 10 || last.Filled != 0 {
		t.Errorf("history %q, %+v", statuses, last)
	}
	if m := c.equity(); m != before {
		t.Errorf("afterwards: %+v, before %+v", m, before)
	}
	refusedToChange(t, c, id)
}

func TestTTL_ends_an_order(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	id := c.place(limitOrder("100", "validity", "TTL", "validity_ttl", "2"))
	f.clock.Advance(2*time.Minute - time.Second)
	if status := c.status(id); status != "OPEN" {
		t.Errorf("before: %s", status)
	}
	f.clock.Advance(time.Second)
	if status := c.status(id); status != "CANCELLED" {
		t.Errorf("after: %s", status)
	}
}

func TestPrice_comes_too_late_for_an_order_that_ended(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	f.price(t, "1500")
	id := c.place(limitOrder("1490", "validity", "TTL", "validity_ttl", "2"))
	f.clock.Advance(2 * time.Minute)
	f.price(t, "1480")
	if rows, statuses := c.history(id); statuses != placed+"OPEN, CANCEL PENDING, CANCELLED" || rows[4].Timestamp != "2026-11-23 10:02:00" {
		t.Errorf("history %q, %+v", statuses, rows)
	}
	c.place(limitOrder("1470"))
	f.clock.Advance(24 * time.Hour)
	f.price(t, "1460")
	if c = again(t, c); len(c.positions()) != 0 {
		t.Errorf("an order of yesterday filled: %+v", c.positions())
	}
}

func TestOrders_of_a_user_are_limited_across_apps(t *testing.T) {
	f := start(t, sandbox.Config{})
	shared, private := f.caller(t, 1), f.withKey(sandbox.PrivateApp).caller(t, 1)
	refusedBy, taken, began := "", 0, time.Now()
	for i := range 400 {
		c := []caller{shared, private}[i%2]
		if a := c.form(http.MethodDelete, "/orders/regular/1", nil); a.status == http.StatusTooManyRequests {
			refusedBy = c.key
			break
		}
		taken++
	}
	// Ten at once and ten a second, where the two apps alone would be good for
	// twice that.
	if most := 11 + int(10*time.Since(began).Seconds()); refusedBy == "" || taken < 10 || taken > most {
		t.Errorf("%d orders taken, at most %d expected, then refused by %q", taken, most, refusedBy)
	}
}
