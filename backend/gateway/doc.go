// Package gateway passes the requests of local programs on to Kite for one
// account and adds the two headers that Kite wants, so that a program needs no
// token at all. Whoever calls it has checked the program already: Host,
// Origin, bearer token, rate, and that it may use the account.
//
//	gateway.go     one request, from the program to the line in the log
//	path.go        which paths and queries go on
//	permission.go  what a program may do
//	handouts.go    the session's token, kept while nothing changes
//	forward.go     the proxy: what the request and the answer carry
//	watch.go       every wait ends: deadlines between two signs of life
//	ended.go       403 TokenException ends the session here too
//	failure.go     what went wrong, in Kite's own form
//
// Its rules:
//
//   - Reading, and calculating margins and charges, is for every program.
//     Everything else is for those that may trade. /session is for nobody: it
//     would end the session or begin another one.
//   - A request goes to the API root of the account and nowhere else. Headers
//     of the program are taken from a short list; its bearer token, cookies and
//     whatever tells of browsers and proxies stay here.
//   - Kite's answers go back as they are, 429 among them: the limit belongs to
//     the API key and is Kite's. Left out are headers about the connection,
//     cookies, and permissions for web pages.
//   - What isn't Kite's answer is none: a redirect, which would lead the
//     program's bearer token elsewhere, and an HTML page below status 500,
//     which is a network that wants a sign-in, become 502.
//   - Failures of our own have Kite's form,
//     https://kite.trade/docs/connect/v3/exceptions/, so that Kite's clients
//     understand them, and the header X-Kite-Accounts-Error, so that a program
//     can tell them from Kite's.
//   - A request that changes something is sent once. If its answer is lost the
//     program is told that the outcome is unknown.
package gateway
