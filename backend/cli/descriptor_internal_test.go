//go:build unix

package cli

import (
	"io"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestInherited_file_goes_to_no_program_that_is_started(t *testing.T) {
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil { // as a caller leaves it, open in programs
		t.Fatal(err)
	}
	defer unix.Close(pipe[1]) //nolint:errcheck // the test is over
	f := inherited(pipe[0])
	if f == nil {
		t.Fatal("it isn't taken")
	}
	defer f.Close() //nolint:errcheck // the test is over
	if flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("flags %x, %v", flags, err)
	}
	if inherited(pipe[0]) != nil {
		t.Error("it is taken twice")
	}
}

func TestDescriptor_is_read_once(t *testing.T) {
	d := descriptor{given: true}
	if _, err := d.readLine(); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("without a file: %v", err)
	}
	for _, number := range []string{"-1", "x", "99999999999"} {
		if _, _, err := parse([]string{"list", "--passphrase-fd=" + number}, io.Discard, io.Discard); err == nil {
			t.Errorf("%s is a descriptor", number)
		}
	}
	c, _, err := parse([]string{"list", "--passphrase-fd=7"}, io.Discard, io.Discard)
	if err != nil || !c.PassphraseFD.given || c.PassphraseFD.number != 7 {
		t.Errorf("%+v, %v", c.PassphraseFD, err)
	}
}
