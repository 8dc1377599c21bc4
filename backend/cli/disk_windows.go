package cli

import (
	"fmt"
	"strings"

	"golang.org/x/sys/windows"
)

// freeBytes is how much the user may still write where path is, a folder.
// https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-getdiskfreespaceexw
func freeBytes(path string) (free uint64, err error) {
	name, err := windows.UTF16PtrFromString(asFolder(path))
	if err != nil {
		return 0, fmt.Errorf("look at disk: %w", err)
	}
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("look at disk: %w", err)
	}
	return free, nil
}

// asFolder ends a path as the system wants it of a folder on another computer.
func asFolder(path string) string { return strings.TrimRight(path, `\`) + `\` }
