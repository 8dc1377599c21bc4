package keyring

import (
	"errors"
	"os/exec"
	"strconv"
	"testing"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestTold_the_security_programs_exit_status(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]error{ // of SecBase.h
		-25315: kite.ErrKeyringLocked, -25308: kite.ErrKeyringLocked, -25300: kite.ErrKeyringNotFound, -128: kite.ErrKeyringDismissed,
		-25293: kite.ErrKeyringDismissed, -25307: kite.ErrKeyringAbsent, -25294: kite.ErrKeyringAbsent, -25240: nil,
	} {
		err := exec.CommandContext(t.Context(), "sh", "-c", "exit "+strconv.Itoa(code&0xff)).Run() //nolint:gosec // a number
		if err == nil {
			t.Fatal("it didn't fail")
		}
		got := told(err)
		if want != nil && !errors.Is(got, want) || want == nil && got != err { //nolint:errorlint // that very error
			t.Errorf("%d: %v", code, got)
		}
	}
}

func TestTold_what_runs_no_program(t *testing.T) {
	t.Parallel()
	other := errors.New("other")
	for given, want := range map[error]error{gokeyring.ErrNotFound: kite.ErrKeyringNotFound, other: other, nil: nil} {
		if got := told(given); !errors.Is(got, want) {
			t.Errorf("%v: %v", given, got)
		}
	}
}
