package localapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/socketpeer"
)

// ListenPort listens on 127.0.0.1:port and nowhere else. Where that is taken it
// is ECONFLICT: programs are configured with the port, so another one would
// only look as if it worked, and what answers there instead may be anybody's.
func ListenPort(ctx context.Context, port int) (net.Listener, error) {
	if port < 0 || port > 65535 {
		return nil, kite.Errorf(kite.EINVALID, "A port is a number up to 65535.").WithField("localApiPort")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	switch {
	case err == nil:
		return l, nil
	case isTaken(err):
		return nil, kite.Errorf(kite.ECONFLICT, "Port %d is taken by another program, so the local API isn't served.", port).
			WithHint("End that program, or choose another port, in Preferences or with kitectl serve --port, and give it to your programs too.").
			WithField("localApiPort").Because(err)
	}
	return nil, kite.Errorf(kite.EINTERNAL, "The local API can't listen on port %d.", port).
		WithHint("Choose another port, from 1024 on.").WithField("localApiPort").Because(err)
}

// ListenUnix listens on a Unix socket that only this user may connect to. What
// a server left at path that is gone is replaced; anything else there is
// ECONFLICT, and Windows EINVALID.
func ListenUnix(ctx context.Context, path string) (net.Listener, error) {
	if err := mayHaveSocket(); err != nil {
		return nil, err
	}
	if err := makeWay(ctx, path); err != nil {
		return nil, err
	}
	// The socket gets its mode in a folder nobody else can enter, and its place
	// only then.
	folder, err := os.MkdirTemp(filepath.Dir(path), ".s")
	if err != nil {
		return nil, noSocket(path, err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // empty by then
	made := filepath.Join(folder, "s")
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", made)
	if err != nil {
		return nil, noSocket(path, err)
	}
	unix := l.(*net.UnixListener) //nolint:errcheck // of that network
	unix.SetUnlinkOnClose(false)
	file, err := os.Lstat(made)
	if err := errors.Join(err, os.Chmod(made, 0o600), os.Rename(made, path)); err != nil {
		return nil, errors.Join(noSocket(path, err), l.Close())
	}
	return &socket{UnixListener: unix, path: path, file: file}, nil
}

// socket removes its file in the end, if it is still its own: somebody may have
// removed it, and another server may have taken the place.
type socket struct {
	*net.UnixListener
	path string
	file os.FileInfo
}

// Close stops listening. The file goes first: until the listener is closed
// nobody else's can have its number.
func (s *socket) Close() error {
	if there, err := os.Lstat(s.path); err == nil && os.SameFile(s.file, there) {
		_ = os.Remove(s.path)
	}
	return s.UnixListener.Close()
}

func noSocket(path string, err error) error {
	hint := "Choose a folder that you may write to."
	if strings.Contains(err.Error(), "invalid argument") {
		hint = "Choose a shorter path: the system allows about 100 characters."
	}
	return kite.Errorf(kite.EINVALID, "The local API can't listen on %s.", path).WithHint(hint).Because(err)
}

// answerTime is how long a server that lives may take to accept.
const answerTime = time.Second

func makeWay(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return noSocket(path, err)
	}
	if info.Mode().Type() != os.ModeSocket {
		return kite.Errorf(kite.ECONFLICT, "There is something at %s that isn't a socket.", path).WithHint("Choose another path.")
	}
	conn, err := (&net.Dialer{Timeout: answerTime}).DialContext(ctx, "unix", path)
	if err == nil {
		_ = conn.Close()
		return kite.Errorf(kite.ECONFLICT, "Another program listens on %s.", path).WithHint("End it, or choose another path.")
	}
	if err := os.Remove(path); err != nil {
		return noSocket(path, fmt.Errorf("remove old socket: %w", err))
	}
	return nil
}

// sameUser says whether a process of this very user connected.
func sameUser(conn *net.UnixConn) bool {
	uid, known := socketpeer.UID(conn)
	return known && uid == os.Getuid()
}

// sameUserOnly turns away connections of other users to a Unix socket, should
// somebody have loosened its mode.
func sameUserOnly(l net.Listener) net.Listener {
	if l.Addr().Network() != "unix" {
		return l
	}
	return ownUsers{l}
}

type ownUsers struct{ net.Listener }

// Accept returns the next connection of this user.
func (l ownUsers) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if unix, ok := conn.(*net.UnixConn); ok && sameUser(unix) {
			return conn, nil
		}
		_ = conn.Close()
	}
}
