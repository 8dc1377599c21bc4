//go:build !e2e

package hardening

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What the system is told of a process, by Microsoft's names.
const (
	// https://learn.microsoft.com/en-us/windows/win32/api/winnt/ne-winnt-process_mitigation_policy
	processImageLoadPolicy = 10
	// https://learn.microsoft.com/en-us/windows/win32/api/winnt/ns-winnt-process_mitigation_image_load_policy
	noRemoteImages, noLowMandatoryLabelImages, preferSystem32Images = 1 << 0, 1 << 1, 1 << 2
	// https://learn.microsoft.com/en-us/windows/win32/api/werapi/nf-werapi-wersetflags
	werNoHeap, werNoUI = 1, 32
)

// ownProcess is who may do what with a process that shows no window: the system
// all, the user who goes in there only ask what it is, wait for it and end it.
// The same holds for the owner, who could else change the list. So nobody but
// the administrators opens it to read its memory. Whoever has it open by then,
// such as the program that started it, keeps that; and its threads have lists of
// their own, which are as the system makes them.
// https://learn.microsoft.com/en-us/windows/win32/procthread/process-security-and-access-rights
// https://learn.microsoft.com/en-us/windows/win32/procthread/thread-security-and-access-rights
// https://learn.microsoft.com/en-us/windows/win32/secauthz/sid-strings
const ownProcess = "D:P(A;;0x1FFFFF;;;SY)(A;;0x101001;;;OW)(A;;0x101001;;;%s)"

var (
	kernel32      = windows.NewLazySystemDLL("kernel32.dll")
	setMitigation = kernel32.NewProc("SetProcessMitigationPolicy")
	werSetFlags   = kernel32.NewProc("WerSetFlags")
)

// Apply has libraries come from the system's folder alone, so that none is taken
// that somebody put beside the program or into the current folder, but for those
// that the system has loaded before main; and neither from other computers nor as files that a browser may write; and has a crash
// leave neither a report of the memory nor a box that a debugger can be started
// from. It restricts no handles of this process: the web view's own processes
// may need them.
func Apply() error { return applyOnce() }

// Windows may refuse to be told twice.
var applyOnce, shutOnce = sync.OnceValue(apply), sync.OnceValue(shut)

func apply() error {
	// Go has it so at its start, unless GOTRACEBACK says otherwise.
	// https://learn.microsoft.com/en-us/windows/win32/api/errhandlingapi/nf-errhandlingapi-seterrormode
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX | windows.SEM_NOOPENFILEERRORBOX)
	// https://learn.microsoft.com/en-us/windows/win32/api/libloaderapi/nf-libloaderapi-setdefaultdlldirectories
	if err := windows.SetDefaultDllDirectories(windows.LOAD_LIBRARY_SEARCH_SYSTEM32); err != nil {
		return fmt.Errorf("take libraries from the system only: %w", err)
	}
	if err := set(werSetFlags, werNoHeap|werNoUI); err != nil {
		return fmt.Errorf("keep memory out of reports: %w", err)
	}
	policy := uint32(noRemoteImages | noLowMandatoryLabelImages | preferSystem32Images)
	if err := succeed(setMitigation, processImageLoadPolicy, uintptr(unsafe.Pointer(&policy)), unsafe.Sizeof(policy)); err != nil { //nolint:gosec // read during the call
		return fmt.Errorf("take libraries of this computer only: %w", err)
	}
	return nil
}

// ApplyUntilExec is ApplyWindowless: no process of Windows becomes another
// program.
func ApplyUntilExec() error { return ApplyWindowless() }

// ApplyWindowless is Apply, and keeps the user's other programs out of this
// process's memory: it has no web view, whose processes may need it.
func ApplyWindowless() error {
	if err := Apply(); err != nil {
		return err
	}
	return shutOnce()
}

// shut keeps the user's other programs out of this process's memory.
func shut() error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return fmt.Errorf("keep programs out: %w", err)
	}
	list, err := windows.SecurityDescriptorFromString(fmt.Sprintf(ownProcess, user.User.Sid))
	if err != nil {
		return fmt.Errorf("keep programs out: %w", err)
	}
	dacl, _, err := list.DACL()
	if err != nil {
		return fmt.Errorf("keep programs out: %w", err)
	}
	if err := windows.SetSecurityInfo(windows.CurrentProcess(), windows.SE_KERNEL_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil); err != nil {
		return fmt.Errorf("keep programs out: %w", err)
	}
	return nil
}

// set calls what answers with an HRESULT.
func set(call *windows.LazyProc, argument uintptr) error {
	if err := call.Find(); err != nil {
		return err
	}
	if result, _, _ := call.Call(argument); int32(result) < 0 { //nolint:gosec // an HRESULT has 32 bits
		return windows.Errno(uint32(result)) //nolint:gosec // as above
	}
	return nil
}

// succeed calls what answers with a BOOL and leaves an error code. What this
// Windows doesn't know it can't be asked for. What the arguments point to stays
// where it is until then.
//
//go:uintptrescapes
func succeed(call *windows.LazyProc, arguments ...uintptr) error {
	if err := call.Find(); err != nil {
		return err
	}
	ok, _, err := call.Call(arguments...)
	if ok != 0 || errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED) || errors.Is(err, windows.ERROR_INVALID_PARAMETER) {
		return nil
	}
	return err
}
