package sandbox

import (
	"encoding/json"
	"math"
	"net/url"
	"testing"
)

// Whatever comes in, what is taken is whole, survives the journal, and can be
// changed by itself without becoming another order.
func FuzzReadOrder(f *testing.F) {
	for _, seed := range []string{
		"exchange=NSE&tradingsymbol=INFY&transaction_type=BUY&order_type=MARKET&quantity=1&product=MIS&validity=DAY&market_protection=-1",
		"exchange=BSE&tradingsymbol=SBIN&transaction_type=SELL&order_type=SL&quantity=10&product=CNC&price=800&trigger_price=801.05&tag=a1",
		"exchange=NSE&tradingsymbol=TCS&transaction_type=BUY&order_type=LIMIT&quantity=007&product=CNC&price=1e3&validity=TTL&validity_ttl=5",
		"quantity=-1&price=NaN&trigger_price=Inf&market_protection=0x1p-2&tag=%00", "price=0.049999999999999999&quantity=99999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		o, wrong := readOrder(regular, values)
		if wrong != nil {
			if wrong.status != 400 || wrong.message == "" {
				t.Errorf("%q: %+v", body, wrong)
			}
			return
		}
		if o.Quantity < 1 || o.Quantity > maxQuantity || o.Disclosed > o.Quantity || len(o.Tag) > 20 {
			t.Errorf("%q: %+v", body, o)
		}
		for _, amount := range []float64{o.Price, o.Trigger} {
			exact, ok := toPaise(amount)
			if !ok || exact%tick != 0 || exact.rupees() != amount || math.Signbit(amount) {
				t.Errorf("%q: %v is no price", body, amount)
			}
		}
		if (o.Price != 0) != (o.Type == limit || o.Type == stop) || (o.Trigger != 0) != (o.Type == stop || o.Type == stopAtMkt) {
			t.Errorf("%q: %+v", body, o)
		}
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var back orderForm
		if err := json.Unmarshal(text, &back); err != nil || back != o {
			t.Errorf("%q: %+v came back as %+v, %v", body, o, back, err)
		}
		if same, wrong := readChange(o, kept(values)); wrong != nil || same != o {
			t.Errorf("%q: changed by itself %+v to %+v, %v", body, o, same, wrong)
		}
	})
}
