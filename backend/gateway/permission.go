package gateway

import (
	"net/http"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// calculations are POSTs that change nothing:
// https://kite.trade/docs/connect/v3/margins/.
var calculations = map[string]bool{"/margins/orders": true, "/margins/basket": true, "/charges/orders": true}

// reads says that the request changes nothing at Kite. No GET of Kite's API
// does; /session is refused whatever the method.
func reads(method, path string) bool {
	switch method {
	case http.MethodGet, http.MethodHead:
		return true
	case http.MethodPost:
		return calculations[path]
	}
	return false
}

// permit returns why the program may not do that, or nil.
func permit(client kite.APIClient, r *http.Request, path string) *failure {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
	default:
		return &failure{status: http.StatusMethodNotAllowed, kind: inputException, code: kite.EINVALID,
			message: "Kite's API has no such method."}
	}
	switch {
	case isSession(path):
		return &failure{status: http.StatusForbidden, kind: permissionException, code: kite.EDENIED,
			message: "Sessions are begun and ended in Kite Accounts, so that one program can't end those of the others."}
	case upgradesToWebSocket(r.Header):
		return &failure{status: http.StatusNotImplemented, kind: generalException, code: kite.EINVALID,
			message: "The gateway has no WebSocket: Kite's ticker is at another address, wss://ws.kite.trade, and takes the access token itself."}
	case !client.MayTrade && !reads(r.Method, path):
		return &failure{status: http.StatusForbidden, kind: permissionException, code: kite.EDENIED,
			message: "This program may only read. Allow it to trade in the preferences of Kite Accounts if it should place, change and cancel orders."}
	}
	return nil
}

// isSession is generous: what a router might still take for /session is.
func isSession(path string) bool {
	first, _, _ := strings.Cut(path[1:], "/")
	return strings.HasPrefix(strings.ToLower(strings.TrimLeft(first, " .")), "session")
}

// upgradesToWebSocket leaves alone those who offer HTTP/2, as Java's client
// does with each request: to ignore an offer is to decline it.
func upgradesToWebSocket(header http.Header) bool {
	for _, value := range header["Upgrade"] {
		if strings.Contains(strings.ToLower(value), "websocket") {
			return true
		}
	}
	return header.Get("Sec-Websocket-Key") != ""
}
