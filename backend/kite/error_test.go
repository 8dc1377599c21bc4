package kite_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestErrorHelpersLeaveTheOriginalAlone(t *testing.T) {
	original := kite.Errorf(kite.ECONFLICT, "%s is taken.", "Asha")
	full := original.WithHint("Choose another.").WithField("accountName").Because(io.EOF)
	if original.Hint != "" || original.Field != "" || original.Err != nil {
		t.Errorf("original changed: %+v", original)
	}
	if full.Code != kite.ECONFLICT || full.Message != "Asha is taken." || full.Hint != "Choose another." || full.Field != "accountName" || !errors.Is(full, io.EOF) {
		t.Errorf("full = %+v", full)
	}
	if got := full.Error(); got != "ECONFLICT: Asha is taken.: EOF" {
		t.Errorf("Error() = %q", got)
	}
	if got := original.Error(); got != "ECONFLICT: Asha is taken." {
		t.Errorf("Error() = %q", got)
	}
}

func TestErrorCodeIsTheOutermostOfOurs(t *testing.T) {
	inner := kite.Errorf(kite.EOFFLINE, "Kite can't be reached.")
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"none":             {nil, ""},
		"ours":             {inner, kite.EOFFLINE},
		"wrapped":          {fmt.Errorf("verify: %w", inner), kite.EOFFLINE},
		"ours around ours": {kite.Errorf(kite.EBROKER, "x").Because(inner), kite.EBROKER},
		"joined":           {errors.Join(io.EOF, inner), kite.EOFFLINE},
		"another's":        {io.EOF, kite.EINTERNAL},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kite.ErrorCode(c.err); got != c.want {
				t.Errorf("code = %s; want %s", got, c.want)
			}
		})
	}
}

func TestAForeignErrorTellsThePageNothing(t *testing.T) {
	cause := errors.New("open /home/asha/secret-path: permission denied")
	e := kite.AsError(fmt.Errorf("load: %w", cause))
	if e.Code != kite.EINTERNAL || e.Message != "Something went wrong inside Kite Accounts." || e.Hint == "" || !errors.Is(e, cause) {
		t.Errorf("AsError = %+v", e)
	}
}
