package sandbox_test

import (
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

func near(a, b float64) bool { return math.Abs(a-b) < 0.005 }

func TestFill_moves_an_intraday_position_and_margins(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	cash := c.equity().Available.Cash
	f.price(t, "1000")
	c.place(asked("quantity", "10"))
	f.price(t, "1100")
	c.place(asked("quantity", "5"))
	// 10 at 1000 and 5 at 1100, a fifth of it blocked.
	want := positionRow{"INFY", "MIS", 15, 15500.0 / 15, 1100, 1000, 15, 15500, 0, 0}
	if rows := c.positions(); len(rows) != 1 || rows[0] != want {
		t.Errorf("positions %+v, want %+v", rows, want)
	}
	if m := c.equity(); m.Available.Cash != cash || m.Utilised.Debits != 3100 || !near(m.Available.Live, cash-3100) || m.Net != m.Available.Live {
		t.Errorf("margins %+v", m)
	}
	c.place(asked("transaction_type", "SELL", "quantity", "15"))
	want = positionRow{"INFY", "MIS", 0, 0, 1100, 1000, 15, 15500, 15, 16500}
	if rows := c.positions(); len(rows) != 1 || rows[0] != want {
		t.Errorf("closed: %+v, want %+v", rows, want)
	}
	if m := c.equity(); m.Utilised.Realised != 1000 || m.Utilised.Debits != -1000 || !near(m.Available.Live, cash+1000) {
		t.Errorf("closed: margins %+v", m)
	}
	if trades := into[[]map[string]any](c, "/trades"); len(trades) != 3 || trades[0]["trade_id"] == trades[1]["trade_id"] {
		t.Errorf("trades %v", trades)
	}
}

func TestIntraday_order_that_closes_needs_no_funds(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	f.price(t, "1000")
	c.place(asked("quantity", "10"))
	c.place(limitOrder("1100", "transaction_type", "SELL", "quantity", "10"))
	if m := c.equity(); m.Utilised.Debits != 2000 {
		t.Errorf("one closing order: %+v", m.Utilised)
	}
	c.place(limitOrder("1100", "transaction_type", "SELL", "quantity", "10"))
	if m := c.equity(); m.Utilised.Debits != 4200 {
		t.Errorf("with one that opens a short position: %+v", m.Utilised)
	}
}

func TestDelivery_sale_comes_out_of_the_holding(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c, h := holder(t, f)
	f.price(t, "1000")
	sale := asked("product", "CNC", "transaction_type", "SELL", "quantity", "1")
	c.place(sale)
	after := c.holdings()
	if got := ofINFY(after); got.Quantity != h.Quantity-1 || got.Used != 1 || got.Average != h.Average {
		t.Errorf("holding %+v, before %+v", got, h)
	}
	// Of what it was sold for, a fifth is kept back for the day.
	if m := c.equity(); m.Utilised.Sales != 1000 || m.Utilised.Debits != -800 {
		t.Errorf("margins %+v", m.Utilised)
	}
	// What waits to be sold can't be sold again.
	c.place(limitOrder("2000", "product", "CNC", "transaction_type", "SELL", "quantity", itoa(h.Quantity-1)))
	if a := c.form(http.MethodPost, "/orders/regular", sale); a.ErrorType != "HoldingException" {
		t.Errorf("one more: %d %+v", a.status, a.failure)
	}
}

// holder is the first user with some INFY.
func holder(t *testing.T, f fixture) (caller, holdingRow) {
	t.Helper()
	for person := 1; person < 20; person++ {
		c := f.caller(t, person)
		if h := ofINFY(c.holdings()); h.Quantity > 1 {
			return c, h
		}
	}
	t.Fatal("nobody holds INFY")
	return caller{}, holdingRow{}
}

func ofINFY(rows []holdingRow) holdingRow {
	for _, h := range rows {
		if h.Symbol == "INFY" {
			return h
		}
	}
	return holdingRow{}
}

func TestDay_ends_at_the_cut_off(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c, h := holder(t, f)
	cash := c.equity().Available.Cash
	f.price(t, "1000")
	c.place(asked("product", "CNC", "quantity", "10"))
	c.place(asked("quantity", "4"))
	c.place(limitOrder("100"))
	f.price(t, "1050")
	f.clock.Set(time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)) // 06:00 IST
	c = again(t, c)
	if rows := into[[]orderRow](c, "/orders"); len(rows) != 0 || len(c.positions()) != 0 || len(into[[]any](c, "/trades")) != 0 {
		t.Errorf("orders %+v, positions %+v", rows, c.positions())
	}
	got := ofINFY(c.holdings())
	if want := (h.Average*float64(h.Quantity) + 10000) / float64(h.Quantity+10); got.Quantity != h.Quantity+10 || got.Used != 0 || !near(got.Average, want) {
		t.Errorf("holding %+v, before %+v", got, h)
	}
	// The delivery is paid and the intraday position squared off at 1050.
	if m := c.equity(); !near(m.Available.Cash, cash-10000+4*50) || m.Utilised.Debits != 0 || m.Net != m.Available.Cash {
		t.Errorf("margins %+v, cash before %v", m, cash)
	}
}

func TestEverything_sold_ends_the_holding(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c, h := holder(t, f)
	c.place(asked("product", "CNC", "transaction_type", "SELL", "quantity", itoa(h.Quantity)))
	if got := ofINFY(c.holdings()); got.Quantity != 0 || got.Used != h.Quantity {
		t.Errorf("the same day: %+v", got)
	}
	f.clock.Advance(24 * time.Hour)
	if got := ofINFY(again(t, c).holdings()); got.Symbol != "" {
		t.Errorf("the next day: %+v", got)
	}
}
