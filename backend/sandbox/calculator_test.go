package sandbox_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

const jsonType = "application/json"

// calculation is one order in the JSON that the calculations take.
func calculation(side, product string, quantity, price string) string {
	return `{"exchange":"NSE","tradingsymbol":"INFY","variety":"regular","order_type":"LIMIT","transaction_type":"` + side +
		`","product":"` + product + `","quantity":` + quantity + `,"price":` + price + `,"trigger_price":0}`
}

type margin struct {
	Symbol   string  `json:"tradingsymbol"`
	Leverage int     `json:"leverage"`
	Total    float64 `json:"total"`
}

func TestMargins_are_calculated_without_placing_anything(t *testing.T) {
	f := floor(t, sandbox.Config{})
	c := f.caller(t, 1)
	f.price(t, "1000")
	c.place(asked("quantity", "3")) // a sale of three closes this and needs nothing
	before := seen(c)
	body := "[" + calculation("BUY", "CNC", "2", "900") + "," + calculation("BUY", "MIS", "5", "900") + "," +
		calculation("SELL", "MIS", "3", "1100") + "," + calculation("SELL", "MIS", "3", "1100") + "]"
	want := []margin{{"INFY", 1, 1800}, {"INFY", 5, 900}, {"INFY", 5, 0}, {"INFY", 5, 0}}

	var rows []margin
	a := c.send(http.MethodPost, "/margins/orders?mode=compact", jsonType, body)
	if err := json.Unmarshal(a.Data, &rows); err != nil || a.status != http.StatusOK || !reflect.DeepEqual(rows, want) {
		t.Errorf("orders: %d %+v %+v, %v", a.status, a.failure, rows, err)
	}
	var basket struct {
		Initial, Final margin
		Orders         []margin
	}
	a = c.send(http.MethodPost, "/margins/basket?consider_positions=true", jsonType, body)
	if err := json.Unmarshal(a.Data, &basket); err != nil || a.status != http.StatusOK || !reflect.DeepEqual(basket.Orders, want) {
		t.Errorf("basket: %d %+v %+v, %v", a.status, a.failure, basket, err)
	}
	// Together, only one of the two sales closes the position.
	if basket.Initial.Total != 2700 || basket.Final.Total != 2700+660 {
		t.Errorf("basket needs %+v, in the end %+v", basket.Initial, basket.Final)
	}
	if after := seen(c); !reflect.DeepEqual(after, before) {
		t.Errorf("something changed: %v, before %v", after, before)
	}
}

func TestMargins_refuse_what_is_no_order(t *testing.T) {
	c := floor(t, sandbox.Config{}).caller(t, 1)
	for body, want := range map[string]string{
		"":                        "Invalid JSON.",
		"{}":                      "Invalid JSON.",
		"[]":                      "Invalid JSON.",
		"[{}]":                    "Invalid `variety`.",
		`[{"variety":"regular"}]`: "Missing or empty field `exchange`",
		"[" + calculation("BUY", "CNC", "0", "900") + "]": "Invalid `quantity`.",
	} {
		for _, path := range []string{"/margins/orders", "/margins/basket"} {
			if a := c.send(http.MethodPost, path, jsonType, body); a.status != http.StatusBadRequest || a.Message != want {
				t.Errorf("%s of %s: %d %+v", path, body, a.status, a.failure)
			}
		}
	}
}
