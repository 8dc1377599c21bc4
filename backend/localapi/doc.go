// Package localapi serves sessions to the user's own programs over HTTP, on
// loopback or a Unix socket only. It is off until the user switches it on.
//
//	server.go         what a Server is made of, its life
//	listen.go         the port, which is never another one silently; the socket
//	connections.go    slow connections give way to others
//	routes.go         which request goes where
//	guard.go          what is refused before anything else: foreign Host, web pages, odd paths
//	credential.go     the bearer token in a request
//	authenticator.go  whose it is, and which accounts that program may use
//	limits.go         how often, how much, how long
//	accounts.go       accounts, their sessions, logins
//	exchange.go       POST /api/kite-auth/generate-session
//	events.go         server-sent events; hub.go makes them, standing.go says what happened
//	uses.go           what the history tells of all this
//	openapi.yaml      the same for readers and clients; tests hold the server to it
//
// Rules: nobody gets anything without a token of a client that lives; a name
// that the client may not use is answered like one that doesn't exist; no
// header allows a web page anything; the log has no token, header, body or
// query.
package localapi
