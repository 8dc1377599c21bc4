package sandbox

import (
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// The statuses that an order goes through:
// https://kite.trade/docs/connect/v3/orders/#order-statuses.
const (
	received        = "PUT ORDER REQ RECEIVED"
	validating      = "VALIDATION PENDING"
	opened          = "OPEN"
	triggerPending  = "TRIGGER PENDING"
	complete        = "COMPLETE"
	cancelled       = "CANCELLED"
	rejected        = "REJECTED"
	changeValidated = "MODIFY VALIDATION PENDING"
	changePending   = "MODIFY PENDING"
	changed         = "MODIFIED"
	cancelPending   = "CANCEL PENDING"
)

// regular is the one variety there is.
const regular = "regular"

// order is an order of the day with all it went through.
type order struct {
	form           orderForm
	instrument     instrument
	id, exchangeID string
	userID         string
	status         string
	message, raw   string // why it was rejected, for people and from the OMS
	placed         time.Time
	updated        time.Time
	atExchange     time.Time // zero if it never got there
	wasTriggered   bool
	changes        int
	filled         int64
	average        paise
	cancelledOf    int64
	history        []orderRow
}

// waits says whether the order may still fill.
func (o *order) waits() bool { return o.status == opened || o.status == triggerPending }

// set moves the order to a status and keeps what it looked like.
func (o *order) set(status string, at time.Time) {
	o.status, o.updated = status, at
	if o.waits() && o.atExchange.IsZero() {
		o.atExchange = at
	}
	o.history = append(o.history, o.row())
}

// rest is where an order waits: a stop for its trigger, any other for a price.
func (o *order) rest() string {
	if o.form.Trigger != 0 && !o.wasTriggered {
		return triggerPending
	}
	return opened
}

func (o *order) cancel(at time.Time) {
	o.set(cancelPending, at)
	o.cancelledOf = o.form.Quantity
	o.set(cancelled, at)
}

func (o *order) reject(message, raw string, at time.Time) {
	o.message, o.raw = message, raw
	o.set(rejected, at)
}

// expectedPrice is what the order is taken to cost while it waits.
func (o *order) expectedPrice(last map[listing]paise) paise {
	switch o.form.Type {
	case market:
		return last[o.instrument.listing]
	case stopAtMkt:
		return o.form.trigger()
	default:
		return o.form.price()
	}
}

// orderRow is field by field as Kite's: https://kite.trade/docs/connect/v3/orders/.
// Times are IST without a zone.
type orderRow struct {
	AccountID         string         `json:"account_id"`
	PlacedBy          string         `json:"placed_by"`
	OrderID           string         `json:"order_id"`
	ExchangeOrderID   *string        `json:"exchange_order_id"`
	ParentOrderID     *string        `json:"parent_order_id"`
	Status            string         `json:"status"`
	StatusMessage     *string        `json:"status_message"`
	StatusMessageRaw  *string        `json:"status_message_raw"`
	OrderTimestamp    string         `json:"order_timestamp"`
	ExchangeUpdate    *string        `json:"exchange_update_timestamp"`
	ExchangeTimestamp *string        `json:"exchange_timestamp"`
	Variety           string         `json:"variety"`
	Modified          bool           `json:"modified"`
	Exchange          string         `json:"exchange"`
	TradingSymbol     string         `json:"tradingsymbol"`
	InstrumentToken   uint32         `json:"instrument_token"`
	OrderType         string         `json:"order_type"`
	TransactionType   string         `json:"transaction_type"`
	Validity          string         `json:"validity"`
	ValidityTTL       int64          `json:"validity_ttl"`
	Product           string         `json:"product"`
	Quantity          int64          `json:"quantity"`
	DisclosedQuantity int64          `json:"disclosed_quantity"`
	Price             float64        `json:"price"`
	TriggerPrice      float64        `json:"trigger_price"`
	AveragePrice      paise          `json:"average_price"`
	FilledQuantity    int64          `json:"filled_quantity"`
	PendingQuantity   int64          `json:"pending_quantity"`
	CancelledQuantity int64          `json:"cancelled_quantity"`
	MarketProtection  float64        `json:"market_protection"`
	Meta              map[string]any `json:"meta"`
	Tag               *string        `json:"tag"`
	Tags              []string       `json:"tags,omitempty"`
	GUID              *string        `json:"guid"`
}

func (o *order) row() orderRow {
	f := o.form
	r := orderRow{
		AccountID: o.userID, PlacedBy: o.userID, OrderID: o.id,
		Status: o.status, StatusMessage: orNull(o.message), StatusMessageRaw: orNull(o.raw),
		OrderTimestamp: stamp(o.updated), Variety: f.Variety, Modified: o.changes > 0,
		Exchange: f.Exchange, TradingSymbol: f.Symbol, InstrumentToken: o.instrument.token,
		OrderType: f.Type, TransactionType: f.Side, Validity: f.Validity, ValidityTTL: f.TTL, Product: f.Product,
		Quantity: f.Quantity, DisclosedQuantity: f.Disclosed, Price: f.Price, TriggerPrice: f.Trigger,
		AveragePrice: o.average, FilledQuantity: o.filled, PendingQuantity: f.Quantity - o.filled,
		CancelledQuantity: o.cancelledOf, MarketProtection: f.Protection, Meta: map[string]any{}, Tag: orNull(f.Tag),
	}
	if f.Tag != "" {
		r.Tags = []string{f.Tag}
	}
	if o.status == rejected {
		r.PendingQuantity = 0
	}
	if !o.atExchange.IsZero() {
		r.ExchangeOrderID, r.ExchangeTimestamp, r.ExchangeUpdate = orNull(o.exchangeID), orNull(stamp(o.atExchange)), orNull(stamp(o.updated))
	}
	return r
}

// trade is one fill.
type trade struct {
	order    *order
	id       string
	price    paise
	quantity int64
	at       time.Time
}

// row is field by field as Kite's. Its order_timestamp is a time of day only.
func (t trade) row() map[string]any {
	return map[string]any{
		"trade_id": t.id, "order_id": t.order.id, "exchange_order_id": t.order.exchangeID,
		"tradingsymbol": t.order.form.Symbol, "exchange": t.order.form.Exchange, "instrument_token": t.order.instrument.token,
		"transaction_type": t.order.form.Side, "product": t.order.form.Product, "average_price": t.price, "quantity": t.quantity,
		"fill_timestamp": stamp(t.at), "exchange_timestamp": stamp(t.at),
		"order_timestamp": t.order.placed.In(kite.IST).Format(time.TimeOnly),
	}
}

// stamp writes a time as Kite does: IST without a zone,
// https://kite.trade/docs/connect/v3/response-structure/.
func stamp(t time.Time) string { return t.In(kite.IST).Format(time.DateTime) }

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orderID is longer than a number of JavaScript holds exactly, as Kite's are.
func orderID(placed time.Time, n int64) string {
	return fmt.Sprintf("%s%013d", placed.In(kite.IST).Format("060102"), n)
}
