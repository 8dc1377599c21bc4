package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// maxCalculation bounds the JSON that the calculations take, in bytes.
const maxCalculation = 1 << 20

// marginRow is field by field as Kite's: https://kite.trade/docs/connect/v3/margins/.
type marginRow struct {
	Type          string           `json:"type"`
	TradingSymbol string           `json:"tradingsymbol"`
	Exchange      string           `json:"exchange"`
	Span          paise            `json:"span"`
	Exposure      paise            `json:"exposure"`
	OptionPremium paise            `json:"option_premium"`
	Additional    paise            `json:"additional"`
	BO            paise            `json:"bo"`
	Cash          paise            `json:"cash"`
	VAR           paise            `json:"var"`
	PnL           map[string]paise `json:"pnl"`
	Leverage      int              `json:"leverage"`
	Charges       map[string]any   `json:"charges"`
	Total         paise            `json:"total"`
}

func newMarginRow(f orderForm, total paise) marginRow {
	leverage := map[string]int{intraday: fifth}[f.Product]
	return marginRow{
		Type: "equity", TradingSymbol: f.Symbol, Exchange: f.Exchange, VAR: total, PnL: map[string]paise{"realised": 0, "unrealised": 0},
		Leverage: max(1, leverage), Charges: noCharges(), Total: total,
	}
}

func noCharges() map[string]any {
	return map[string]any{
		"transaction_tax": 0, "transaction_tax_type": "stt", "exchange_turnover_charge": 0, "sebi_turnover_charge": 0,
		"brokerage": 0, "stamp_duty": 0, "gst": map[string]any{"igst": 0, "cgst": 0, "sgst": 0, "total": 0}, "total": 0,
	}
}

// readCalculation reads the JSON array of orders that a calculation is of.
func readCalculation(w http.ResponseWriter, r *http.Request) ([]orderForm, *problem) {
	var asked []map[string]any
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxCalculation))
	body.UseNumber()
	if err := body.Decode(&asked); err != nil || len(asked) == 0 {
		return nil, &problem{http.StatusBadRequest, "InputException", "Invalid JSON."}
	}
	var forms []orderForm
	for _, order := range asked {
		values := url.Values{"market_protection": {"-1"}}
		for name, value := range order {
			if value != nil {
				values.Set(name, fmt.Sprint(value))
			}
		}
		form, p := readOrder(values.Get("variety"), values)
		if p != nil {
			return nil, p
		}
		forms = append(forms, form)
	}
	return forms, nil
}

// calculated is what each order needs next to what the user has and waits
// for, and what all need together.
func (d *desk) calculated(userID string, forms []orderForm) (rows []marginRow, together paise) {
	d.read(userID, func(b *book) {
		waiting := b.waiting()
		for _, f := range forms {
			o := &order{form: f, instrument: byListing[f.listing()]}
			total, _, _ := b.shortage(nil, o, d.last)
			rows = append(rows, newMarginRow(f, total))
			waiting = append(waiting, o)
		}
		together = b.funds(waiting, d.last).debits() - b.funds(b.waiting(), d.last).debits()
	})
	return rows, together
}

func (s *Server) handleOrderMargins(w http.ResponseWriter, r *http.Request, user User) {
	forms, p := readCalculation(w, r)
	if p != nil {
		s.fail(w, r, *p)
		return
	}
	rows, _ := s.desk.calculated(user.UserID, forms)
	s.succeed(w, r, rows)
}

func (s *Server) handleBasketMargins(w http.ResponseWriter, r *http.Request, user User) {
	forms, p := readCalculation(w, r)
	if p != nil {
		s.fail(w, r, *p)
		return
	}
	rows, together := s.desk.calculated(user.UserID, forms)
	var apart paise
	for _, row := range rows {
		apart += row.Total
	}
	initial, final := newMarginRow(orderForm{}, apart), newMarginRow(orderForm{}, together)
	s.succeed(w, r, map[string]any{"initial": initial, "final": final, "orders": rows, "charges": noCharges()})
}
