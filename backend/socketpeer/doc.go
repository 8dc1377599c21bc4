// Package socketpeer tells who is at the other end of a Unix socket.
package socketpeer
