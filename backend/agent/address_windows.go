package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// pipePrefix is what every agent's pipe begins with; a name may have 256
// characters, https://learn.microsoft.com/en-us/windows/win32/ipc/pipe-names.
const pipePrefix = `\\.\pipe\kite-accounts-`

// errStranger says that a pipe of that name isn't this user's.
var errStranger = errors.New("the pipe belongs to another user")

// pipeName names the pipe of a folder: all programs of the computer share one
// set of names, in which the case of letters doesn't count.
func pipeName(folder string) (string, error) {
	path, err := finalPath(folder)
	if err != nil {
		return "", fmt.Errorf("name pipe: %w", err)
	}
	sum := sha256.Sum256([]byte(strings.ToLower(path)))
	return pipePrefix + hex.EncodeToString(sum[:16]), nil
}

// finalPath is the one way to write a folder's path, whether it was given by
// its short name, through a link or by another drive letter:
// https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-getfinalpathnamebyhandlew.
func finalPath(folder string) (string, error) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return "", err
	}
	const anybody = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	// Only so flagged does a folder open; to ask for its name needs no rights.
	handle, err := windows.CreateFile(name, 0, anybody, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return "", err
	}
	defer windows.CloseHandle(handle) //nolint:errcheck // only looked at
	path, err := pathOf(handle, volumeByLetter)
	if errors.Is(err, windows.ERROR_PATH_NOT_FOUND) { // it has no letter
		return pathOf(handle, volumeByNumber)
	}
	return path, err
}

// How a path begins: VOLUME_NAME_DOS and VOLUME_NAME_GUID.
const (
	volumeByLetter = 0
	volumeByNumber = 1
)

func pathOf(handle windows.Handle, flags uint32) (string, error) {
	path := make([]uint16, windows.MAX_LONG_PATH)
	n, err := windows.GetFinalPathNameByHandle(handle, &path[0], windows.MAX_LONG_PATH, flags)
	switch {
	case err != nil:
		return "", err
	case int(n) > len(path):
		return "", windows.ERROR_FILENAME_EXCED_RANGE
	}
	return windows.UTF16ToString(path[:n]), nil
}

// ownSID is the user of this process, as whose the pipe is made even where an
// administrator's programs would make it the administrators'.
func ownSID() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("find own user: %w", err)
	}
	return user.User.Sid, nil
}

// dial connects to the folder's pipe, if that is this user's: a program of
// another user could have been quicker to make one of that name. At the
// anonymous level, which is go-winio's, whoever made it can't act as this user.
func dial(ctx context.Context, folder string) (net.Conn, error) {
	name, err := pipeName(folder)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	conn, err := winio.DialPipeContext(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := mustBeOurs(conn); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func mustBeOurs(conn net.Conn) error {
	file, ok := conn.(interface{ Fd() uintptr })
	if !ok {
		return errors.New("the pipe has no handle")
	}
	own, err := ownSID()
	if err != nil {
		return err
	}
	security, err := windows.GetSecurityInfo(windows.Handle(file.Fd()), windows.SE_KERNEL_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("ask whose pipe it is: %w", err)
	}
	owner, _, err := security.Owner()
	if err != nil {
		return fmt.Errorf("ask whose pipe it is: %w", err)
	}
	if !owner.Equals(own) {
		return errStranger
	}
	return nil
}

// listen makes the folder's pipe, which this user alone may open, and nobody
// over the network: go-winio has such pipes refuse remote clients, and makes
// none where one of that name is there already.
func listen(folder string) (net.Listener, error) {
	name, err := pipeName(folder)
	if err != nil {
		return nil, err
	}
	own, err := ownSID()
	if err != nil {
		return nil, err
	}
	return winio.ListenPipe(name, &winio.PipeConfig{
		// Owner, and a protected list with one entry: GENERIC_ALL for that user.
		// https://learn.microsoft.com/en-us/windows/win32/secauthz/security-descriptor-string-format
		SecurityDescriptor: fmt.Sprintf("O:%[1]sD:P(A;;GA;;;%[1]s)", own),
		InputBufferSize:    maxLine, OutputBufferSize: maxLine,
	})
}

// sameUser has nothing to add to the pipe's own list of who may open it.
func sameUser(net.Conn) bool { return true }
