package jobobject

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var setInformationJobObject = windows.NewLazySystemDLL("kernel32.dll").NewProc("SetInformationJobObject")

// Limit gives a job the limits of JOB_OBJECT_LIMIT_* and no others. It calls by
// itself what package windows would be handed a mere number for: Go might have
// moved the limits by then.
// https://learn.microsoft.com/en-us/windows/win32/api/winnt/ns-winnt-jobobject_basic_limit_information
func Limit(job windows.Handle, flags uint32) error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: flags},
	}
	ok, _, err := setInformationJobObject.Call(uintptr(job), windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), unsafe.Sizeof(info)) //nolint:gosec // read during the call
	if ok == 0 {
		return fmt.Errorf("limit job: %w", err)
	}
	return nil
}
