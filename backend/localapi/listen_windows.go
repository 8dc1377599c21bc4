package localapi

import (
	"errors"

	"golang.org/x/sys/windows"
)

// A port that another program has to itself answers WSAEACCES.
func isTaken(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, windows.WSAEACCES)
}
