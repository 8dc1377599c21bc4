package sandbox

import "net/http"

// Intraday orders block a fifth of their value, and a fifth of what holdings
// were sold for is kept back for the day:
// https://support.zerodha.com/category/trading-and-markets/margins.
const fifth = 5

// funds are what a user's cash is bound by.
type funds struct {
	cash     paise // the day began with
	orders   paise // blocked by orders that wait
	bought   paise // paid for deliveries bought today
	intraday paise // blocked by intraday positions
	realised paise // made by what was bought and sold today
	sales    paise // got for holdings sold today
	kept     paise // of that, kept back
	floating paise // what open positions would make at the last price
}

// debits is all that is utilised; less than nothing after a good day.
func (f funds) debits() paise {
	return f.orders + f.bought + f.intraday + f.kept - f.realised - f.sales
}

func (f funds) free() paise { return f.cash - f.debits() }

// funds adds up with these orders waiting.
func (b *book) funds(waiting []*order, last map[listing]paise) funds {
	f := funds{cash: b.opening}
	for _, p := range b.positions {
		paid, got := p.open()
		_, made := p.closed()
		f.realised += made
		f.floating += paise(p.net())*last[p.instrument.listing] - paid + got
		if p.product == intraday {
			f.intraday += (paid + got) / fifth
			continue
		}
		f.bought += paid
		f.sales += got
		f.kept += got / fifth
	}
	f.orders = b.blocked(waiting, last)
	return f
}

// blocked is what the orders need if all fill. An intraday order that closes
// a position needs nothing, and a delivery sale is covered by what is held.
func (b *book) blocked(waiting []*order, last map[listing]paise) paise {
	type side struct {
		at   listing
		name string
	}
	closing := map[side]int64{}
	for _, p := range b.positions {
		if p.product == intraday {
			closing[side{p.instrument.listing, buy}] = max(0, -p.net())
			closing[side{p.instrument.listing, sell}] = max(0, p.net())
		}
	}
	var sum paise
	for _, o := range waiting {
		price := o.expectedPrice(last)
		switch {
		case o.form.Product == intraday:
			key := side{o.instrument.listing, o.form.Side}
			free := min(closing[key], o.form.Quantity)
			closing[key] -= free
			sum += price * paise(o.form.Quantity-free) / fifth
		case o.form.Side == buy:
			sum += price * paise(o.form.Quantity)
		}
	}
	return sum
}

func (s *Server) handleMargins(w http.ResponseWriter, r *http.Request, user User) {
	margins := map[string]any{
		"equity":    segment(s.desk.funds(user.UserID)),
		"commodity": segment(funds{cash: openingCash("commodity", user.UserID)}),
	}
	name := r.PathValue("segment")
	switch {
	case name == "":
		s.succeed(w, r, margins)
	case margins[name] != nil:
		s.succeed(w, r, margins[name])
	default:
		s.fail(w, r, invalid("segment"))
	}
}

// segment is field by field as Kite's:
// https://kite.trade/docs/connect/v3/user/#funds-and-margins.
func segment(f funds) map[string]any {
	return map[string]any{
		"enabled": true, "net": f.free(),
		"available": map[string]any{
			"adhoc_margin": 0, "cash": f.cash, "opening_balance": f.cash, "live_balance": f.free(), "collateral": 0, "intraday_payin": 0,
		},
		"utilised": map[string]any{
			"debits": f.debits(), "exposure": 0, "m2m_realised": f.realised, "m2m_unrealised": f.floating, "option_premium": 0,
			"payout": 0, "span": 0, "holding_sales": f.sales, "turnover": 0, "liquid_collateral": 0, "stock_collateral": 0,
			"delivery": f.kept,
		},
	}
}
