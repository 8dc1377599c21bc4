// Package sandbox is a simulated Kite on loopback: login pages with Kite's
// steps and field ids, the token exchange, and the calls this program makes,
// with Kite's envelopes, errors, statuses and limits. Users, passwords and
// money in it are invented.
//
//	server.go  routes and configuration     people.go  invented users and apps
//	login.go   the login pages              tokens.go  request and access tokens
//	api.go     the API                      envelope.go  Kite's answers
//	faults.go  what can be made to fail     state.go   what survives a restart
//
// Rules: it answers as Kite does (https://kite.trade/docs/connect/v3/); no
// secret is written to a file: passwords, TOTP seeds and API secrets are
// derived from names, tokens are kept as hashes.
package sandbox
