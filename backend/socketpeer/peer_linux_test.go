package socketpeer_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/socketpeer"
)

func TestUID_is_that_of_who_connected(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // the test is over
	client, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close() //nolint:errcheck // the test is over
	conn, err := l.AcceptUnix()
	if err != nil {
		t.Fatal(err)
	}
	if uid, known := socketpeer.UID(conn); !known || uid != os.Getuid() {
		t.Errorf("UID = %d, %v", uid, known)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if uid, known := socketpeer.UID(conn); known {
		t.Errorf("of a closed connection: %d", uid)
	}
}
