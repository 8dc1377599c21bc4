package cli

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// freeBytes is how much the user may still write where path is.
func freeBytes(path string) (free uint64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, fmt.Errorf("look at disk: %w", err)
	}
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("look at disk: %w", err)
	}
	return free, nil
}
