package gateway

import (
	"net/http"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestPermit(t *testing.T) {
	reader, trader := kite.APIClient{}, kite.APIClient{MayTrade: true}
	for _, c := range []struct {
		method, path   string
		reader, trader int // status of the refusal; 0 is passed on
	}{
		{"GET", "/", 0, 0}, {"GET", "/user/profile", 0, 0}, {"HEAD", "/quote", 0, 0}, {"GET", "/orders", 0, 0}, {"GET", "/gtt/triggers/1", 0, 0},
		{"POST", "/margins/orders", 0, 0}, {"POST", "/margins/basket", 0, 0}, {"POST", "/charges/orders", 0, 0},
		{"PUT", "/margins/orders", 403, 0}, {"DELETE", "/margins/basket", 403, 0}, {"POST", "/margins/orders/x", 403, 0}, {"POST", "/Margins/orders", 403, 0},
		{"POST", "/margins", 403, 0}, {"POST", "/charges/orders ", 403, 0},
		{"POST", "/orders/regular", 403, 0}, {"PUT", "/orders/regular/1", 403, 0}, {"DELETE", "/orders/amo/1", 403, 0},
		{"POST", "/gtt/triggers", 403, 0}, {"PUT", "/gtt/triggers/1", 403, 0}, {"DELETE", "/gtt/triggers/1", 403, 0},
		{"POST", "/mf/orders", 403, 0}, {"DELETE", "/mf/sips/1", 403, 0}, {"POST", "/alerts", 403, 0}, {"DELETE", "/alerts", 403, 0},
		{"POST", "/portfolio/holdings/authorise", 403, 0}, {"PUT", "/portfolio/positions", 403, 0}, {"POST", "/whatever", 403, 0},
		{"POST", "/session/token", 403, 403}, {"DELETE", "/session/token", 403, 403}, {"GET", "/session", 403, 403}, {"POST", "/session/refresh_token", 403, 403},
		{"GET", "/Session/token", 403, 403}, {"DELETE", "/SESSION/token", 403, 403}, {"DELETE", "/ session/token", 403, 403}, {"DELETE", "/session /token", 403, 403},
		{"DELETE", "/.session/token", 403, 403}, {"DELETE", "/session./token", 403, 403},
		{"GET", "/user/session", 0, 0},
		{"OPTIONS", "/orders", 405, 405}, {"PATCH", "/orders", 405, 405}, {"TRACE", "/", 405, 405}, {"CONNECT", "/", 405, 405}, {"get", "/", 405, 405}, {"", "/", 405, 405},
	} {
		for client, want := range map[*kite.APIClient]int{&reader: c.reader, &trader: c.trader} {
			got := 0
			if f := permit(*client, &http.Request{Method: c.method, Header: http.Header{}}, c.path); f != nil {
				got = f.status
				if f.message == "" || f.kind == tokenException {
					t.Errorf("%s %s says %q with %s: a client would drop its session", c.method, c.path, f.message, f.kind)
				}
			}
			if got != want {
				t.Errorf("%s %q, may trade %t: %d; want %d", c.method, c.path, client.MayTrade, got, want)
			}
		}
	}
}

func TestWebSocket_is_told_from_an_offer_of_HTTP2(t *testing.T) {
	for value, want := range map[string]bool{"websocket": true, "WebSocket": true, "h2c, websocket": true, "h2c": false, "": false} {
		if got := upgradesToWebSocket(http.Header{"Upgrade": {value}}); got != want {
			t.Errorf("%q: %t", value, got)
		}
	}
	if !upgradesToWebSocket(http.Header{"Sec-Websocket-Key": {"x"}}) {
		t.Error("a key alone was passed on")
	}
}
