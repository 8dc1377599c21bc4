package sandbox_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// Several users, each through several connections, buy, sell and cancel at
// once while the price moves. Afterwards each book must agree with its own
// trades.
func TestBooks_add_up_after_many_orders_at_once(t *testing.T) {
	f := floor(t, sandbox.Config{})
	const users, workers, rounds = 4, 4, 12
	var callers []caller
	for person := range users {
		callers = append(callers, f.caller(t, person+1))
	}
	before := make([]equity, users)
	for i, c := range callers {
		before[i] = c.equity()
	}
	var work sync.WaitGroup
	for _, c := range callers {
		for w := range workers {
			work.Go(func() { trade(c, w, rounds) })
		}
	}
	work.Go(func() {
		for _, rupees := range []string{"1500", "1510.05", "1489.95", "1501"} {
			f.price(t, rupees)
		}
	})
	work.Wait()
	seen := map[string]bool{}
	for i, c := range callers {
		addsUp(t, c, before[i], workers*rounds)
		for _, o := range into[[]orderRow](c, "/orders") {
			if seen[o.OrderID] {
				t.Errorf("order ID %s twice", o.OrderID)
			}
			seen[o.OrderID] = true
		}
	}
}

func trade(c caller, worker, rounds int) {
	for round := range rounds {
		switch (worker + round) % 4 {
		case 0:
			c.place(asked("quantity", "2"))
		case 1:
			c.place(asked("quantity", "1", "transaction_type", "SELL"))
		case 2:
			c.place(limitOrder("1495", "quantity", "3"))
		default:
			id := c.place(limitOrder("100"))
			if a := c.form(http.MethodDelete, "/orders/regular/"+id, nil); a.status != http.StatusOK {
				c.t.Errorf("cancel: %d %+v", a.status, a.failure)
			}
		}
	}
}

func addsUp(t *testing.T, c caller, before equity, orders int) {
	t.Helper()
	bought, sold, paid, got := 0, 0, 0.0, 0.0
	for _, trade := range into[[]struct {
		Side     string  `json:"transaction_type"`
		Quantity int     `json:"quantity"`
		Average  float64 `json:"average_price"`
	}](c, "/trades") {
		if trade.Side == "BUY" {
			bought, paid = bought+trade.Quantity, paid+trade.Average*float64(trade.Quantity)
		} else {
			sold, got = sold+trade.Quantity, got+trade.Average*float64(trade.Quantity)
		}
	}
	rows := c.positions()
	if len(rows) != 1 {
		t.Fatalf("positions %+v", rows)
	}
	p := rows[0]
	if p.Buys != bought || p.Sells != sold || p.Quantity != bought-sold || !near(p.BuyValue, paid) || !near(p.SellValue, got) {
		t.Errorf("position %+v, trades: %d for %v, %d for %v", p, bought, paid, sold, got)
	}
	for _, o := range into[[]orderRow](c, "/orders") {
		orders--
		if o.Status == "OPEN" {
			if a := c.form(http.MethodDelete, "/orders/regular/"+o.OrderID, nil); a.status != http.StatusOK {
				t.Errorf("cancel: %d %+v", a.status, a.failure)
			}
		}
	}
	if orders != 0 {
		t.Errorf("%d orders missing", orders)
	}
	// With nothing waiting, closing the position leaves what the trades made.
	switch {
	case p.Quantity > 0:
		c.place(asked("quantity", itoa(p.Quantity), "transaction_type", "SELL"))
	case p.Quantity < 0:
		c.place(asked("quantity", itoa(-p.Quantity)))
	}
	made := got - paid + float64(p.Quantity)*p.Last
	if after := c.equity(); !near(after.Net, before.Net+made) || !near(after.Utilised.Debits, -made) {
		t.Errorf("margins %+v after making %v, before %+v", after, made, before)
	}
}
