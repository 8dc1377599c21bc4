package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
)

// What the exchanges would not take.
const (
	maxQuantity = 1_000_000
	maxPrice    = 1_000_000 // rupees
	maxTTL      = 1440      // minutes
)

// The order types, https://kite.trade/docs/connect/v3/orders/.
const (
	market    = "MARKET"
	limit     = "LIMIT"
	stop      = "SL"
	stopAtMkt = "SL-M"
)

const (
	buy  = "BUY"
	sell = "SELL"

	delivery = "CNC"
	intraday = "MIS"

	forDay      = "DAY"
	immediately = "IOC"
	forMinutes  = "TTL"
)

// orderForm is an order as asked for, checked as far as it can be without
// knowing whose it is. Its JSON is what the journal keeps.
type orderForm struct {
	Variety    string  `json:"variety"`
	Exchange   string  `json:"exchange"`
	Symbol     string  `json:"symbol"`
	Side       string  `json:"side"`
	Type       string  `json:"type"`
	Product    string  `json:"product"`
	Validity   string  `json:"validity"`
	TTL        int64   `json:"ttl,omitempty"`
	Quantity   int64   `json:"quantity"`
	Disclosed  int64   `json:"disclosed,omitempty"`
	Price      float64 `json:"price,omitempty"`
	Trigger    float64 `json:"trigger,omitempty"`
	Protection float64 `json:"protection,omitempty"`
	Tag        string  `json:"tag,omitempty"`
}

func (f orderForm) listing() listing { return listing{f.Exchange, f.Symbol} }

// price and trigger are checked to be amounts when the form is read.
func (f orderForm) price() paise   { p, _ := toPaise(f.Price); return p }
func (f orderForm) trigger() paise { p, _ := toPaise(f.Trigger); return p }

var tagForm = regexp.MustCompile(`^[A-Za-z0-9]{0,20}$`)

// longest is how long a number may be written.
const longest = 32

// fields reads a form and remembers the first thing wrong with it.
type fields struct {
	values url.Values
	wrong  *problem
}

func (f *fields) refuse(p problem) {
	if f.wrong == nil {
		f.wrong = &p
	}
}

func (f *fields) need(name string) string {
	value := f.values.Get(name)
	if value == "" {
		f.refuse(problem{http.StatusBadRequest, "InputException", "Missing or empty field `" + name + "`"})
	}
	return value
}

// oneOf takes a value of a set. With an empty fallback the field is required.
func (f *fields) oneOf(name, fallback string, allowed ...string) string {
	value := f.values.Get(name)
	if value == "" && fallback != "" {
		return fallback
	}
	if value == "" {
		return f.need(name)
	}
	for _, a := range allowed {
		if a == value {
			return value
		}
	}
	f.refuse(invalid(name))
	return ""
}

// count takes a whole number from 0; absent is the fallback.
func (f *fields) count(name string, fallback, most int64) int64 {
	value := f.values.Get(name)
	if value == "" {
		return fallback
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || len(value) > longest || n < 0 || n > most {
		f.refuse(invalid(name))
		return 0
	}
	return n
}

// rupees takes an amount that is a multiple of the tick; absent is the fallback.
func (f *fields) rupees(name string, fallback float64) float64 {
	value := f.values.Get(name)
	if value == "" {
		return fallback
	}
	amount, err := strconv.ParseFloat(value, 64)
	exact, ok := toPaise(amount)
	if err != nil || len(value) > longest || !ok {
		f.refuse(invalid(name))
		return 0
	}
	if exact%tick != 0 {
		f.refuse(problem{http.StatusBadRequest, "InputException", fmt.Sprintf(
			"Tick size for this script is %s. Kindly enter %s in the multiple of tick size for this script.",
			tick, map[string]string{"price": "price", "trigger_price": "trigger price"}[name])})
	}
	return exact.rupees()
}

// readOrder reads the form of POST /orders/{variety}.
func readOrder(variety string, values url.Values) (orderForm, *problem) {
	f := &fields{values: values}
	if variety != regular {
		f.refuse(invalid("variety"))
	}
	o := orderForm{
		Variety:  variety,
		Exchange: f.oneOf("exchange", "", "NSE", "BSE"), Symbol: f.need("tradingsymbol"),
		Side:      f.oneOf("transaction_type", "", buy, sell),
		Type:      f.oneOf("order_type", "", market, limit, stop, stopAtMkt),
		Quantity:  f.count("quantity", -1, maxQuantity),
		Product:   f.oneOf("product", "", delivery, intraday),
		Validity:  f.oneOf("validity", forDay, forDay, immediately, forMinutes),
		TTL:       f.count("validity_ttl", 0, maxTTL),
		Disclosed: f.count("disclosed_quantity", 0, maxQuantity),
		Price:     f.rupees("price", 0), Trigger: f.rupees("trigger_price", 0),
		Protection: f.protection(0), Tag: values.Get("tag"),
	}
	if !tagForm.MatchString(o.Tag) {
		f.refuse(invalid("tag"))
	}
	if _, known := byListing[o.listing()]; !known {
		f.refuse(problem{http.StatusBadRequest, "InputException", "The instrument you are placing an order for has either expired or does not exist."})
	}
	f.whole(&o)
	return o, f.wrong
}

// readChange reads the form of PUT /orders/{variety}/{id} over an order.
func readChange(o orderForm, values url.Values) (orderForm, *problem) {
	f := &fields{values: values}
	o.Type = f.oneOf("order_type", o.Type, market, limit, stop, stopAtMkt)
	o.Validity = f.oneOf("validity", o.Validity, forDay, immediately, forMinutes)
	o.TTL = f.count("validity_ttl", o.TTL, maxTTL)
	o.Quantity = f.count("quantity", o.Quantity, maxQuantity)
	o.Disclosed = f.count("disclosed_quantity", o.Disclosed, maxQuantity)
	o.Price, o.Trigger = f.rupees("price", o.Price), f.rupees("trigger_price", o.Trigger)
	o.Protection = f.protection(o.Protection)
	f.whole(&o)
	return o, f.wrong
}

// changeable are the fields that PUT /orders/{variety}/{id} takes.
var changeable = []string{
	"order_type", "validity", "validity_ttl", "quantity", "disclosed_quantity", "price", "trigger_price", "market_protection",
}

// kept drops what a change has no use for, so that the journal doesn't hold
// whatever a client sent.
func kept(values url.Values) url.Values {
	k := url.Values{}
	for _, name := range changeable {
		if value := values.Get(name); value != "" {
			k.Set(name, value)
		}
	}
	return k
}

// protection takes the market protection in per cent: above 0 to 100, or -1
// for Kite's own, https://kite.trade/forum/discussion/15912/.
func (f *fields) protection(fallback float64) float64 {
	value := f.values.Get("market_protection")
	if value == "" {
		return fallback
	}
	percent, err := strconv.ParseFloat(value, 64)
	if err != nil || len(value) > longest || (percent != -1 && !(percent >= 0 && percent <= 100)) {
		f.refuse(invalid("market_protection"))
		return 0
	}
	return percent
}

// whole checks the fields that depend on each other, and clears those that the
// order's type has no use for.
func (f *fields) whole(o *orderForm) {
	switch {
	case o.Quantity == -1:
		f.need("quantity")
	case o.Quantity == 0:
		f.refuse(invalid("quantity"))
	case o.Disclosed > o.Quantity:
		f.refuse(invalid("disclosed_quantity"))
	}
	if o.Validity != forMinutes {
		o.TTL = 0
	} else if o.TTL == 0 {
		f.refuse(problem{http.StatusBadRequest, "InputException", "Missing or empty field `validity_ttl`"})
	}
	if o.Type == market || o.Type == stopAtMkt {
		o.Price = 0
		if o.Protection == 0 {
			f.refuse(problem{http.StatusBadRequest, "InputException", "Market orders without market protection are not allowed via API."})
		}
	} else if o.Protection = 0; o.Price == 0 {
		f.refuse(invalid("price"))
	}
	if o.Type == market || o.Type == limit {
		o.Trigger = 0
	} else if o.Trigger == 0 {
		f.refuse(invalid("trigger_price"))
	}
	if o.Type == stop && (o.Side == buy && o.Trigger > o.Price || o.Side == sell && o.Trigger < o.Price) {
		f.refuse(invalid("trigger_price"))
	}
}
