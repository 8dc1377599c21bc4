package agent

import (
	"net"
	"os"

	"github.com/kiteaccounts/kite-accounts/backend/socketpeer"
)

// sameUser says whether a process of this user, or root's, connected. The
// folder's mode keeps others out already; this holds where somebody loosened it.
func sameUser(conn *net.UnixConn) bool {
	uid, known := socketpeer.UID(conn)
	return known && (uid == os.Getuid() || uid == 0)
}
