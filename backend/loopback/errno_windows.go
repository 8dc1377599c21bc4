package loopback

import "golang.org/x/sys/windows"

// What the system says of a port that can't be had. Windows keeps ranges for
// itself, and answers as if they were forbidden.
const (
	errTaken     = windows.WSAEADDRINUSE
	errForbidden = windows.WSAEACCES
)
