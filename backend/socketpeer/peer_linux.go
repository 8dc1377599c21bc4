package socketpeer

import (
	"net"

	"golang.org/x/sys/unix"
)

// UID is the user of the process that connected, as the kernel knows it
// (unix(7), SO_PEERCRED); false if it doesn't tell.
func UID(conn *net.UnixConn) (uid int, known bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, false
	}
	err = raw.Control(func(fd uintptr) {
		cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
		if known = err == nil; known {
			uid = int(cred.Uid)
		}
	})
	return uid, known && err == nil
}
