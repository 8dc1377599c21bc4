// Package kiteconnect speaks Kite Connect's HTTP API, version 3
// (https://kite.trade/docs/connect/v3/), and implements kite.Broker. It is a
// client of our own because here a lost answer, a leaked URL or a mistaken 403
// costs a trader the session.
//
//	client.go   deadlines, limits, the transport
//	send.go     one call: request, retries, reading the answer
//	answer.go   Kite's envelope and what its errors mean
//	session.go  login URL, exchange, profile, invalidate
//	network.go  what went wrong when no answer of Kite's came
//	scrub.go    no secret in any text
//
// Its rules:
//
//   - A write is sent once. A request_token works once, so an exchange whose
//     answer was lost is EUNKNOWN and never tried again. Only a GET is
//     repeated, at most twice, on 429, 502, 503 and 504.
//   - Only 403 with error_type TokenException to an authenticated call means
//     that a session ended (ETOKEN). The same answer to an exchange is about
//     the request_token.
//   - What didn't come from Kite is no answer of Kite's: a redirect, an HTML
//     page or a foreign certificate is EOFFLINE.
//   - HTTP 200 is a success only if the body says so too.
//   - No error holds a secret: URLs are cut off (DELETE /session/token carries
//     the token in its query), and texts from outside are searched for the
//     secrets of the call.
//   - Every call ends: deadlines for connecting and for the whole, caps on
//     header and body, no redirect followed.
//   - Kite's limit of 10 requests a second belongs to the API key, so ours
//     does too.
package kiteconnect
