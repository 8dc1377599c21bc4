package cli

import (
	"os"
	"testing"

	"golang.org/x/sys/windows"
)

func TestInherited_handle_goes_to_no_program_that_is_started(t *testing.T) {
	var r, w windows.Handle
	if err := windows.CreatePipe(&r, &w, nil, 0); err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(w) //nolint:errcheck // the test ends
	if inherited(int(r)) != nil {
		t.Error("a handle of this process's own is taken for the caller's")
	}
	if err := windows.SetHandleInformation(r, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT); err != nil {
		t.Fatal(err)
	}
	f := inherited(int(r)) // as a caller leaves it
	if f == nil {
		t.Fatal("it isn't taken")
	}
	defer f.Close() //nolint:errcheck // the test ends
	if isInheritable(r) {
		t.Error("programs get it")
	}
	for _, none := range []int{int(os.Stdout.Fd()), int(os.Stderr.Fd()), 999996} {
		if inherited(none) != nil {
			t.Errorf("%d is taken", none)
		}
	}
}
