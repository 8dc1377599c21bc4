package webview

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// takeStdout keeps the original stdout for answers and points the standard one
// at stderr: WebView2, and the processes it starts, print there. None of the
// three is handed on to other processes, which would keep the parent waiting
// for their end.
func takeStdout() (*os.File, error) {
	self := windows.CurrentProcess()
	var answers windows.Handle
	err := windows.DuplicateHandle(self, windows.Handle(os.Stdout.Fd()), self, &answers, 0, false, windows.DUPLICATE_SAME_ACCESS)
	if err != nil {
		return nil, fmt.Errorf("keep stdout: %w", err)
	}
	if err := os.Stdout.Close(); err != nil {
		return nil, fmt.Errorf("close stdout: %w", err)
	}
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd())); err != nil {
		return nil, fmt.Errorf("redirect stdout: %w", err)
	}
	os.Stdout = os.Stderr
	for _, f := range []*os.File{os.Stdin, os.Stderr} {
		if err := windows.SetHandleInformation(windows.Handle(f.Fd()), windows.HANDLE_FLAG_INHERIT, 0); err != nil {
			return nil, fmt.Errorf("keep handles: %w", err)
		}
	}
	return os.NewFile(uintptr(answers), "answers"), nil
}
