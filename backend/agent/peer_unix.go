//go:build !windows

package agent

import (
	"net"
	"os"

	"github.com/kiteaccounts/kite-accounts/backend/socketpeer"
)

// sameUser says whether a process of this user, or root's, connected. The
// folder's mode keeps others out already; this holds where somebody loosened it.
func sameUser(conn net.Conn) bool {
	socket, ok := conn.(*net.UnixConn)
	if !ok {
		return false
	}
	uid, known := socketpeer.UID(socket)
	return known && (uid == os.Getuid() || uid == 0)
}
