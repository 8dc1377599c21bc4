package cli

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// openTerminal opens both sides of the console that this process belongs to:
// https://learn.microsoft.com/en-us/windows/console/console-handles.
func openTerminal() (terminal, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return terminal{}, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return terminal{}, errors.Join(err, in.Close())
	}
	return terminal{in, out}, nil
}

// fromFile shows how a flag gets a file at a prompt, which can redirect the
// three standard streams only.
func fromFile(flag string, _ int) string { return flag + "=0 <FILE" }

// inherited takes the file that the caller gave as that handle, so that no
// program started from here has it; nil if the caller gave none. Windows has no
// numbered descriptors: 0 is standard input, and any other number a handle that
// the caller let this process inherit, as Python's subprocess does with its
// handle_list. What this process opened by itself isn't so marked: a wrong
// number must not be read from the database and close it.
// https://learn.microsoft.com/en-us/windows/win32/sysinfo/handle-inheritance
func inherited(fd int) *os.File {
	if fd == 0 {
		return insteadOfStdin()
	}
	handle := windows.Handle(fd)
	kind, err := windows.GetFileType(handle)
	if err != nil || kind != windows.FILE_TYPE_DISK && kind != windows.FILE_TYPE_PIPE {
		return nil
	}
	if handle == windows.Handle(os.Stdout.Fd()) || handle == windows.Handle(os.Stderr.Fd()) || !isInheritable(handle) {
		return nil
	}
	if err := windows.SetHandleInformation(handle, windows.HANDLE_FLAG_INHERIT, 0); err != nil {
		return nil
	}
	return os.NewFile(uintptr(handle), "descriptor")
}

var getHandleInformation = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetHandleInformation")

func isInheritable(handle windows.Handle) bool {
	var flags uint32
	ok, _, _ := getHandleInformation.Call(uintptr(handle), uintptr(unsafe.Pointer(&flags))) //nolint:gosec // written during the call
	return ok != 0 && flags&windows.HANDLE_FLAG_INHERIT != 0
}

// insteadOfStdin takes standard input and leaves an empty one to whoever reads
// it next, here or in a command.
func insteadOfStdin() *os.File {
	empty, err := os.Open(os.DevNull)
	if err != nil {
		return nil
	}
	if err := windows.SetStdHandle(windows.STD_INPUT_HANDLE, windows.Handle(empty.Fd())); err != nil {
		_ = empty.Close()
		return nil
	}
	taken := os.Stdin
	os.Stdin = empty
	return taken
}
