package backup

import "golang.org/x/sys/windows"

// What the system says of a file that can't be written:
// https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes.
var (
	noFolder    = []error{windows.ERROR_DIRECTORY}
	writeLocked = []error{windows.ERROR_WRITE_PROTECT}
	noSuchName  = []error{windows.ERROR_FILENAME_EXCED_RANGE, windows.ERROR_INVALID_NAME}
	diskFull    = []error{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED, windows.ERROR_FILE_TOO_LARGE}
)
