//go:build !windows

package agent

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// socketName is the socket's name in the data folder.
const socketName = "agent.sock"

// longestAddress is what fits into a sockaddr_un everywhere, less one.
const longestAddress = 100

// atSocket calls f with an address of the folder's socket that is short enough
// for the kernel. Below a long path it goes through a descriptor of the
// folder, which Linux knows under a short name.
func atSocket(folder string, f func(address string) error) error {
	path := filepath.Join(folder, socketName)
	if len(path) <= longestAddress {
		return f(path)
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer dir.Close() //nolint:errcheck // only looked through
	return f(filepath.Join("/proc/self/fd", strconv.Itoa(int(dir.Fd())), socketName))
}

// dial connects to the folder's socket.
func dial(ctx context.Context, folder string) (conn net.Conn, err error) {
	err = atSocket(folder, func(address string) (err error) {
		conn, err = (&net.Dialer{Timeout: answerTimeout}).DialContext(ctx, "unix", address)
		return err
	})
	return conn, err
}

// listen makes the folder's socket.
func listen(folder string) (net.Listener, error) {
	var listener *net.UnixListener
	err := atSocket(folder, func(address string) (err error) {
		// Whoever made it is gone: the caller holds the folder's lock.
		if err := os.Remove(address); err != nil && !os.IsNotExist(err) {
			return err
		}
		listener, err = net.ListenUnix("unix", &net.UnixAddr{Name: address, Net: "unix"})
		if err != nil {
			return err
		}
		listener.SetUnlinkOnClose(false) // by a name that may no longer lead there
		return os.Chmod(address, 0o600)
	})
	return listener, err
}
