// Package loopback takes the redirect of a login in the system browser on a
// port of this computer (RFC 8252, 7.3 and 8.3):
//
//	listener.go   which callback URLs, which addresses, and a port that is taken
//	holder.go     which program has the port, if the system tells
//	waiter.go     one request after another: what is answered and what is judged
//	page.go       the page that the browser shows
//
// Rules: it listens on loopback addresses only, and on every address that the
// callback's host may mean, so that no other program gets the token there. What
// doesn't name the callback's host, port and path to the letter is never judged
// (a web page may have any name lead to this computer). Nothing of a request is
// logged, and the answer holds nothing of it.
package loopback
