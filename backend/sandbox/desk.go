package sandbox

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// desk takes orders and keeps every user's book and every price. What changes
// it goes through do, so that the journal can tell it again.
type desk struct {
	clock kite.Clock
	log   *slog.Logger

	mu       sync.Mutex
	books    map[string]*book
	last     map[listing]paise
	sequence int64 // orders so far
	trades   int64 // so far
	journal  *journal
}

// openDesk is as the journal left it.
func openDesk(clock kite.Clock, log *slog.Logger, path string) (*desk, error) {
	d := &desk{clock: clock, log: log, books: map[string]*book{}, last: map[listing]paise{}}
	for _, i := range universe {
		d.last[i.listing] = i.opened
	}
	var err error
	d.journal, err = openJournal(path, func(e entry) {
		if _, p := d.apply(e); p != nil {
			log.Warn("sandbox order not told again", "act", e.Act, "reason", p.message)
		}
	})
	return d, err
}

// entry is one thing that was asked of the desk and was not refused.
type entry struct {
	At      time.Time  `json:"at"`
	Act     string     `json:"act"` // "place", "modify", "cancel" or "price"
	UserID  string     `json:"user_id,omitempty"`
	OrderID string     `json:"order_id,omitempty"`
	Form    *orderForm `json:"form,omitempty"`   // of "place"
	Change  url.Values `json:"change,omitempty"` // of "modify"
	Price   *priceMove `json:"price,omitempty"`
}

// priceMove is also the JSON of POST /_sandbox/price. The price is in rupees.
type priceMove struct {
	Exchange string  `json:"exchange"`
	Symbol   string  `json:"tradingsymbol"`
	Last     float64 `json:"last_price"`
}

// do carries out what was asked and writes it down. It returns the order's ID.
func (d *desk) do(e entry) (string, *problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e.At = d.clock.Now().UTC()
	id, p := d.apply(e)
	if p != nil {
		return "", p
	}
	if err := d.journal.write(e); err != nil {
		d.log.Error("sandbox order not saved", "error", err)
	}
	return id, nil
}

func (d *desk) apply(e entry) (string, *problem) {
	switch e.Act {
	case "place":
		return d.place(d.book(e.UserID, e.At), *e.Form, e.At)
	case "modify":
		return e.OrderID, d.modify(d.book(e.UserID, e.At), e.OrderID, e.Change, e.At)
	case "cancel":
		return e.OrderID, d.cancel(d.book(e.UserID, e.At), e.OrderID, e.At)
	case "price":
		return "", d.move(*e.Price, e.At)
	}
	return "", &problem{http.StatusInternalServerError, "GeneralException", "Unknown act " + e.Act + "."}
}

// read shows a book at this time. What show keeps of it must be a copy.
func (d *desk) read(userID string, show func(*book)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	show(d.book(userID, d.clock.Now().UTC()))
}

func (d *desk) book(userID string, now time.Time) *book {
	b := d.books[userID]
	if b == nil {
		b = newBook(userID, now)
		d.books[userID] = b
	}
	b.catchUp(now, d.last)
	return b
}

func (d *desk) place(b *book, f orderForm, at time.Time) (string, *problem) {
	o := &order{form: f, instrument: byListing[f.listing()], userID: b.userID, placed: at}
	last := d.last[o.instrument.listing]
	if p := triggerAhead(f, last); p != nil {
		return "", p
	}
	if p := b.covered(o, f); p != nil {
		return "", p
	}
	d.sequence++
	o.id, o.exchangeID = orderID(at, d.sequence), fmt.Sprintf("13%014d", d.sequence)
	required, available, short := b.shortage(o, o, d.last)
	b.orders = append(b.orders, o)
	o.set(received, at)
	o.set(validating, at)
	if short {
		o.reject(shortText(required, available), fmt.Sprintf(
			"RMS:Margin Exceeds,Required:%s, Available:%s for entity account-%s across exchange across segment across product ",
			required, available, b.userID), at)
		return o.id, nil
	}
	d.enter(b, o, at)
	return o.id, nil
}

// enter puts an order on the market, and takes back what may not wait.
func (d *desk) enter(b *book, o *order, at time.Time) {
	o.set(o.rest(), at)
	d.match(b, o, at)
	if o.waits() && o.form.Validity == immediately {
		o.cancel(at)
	}
}

func (d *desk) match(b *book, o *order, at time.Time) {
	if b.match(o, d.last[o.instrument.listing], at, fmt.Sprintf("%08d", 10_000_000+d.trades+1)) {
		d.trades++
	}
}

// modify gives a waiting order another form. What would need more funds than
// there are is refused and leaves the order as it is.
func (d *desk) modify(b *book, id string, change url.Values, at time.Time) *problem {
	o := b.order(id)
	if o == nil {
		return &noSuchOrder
	}
	if p := o.mayWork("modified"); p != nil {
		return p
	}
	f, p := readChange(o.form, change)
	if p != nil {
		return p
	}
	if p := d.changeable(b, o, f); p != nil {
		return p
	}
	o.set(changeValidated, at)
	o.set(changePending, at)
	o.wasTriggered = o.wasTriggered && f.Trigger == o.form.Trigger
	o.form = f
	o.changes++
	o.set(changed, at)
	d.enter(b, o, at)
	return nil
}

func (d *desk) changeable(b *book, o *order, f orderForm) *problem {
	if o.changes >= maxChanges {
		return &problem{http.StatusBadRequest, "InputException", "Maximum allowed order modifications exceeded."}
	}
	if f.Trigger != o.form.Trigger {
		if p := triggerAhead(f, d.last[o.instrument.listing]); p != nil {
			return p
		}
	}
	if p := b.covered(o, f); p != nil {
		return p
	}
	if required, available, short := b.shortage(o, &order{form: f, instrument: o.instrument}, d.last); short {
		return &problem{http.StatusBadRequest, "MarginException", shortText(required, available)}
	}
	return nil
}

func (d *desk) cancel(b *book, id string, at time.Time) *problem {
	o := b.order(id)
	if o == nil {
		return &noSuchOrder
	}
	if p := o.mayWork("cancelled"); p != nil {
		return p
	}
	o.cancel(at)
	return nil
}

// move changes a price, and with it the orders that waited for that: user by
// user, so that the journal gives the same trade IDs.
func (d *desk) move(m priceMove, at time.Time) *problem {
	where := listing{m.Exchange, m.Symbol}
	price, ok := toPaise(m.Last)
	if _, known := byListing[where]; !known || !ok || price == 0 {
		p := invalid("last_price")
		return &p
	}
	users := slices.Sorted(maps.Keys(d.books))
	for _, user := range users {
		d.books[user].catchUp(at, d.last)
	}
	d.last[where] = price
	for _, user := range users {
		for _, o := range d.books[user].waiting() {
			if o.instrument.listing == where {
				d.match(d.books[user], o, at)
			}
		}
	}
	return nil
}

func (d *desk) funds(userID string) (f funds) {
	d.read(userID, func(b *book) { f = b.funds(b.waiting(), d.last) })
	return f
}
