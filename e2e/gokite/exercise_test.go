package gokite

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	kiteconnect "github.com/zerodha/gokiteconnect/v4"
	"golang.org/x/time/rate"
)

// Where the calls go instead of a sandbox of the tests' own, with
// "Authorization: token KEY:TOKEN". The root may have a path, such as
// http://127.0.0.1:51731/kite/my-account.
const (
	rootVariable  = "KITE_CLIENT_ROOT"
	keyVariable   = "KITE_CLIENT_KEY"
	tokenVariable = "KITE_CLIENT_TOKEN"
)

// paced begins no call sooner than Kite's limits allow, ten a second of an API
// key and ten orders a second of a client: the official client doesn't wait.
type paced struct{ limit *rate.Limiter }

func newPaced() *http.Client {
	return &http.Client{Transport: paced{rate.NewLimiter(rate.Every(150*time.Millisecond), 1)}, Timeout: 10 * time.Second}
}

func (p paced) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := p.limit.Wait(r.Context()); err != nil {
		return nil, err
	}
	return http.DefaultTransport.RoundTrip(r)
}

// newClient is the official client for an API at root.
func newClient(root, apiKey, token string) *kiteconnect.Client {
	client := kiteconnect.New(apiKey)
	client.SetBaseURI(root)
	client.SetHTTPClient(newPaced())
	client.SetAccessToken(token)
	return client
}

func TestCalls_through_the_root_that_was_given(t *testing.T) {
	root := os.Getenv(rootVariable)
	if root == "" {
		t.Skip(rootVariable + " is not set")
	}
	exercise(t, newClient(root, os.Getenv(keyVariable), os.Getenv(tokenVariable)))
}

func TestCalls_with_a_session(t *testing.T) {
	client, _ := start(t).session(t, 2)
	exercise(t, client)
	exercise(t, client) // on an account that was used before
}

// exercise makes the calls of a session, whoever answers: the sandbox itself,
// or a gateway before it. It leaves no order waiting and no position open.
func exercise(t *testing.T, client *kiteconnect.Client) {
	t.Helper()
	exerciseReads(t, client)
	exerciseCalculations(t, client)
	exerciseWaiting(t, client)
	exerciseFills(t, client)
	exerciseRefusals(t, client)
}

func exerciseReads(t *testing.T, client *kiteconnect.Client) {
	t.Helper()
	profile, err := client.GetUserProfile()
	if err != nil || !strings.HasPrefix(profile.UserID, "SB") || profile.UserName == "" || profile.Broker == "" || len(profile.Exchanges) == 0 {
		t.Errorf("profile %+v, %v", profile, err)
	}
	margins, err := client.GetUserMargins()
	if err != nil || !margins.Equity.Enabled || margins.Equity.Net != margins.Equity.Available.LiveBalance {
		t.Errorf("margins %+v, %v", margins, err)
	}
	equity, err := client.GetUserSegmentMargins("equity")
	if err != nil || equity.Net != margins.Equity.Net {
		t.Errorf("equity %+v, %v", equity, err)
	}
	holdings, err := client.GetHoldings()
	if err != nil || len(holdings) == 0 {
		t.Errorf("holdings %+v, %v", holdings, err)
	}
	for _, h := range holdings {
		if h.ISIN == "" || h.Quantity+h.UsedQuantity != h.OpeningQuantity || h.LastPrice == 0 || h.AuthorisedDate.IsZero() {
			t.Errorf("holding %+v", h)
		}
	}
	instruments, err := client.GetInstruments()
	if err != nil || !slices.ContainsFunc(instruments, func(i kiteconnect.Instrument) bool {
		return i.Tradingsymbol == "INFY" && i.Exchange == "NSE" && i.TickSize == 0.05
	}) {
		t.Errorf("%d instruments, %v", len(instruments), err)
	}
}

// exerciseCalculations posts JSON, which changes nothing.
func exerciseCalculations(t *testing.T, client *kiteconnect.Client) {
	t.Helper()
	orders := []kiteconnect.OrderMarginParam{{
		Exchange: "NSE", Tradingsymbol: "INFY", TransactionType: "BUY", Variety: kiteconnect.VarietyRegular, Product: "CNC",
		OrderType: "LIMIT", Quantity: 2, Price: 100,
	}}
	margins, err := client.GetOrderMargins(kiteconnect.GetMarginParams{OrderParams: orders, Compact: true})
	if err != nil || len(margins) != 1 || margins[0].Total != 200 {
		t.Errorf("margins of an order: %+v, %v", margins, err)
	}
	basket, err := client.GetBasketMargins(kiteconnect.GetBasketParams{OrderParams: orders, ConsiderPositions: true})
	if err != nil || basket.Final.Total != 200 || len(basket.Orders) != 1 {
		t.Errorf("margins of a basket: %+v, %v", basket, err)
	}
}

// exerciseWaiting has an order that the market doesn't reach, changes and
// cancels it.
func exerciseWaiting(t *testing.T, client *kiteconnect.Client) {
	t.Helper()
	placed, err := client.PlaceOrder(kiteconnect.VarietyRegular, kiteconnect.OrderParams{
		Exchange: "NSE", Tradingsymbol: "INFY", TransactionType: "BUY", OrderType: "LIMIT", Price: 100, Quantity: 1,
		Product: "CNC", Validity: "DAY", Tag: "go1",
	})
	if err != nil || len(placed.OrderID) < 15 {
		t.Fatalf("place: %+v, %v", placed, err)
	}
	if got := statuses(t, client, placed.OrderID); got != "PUT ORDER REQ RECEIVED, VALIDATION PENDING, OPEN" {
		t.Errorf("history %q", got)
	}
	changed, err := client.ModifyOrder(kiteconnect.VarietyRegular, placed.OrderID, kiteconnect.OrderParams{Price: 101, Quantity: 2})
	if err != nil || changed.OrderID != placed.OrderID {
		t.Errorf("modify: %+v, %v", changed, err)
	}
	orders, err := client.GetOrders()
	at := slices.IndexFunc(orders, func(o kiteconnect.Order) bool { return o.OrderID == placed.OrderID })
	if err != nil || at < 0 {
		t.Fatalf("orders %+v, %v", orders, err)
	}
	if o := orders[at]; o.Status != "OPEN" || o.Price != 101 || o.Quantity != 2 || o.Tag != "go1" || !o.Modified || o.OrderTimestamp.IsZero() {
		t.Errorf("order %+v", o)
	}
	if _, err := client.CancelOrder(kiteconnect.VarietyRegular, placed.OrderID, nil); err != nil {
		t.Errorf("cancel: %v", err)
	}
	if got := statuses(t, client, placed.OrderID); !strings.HasSuffix(got, ", CANCELLED") {
		t.Errorf("history %q", got)
	}
	if trades, err := client.GetOrderTrades(placed.OrderID); err != nil || len(trades) != 0 {
		t.Errorf("trades of a cancelled order: %+v, %v", trades, err)
	}
}

func statuses(t *testing.T, client *kiteconnect.Client, id string) string {
	t.Helper()
	history, err := client.GetOrderHistory(id)
	if err != nil {
		t.Fatalf("history: %v", err)
	}
	var names []string
	for _, o := range history {
		names = append(names, o.Status)
	}
	return strings.Join(names, ", ")
}

var atMarket = kiteconnect.OrderParams{
	Exchange: "NSE", Tradingsymbol: "INFY", TransactionType: "BUY", OrderType: "MARKET", Quantity: 1, Product: "MIS",
	Validity: "DAY", MarketProtection: -1,
}

// exerciseFills buys at the market and sells again.
func exerciseFills(t *testing.T, client *kiteconnect.Client) {
	t.Helper()
	before, debits := position(t, client), debitsOf(t, client)
	placed, err := client.PlaceOrder(kiteconnect.VarietyRegular, atMarket)
	if err != nil {
		t.Fatalf("place: %v", err)
	}
	if got := statuses(t, client, placed.OrderID); got != "PUT ORDER REQ RECEIVED, VALIDATION PENDING, OPEN, COMPLETE" {
		t.Errorf("history %q", got)
	}
	ofOrder, err := client.GetOrderTrades(placed.OrderID)
	if err != nil || len(ofOrder) != 1 || ofOrder[0].Quantity != 1 || ofOrder[0].AveragePrice == 0 || ofOrder[0].FillTimestamp.IsZero() {
		t.Fatalf("trades of the order: %+v, %v", ofOrder, err)
	}
	all, err := client.GetTrades()
	if err != nil || !slices.ContainsFunc(all, func(o kiteconnect.Trade) bool { return o.TradeID == ofOrder[0].TradeID }) {
		t.Errorf("trades %+v, %v", all, err)
	}
	if p := position(t, client); p.Quantity != before.Quantity+1 || p.BuyQuantity != before.BuyQuantity+1 || p.LastPrice == 0 {
		t.Errorf("position %+v, before %+v", p, before)
	}
	if margin := debitsOf(t, client); margin <= debits {
		t.Errorf("debits %v, before %v", margin, debits)
	}
	back := atMarket
	back.TransactionType = "SELL"
	if _, err := client.PlaceOrder(kiteconnect.VarietyRegular, back); err != nil {
		t.Errorf("sell: %v", err)
	}
	if p := position(t, client); p.Quantity != before.Quantity {
		t.Errorf("position %+v, before %+v", p, before)
	}
}

func position(t *testing.T, client *kiteconnect.Client) kiteconnect.Position {
	t.Helper()
	positions, err := client.GetPositions()
	if err != nil {
		t.Fatalf("positions: %v", err)
	}
	for _, p := range positions.Net {
		if p.Tradingsymbol == "INFY" && p.Product == "MIS" {
			return p
		}
	}
	return kiteconnect.Position{}
}

func debitsOf(t *testing.T, client *kiteconnect.Client) float64 {
	t.Helper()
	equity, err := client.GetUserSegmentMargins("equity")
	if err != nil {
		t.Fatalf("margins: %v", err)
	}
	return equity.Used.Debits
}

// exerciseRefusals checks that Kite's own errors arrive.
func exerciseRefusals(t *testing.T, client *kiteconnect.Client) {
	t.Helper()
	unknown, unprotected, uncovered := atMarket, atMarket, atMarket
	unknown.Tradingsymbol = "NOSUCH"
	unprotected.MarketProtection = 0
	uncovered.TransactionType, uncovered.Product, uncovered.Quantity = "SELL", "CNC", 1_000_000
	for _, o := range []struct {
		name      string
		params    kiteconnect.OrderParams
		errorType string
	}{
		{"unknown instrument", unknown, kiteconnect.InputError},
		{"no market protection", unprotected, kiteconnect.InputError},
		{"more than is held", uncovered, "HoldingException"},
	} {
		_, err := client.PlaceOrder(kiteconnect.VarietyRegular, o.params)
		refused(t, o.name, err, http.StatusBadRequest, o.errorType)
	}
	_, err := client.GetOrderHistory("1")
	refused(t, "unknown order", err, http.StatusNotFound, kiteconnect.GeneralError)
}
