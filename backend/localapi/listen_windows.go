package localapi

import (
	"errors"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// A port that another program has to itself answers WSAEACCES.
func isTaken(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, windows.WSAEACCES)
}

// mayHaveSocket refuses: what keeps others from a Unix socket there is its
// file's access control list and not the mode that ListenUnix gives it, and it
// doesn't tell who connects. https://devblogs.microsoft.com/commandline/af_unix-comes-to-windows/
func mayHaveSocket() error {
	return kite.Errorf(kite.EINVALID, "The local API has no Unix socket on Windows.").
		WithHint("Say --port=N.")
}
