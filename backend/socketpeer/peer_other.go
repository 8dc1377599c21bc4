//go:build !linux

package socketpeer

import (
	"net"
	"os"
)

// UID is taken to be this user: there it is the mode of the socket, or of its
// folder, that keeps others out.
func UID(*net.UnixConn) (uid int, known bool) { return os.Getuid(), true }
