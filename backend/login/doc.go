// Package login is the way from a press on "Get Session Token" to a stored,
// verified session:
//
//	start.go     may this login begin? (secret stored, nothing living replaced unasked)
//	flow.go      window → redirect → exchange → right person → profile → save → event
//	browser.go   the other ways in: system browser, whose redirect comes to a
//	             listener or is pasted, whichever is first
//	round.go     Log in all: one account after another
//	attempt.go   how far each account's login is, for the card
//
// Rules: a request_token is exchanged once and never retried, since Kite takes
// it once; a token of the wrong person is ended at Kite and never stored;
// whatever fails leaves the account as it was and says so in one sentence.
package login
