// Package kiteconnect speaks Kite Connect v3's HTTP API
// (https://kite.trade/docs/connect/v3/) and implements kite.Broker. It is a
// client of our own because here a lost answer, a leaked URL or a mistaken 403
// costs a trader the session.
//
// Its rules:
//
//   - A write is sent once. A request_token works once, so an exchange whose
//     answer was lost is EUNKNOWN, never tried again. Only a GET is repeated,
//     at most twice, on 429, 502, 503 and 504.
//   - Only 403 with error_type TokenException to an authenticated call means
//     that a session ended (ETOKEN). The same answer to an exchange is about
//     the request_token.
//   - Nothing that didn't come from Kite counts as Kite's answer: a redirect,
//     an HTML page or a foreign certificate is EOFFLINE.
//   - HTTP 200 is a success only if the body says so too.
//   - No error holds a secret: URLs are stripped (DELETE /session/token carries
//     the token in its query) and every text from outside is searched for the
//     secrets of the call.
//   - Every call ends: deadlines for connecting and for the whole, a cap on
//     header and body, no redirect followed.
//   - Kite's limit of 10 requests a second belongs to the API key, so the
//     limiter does too.
package kiteconnect
