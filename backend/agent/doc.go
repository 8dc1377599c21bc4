// Package agent is how the processes of one data folder talk: the agent, which
// stays all day, listens on a Unix socket in the folder, and the window and the
// command line connect to it.
//
//	message.go  what goes over the socket
//	server.go   the agent's side
//	client.go   a connection to it
//	link.go     the window's side: keeps an agent running and a connection to it
//	address.go  where the socket is, also below a long path
//
// Rules: the database is the truth, so that a message that is lost costs
// nothing but time; a message holds no secret; only processes of the same user
// are heard; every line has a size limit and every call a deadline.
package agent
