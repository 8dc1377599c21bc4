package sandbox

import (
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// book is what one user has and did today. Its day ends at Kite's cut-off.
type book struct {
	userID    string
	dayEnd    time.Time
	opening   paise // cash the day began with
	holdings  []*holding
	positions []*position
	orders    []*order
	trades    []trade
}

// holding is a share kept from earlier days. Both exchanges' listings of a
// share are one holding.
type holding struct {
	instrument instrument
	quantity   int64 // the day began with
	cost       paise // of quantity
}

// position is what was bought and sold today of an instrument as a product.
type position struct {
	instrument         instrument
	product            string
	bought, sold       int64
	boughtFor, soldFor paise
}

func (p *position) net() int64 { return p.bought - p.sold }

// closed is what was both bought and sold, and what that made.
func (p *position) closed() (quantity int64, made paise) {
	quantity = min(p.bought, p.sold)
	return quantity, share(p.soldFor, quantity, p.sold) - share(p.boughtFor, quantity, p.bought)
}

// open is what was paid for what is left of a purchase, or got for what is
// left of a sale.
func (p *position) open() (paid, got paise) {
	quantity, _ := p.closed()
	return p.boughtFor - share(p.boughtFor, quantity, p.bought), p.soldFor - share(p.soldFor, quantity, p.sold)
}

// newBook invents what a user has, the same in every sandbox.
func newBook(userID string, now time.Time) *book {
	b := &book{userID: userID, dayEnd: kite.NextCutoff(now), opening: openingCash("equity", userID)}
	favourite := int(derive("favourite", userID)[0]) % len(companies) // nobody holds nothing
	for i, c := range companies {
		seed := derive("holding "+c.symbol, userID)
		if seed[0]%3 != 0 && i != favourite {
			continue
		}
		exchange := "NSE"
		if seed[1]%4 == 0 {
			exchange = "BSE"
		}
		held := byListing[listing{exchange, c.symbol}]
		quantity := int64(1 + seed[2]%50)
		average := held.closed * paise(70+seed[3]%50) / 100 / tick * tick
		b.holdings = append(b.holdings, &holding{instrument: held, quantity: quantity, cost: average * paise(quantity)})
	}
	return b
}

// openingCash invents a balance: 50,000 to 305,000 rupees.
func openingCash(segment, userID string) paise {
	return paise(50000+int64(derive(segment, userID)[0])*1000) * 100
}

func (b *book) holding(isin string) *holding {
	i := slices.IndexFunc(b.holdings, func(h *holding) bool { return h.instrument.isin == isin })
	if i < 0 {
		return nil
	}
	return b.holdings[i]
}

// position is the row of an instrument and product; it appears with its first
// fill and stays for the day.
func (b *book) position(i instrument, product string) *position {
	at := slices.IndexFunc(b.positions, func(p *position) bool {
		return p.instrument.listing == i.listing && p.product == product
	})
	if at >= 0 {
		return b.positions[at]
	}
	p := &position{instrument: i, product: product}
	b.positions = append(b.positions, p)
	return p
}

func (b *book) order(id string) *order {
	i := slices.IndexFunc(b.orders, func(o *order) bool { return o.id == id })
	if i < 0 {
		return nil
	}
	return b.orders[i]
}

// waiting are the orders that may still fill, oldest first.
func (b *book) waiting() []*order {
	var found []*order
	for _, o := range b.orders {
		if o.waits() {
			found = append(found, o)
		}
	}
	return found
}

// sellable is how much of a share may be sold as delivery: what is held and
// what was bought today, without what was or is being sold.
func (b *book) sellable(isin string, without *order) int64 {
	var n int64
	if h := b.holding(isin); h != nil {
		n = h.quantity
	}
	for _, p := range b.positions {
		if p.instrument.isin == isin && p.product == delivery {
			n += p.net()
		}
	}
	for _, o := range b.waiting() {
		if o != without && o.instrument.isin == isin && o.form.Product == delivery && o.form.Side == sell {
			n -= o.form.Quantity
		}
	}
	return n
}

// catchUp does what time alone does: it ends orders whose minutes are over,
// and at the cut-off the day.
func (b *book) catchUp(now time.Time, last map[listing]paise) {
	for _, o := range b.waiting() {
		end := o.placed.Add(time.Duration(o.form.TTL) * time.Minute)
		if o.form.Validity == forMinutes && !now.Before(end) && end.Before(b.dayEnd) {
			o.cancel(end)
		}
	}
	if !now.Before(b.dayEnd) {
		b.closeDay(last)
		b.dayEnd = kite.NextCutoff(now)
	}
}

// closeDay settles: deliveries become holdings at once, intraday positions are
// squared off at the last price, and the orders and trades are gone.
func (b *book) closeDay(last map[listing]paise) {
	for _, p := range b.positions {
		if p.product == delivery {
			b.deliver(p)
			continue
		}
		b.opening += p.soldFor - p.boughtFor + paise(p.net())*last[p.instrument.listing]
	}
	b.holdings = slices.DeleteFunc(b.holdings, func(h *holding) bool { return h.quantity == 0 })
	b.orders, b.trades, b.positions = nil, nil, nil
}

func (b *book) deliver(p *position) {
	b.opening += p.soldFor - p.boughtFor
	h := b.holding(p.instrument.isin)
	if h == nil {
		h = &holding{instrument: p.instrument}
		b.holdings = append(b.holdings, h)
	}
	if net := p.net(); net >= 0 {
		h.quantity += net
		h.cost += share(p.boughtFor, net, p.bought)
	} else {
		h.cost -= share(h.cost, -net, h.quantity)
		h.quantity += net
	}
}

// soldToday is how much of a holding was sold today.
func (b *book) soldToday(h *holding) int64 {
	var n int64
	for _, p := range b.positions {
		if p.instrument.isin == h.instrument.isin && p.product == delivery {
			n += max(0, -p.net())
		}
	}
	return min(n, h.quantity)
}
