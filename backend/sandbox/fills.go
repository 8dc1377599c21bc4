package sandbox

import "time"

// match does to an order what the market would at this price: a stop is
// triggered, a market order fills, a limit order fills if it can.
func (b *book) match(o *order, last paise, at time.Time, tradeID string) (filled bool) {
	if o.status == triggerPending {
		if !o.triggers(last) {
			return false
		}
		o.wasTriggered = true
		o.set(opened, at)
	}
	if !o.marketable(last) {
		return false
	}
	b.fill(o, last, at, tradeID)
	return true
}

func (o *order) triggers(last paise) bool {
	if o.form.Side == buy {
		return last >= o.form.trigger()
	}
	return last <= o.form.trigger()
}

func (o *order) marketable(last paise) bool {
	switch {
	case o.form.Type == market || o.form.Type == stopAtMkt:
		return true
	case o.form.Side == buy:
		return last <= o.form.price()
	default:
		return last >= o.form.price()
	}
}

// fill executes the whole order at one price.
func (b *book) fill(o *order, price paise, at time.Time, tradeID string) {
	o.filled, o.average = o.form.Quantity, price
	o.set(complete, at)
	value := price * paise(o.form.Quantity)
	p := b.position(o.instrument, o.form.Product)
	if o.form.Side == buy {
		p.bought += o.form.Quantity
		p.boughtFor += value
	} else {
		p.sold += o.form.Quantity
		p.soldFor += value
	}
	b.trades = append(b.trades, trade{order: o, id: tradeID, price: price, quantity: o.form.Quantity, at: at})
}
