package sqlite

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// The system's codes for what may not be written, and for what has no room:
// https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes.
var (
	forbiddenCodes = []syscall.Errno{windows.ERROR_ACCESS_DENIED, windows.ERROR_WRITE_PROTECT}
	fullCodes      = []syscall.Errno{
		windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED, windows.ERROR_FILE_TOO_LARGE,
	}
)
