package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

// maxChanges is how often an order may be modified:
// https://kite.trade/docs/connect/v3/exceptions/#api-rate-limit.
const maxChanges = 25

var noSuchOrder = problem{http.StatusNotFound, "GeneralException", "Couldn't find that `order_id`."}

// mayWork refuses a change of an order that is done, in Kite's words.
func (o *order) mayWork(what string) *problem {
	if o.waits() {
		return nil
	}
	return &problem{http.StatusBadRequest, "InputException", "Order cannot be " + what + " as it is being processed. Try later."}
}

// triggerAhead refuses a stop that the price has passed already.
func triggerAhead(f orderForm, last paise) *problem {
	if f.Trigger == 0 {
		return nil
	}
	if f.Side == buy && f.trigger() <= last {
		return &problem{http.StatusBadRequest, "InputException", fmt.Sprintf(
			"Trigger price for stoploss buy orders should be higher than the last traded price (%s).", last)}
	}
	if f.Side == sell && f.trigger() >= last {
		return &problem{http.StatusBadRequest, "InputException", fmt.Sprintf(
			"Trigger price for stoploss sell orders should be lower than the last traded price (%s).", last)}
	}
	return nil
}

// covered refuses to sell more delivery than the user has; the order itself is
// left out of what is being sold.
func (b *book) covered(o *order, f orderForm) *problem {
	if f.Product != delivery || f.Side != sell {
		return nil
	}
	if has := b.sellable(o.instrument.isin, o); f.Quantity > has {
		return &problem{http.StatusBadRequest, "HoldingException", fmt.Sprintf(
			"Insufficient holdings. Required quantity is %d but available quantity is %d.", f.Quantity, has)}
	}
	return nil
}

// shortage says what an order needs beyond the user's funds, next to the
// orders that wait apart from the one it stands for. It is false if the funds
// are enough.
func (b *book) shortage(standsFor, o *order, last map[listing]paise) (required, available paise, short bool) {
	others := slices.DeleteFunc(b.waiting(), func(other *order) bool { return other == standsFor })
	without := b.funds(others, last)
	required = b.funds(append(others, o), last).debits() - without.debits()
	return required, without.free(), required > max(0, without.free())
}

func shortText(required, available paise) string {
	return fmt.Sprintf("Insufficient funds. Required margin is %s but available margin is %s. Check the orderbook for open orders.", required, available)
}
