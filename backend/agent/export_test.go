package agent

import "net"

// Connect is a connection on which nothing was said.
var Connect = dial

// Serve serves a connection that was taken just before the server closed.
func (s *Server) Serve(conn net.Conn) { s.serve(newPipe(conn)) }
