// Package sandbox is a simulated Kite on loopback: login pages with Kite's
// steps and field ids, the token exchange, the calls this program makes, and
// portfolio and orders that keep state, with Kite's envelopes, errors, statuses
// and limits. Users, passwords, money and prices in it are invented.
//
//	server.go  routes and configuration     people.go  invented users and apps
//	login.go   the login pages              tokens.go  request and access tokens
//	api.go     the API                      envelope.go  Kite's answers
//	faults.go  what can be made to fail     state.go   what survives a restart
//
//	orders.go      the calls of orders      instruments.go  what can be traded
//	orderform.go   an order's parameters    orderrules.go   what an order may do
//	order.go       one order's life, rows   fills.go        how orders fill
//	desk.go        takes all that changes   journal.go      and remembers it
//	book.go        what a user has          portfolio.go    and how Kite shows it
//	margins.go     what it binds            calculator.go   what an order would
//	money.go       exact amounts
//
// Rules: it answers as Kite does (https://kite.trade/docs/connect/v3/); no
// secret is written to a file: passwords, TOTP seeds and API secrets are
// derived from names, tokens are kept as hashes.
//
// Orders are simpler than Kite's. The market is always open and has any
// quantity at the last price, so an order fills whole or not at all, and
// POST /_sandbox/price, with the JSON of priceMove, is all that moves a price.
// There are shares on NSE and BSE only, variety regular, products CNC and MIS;
// other varieties and products are refused as unknown, autoslice and the
// protection's size change nothing. The day ends at 06:00 IST: orders and
// trades go, deliveries become holdings without T+1, intraday positions are
// squared off at the last price. There are no charges, GTT, postbacks
// or conversions; margins are calculated with charges of 0, in full whatever
// the mode, and always next to the positions. Of Kite's caps on orders the ten a second
// of a user and the 25 modifications of an order are kept, not the 400 a minute
// and 5000 a day. Where no source gives Kite's own words or status for a
// refusal, such as the 404 for an unknown order, these are the closest known.
package sandbox
