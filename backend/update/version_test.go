package update_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func TestNewer(t *testing.T) {
	ascending := []string{"dev", "0.0.0-alpha", "0.0.0", "0.1.0", "0.9.0", "0.10.0", "1.0.0-rc.1", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1", "10.0.0"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got := update.Newer(a, b); got != (i > j) {
				t.Errorf("Newer(%s, %s) = %t", a, b, got)
			}
		}
	}
	for _, same := range [][2]string{
		{"1.2.3", "1.2.3+4.gabcdef0"}, {"1.2.3+4.gabcdef0", "1.2.3"}, {"1.2.3", "1.2.3"}, {"0.0.0", "0.0.0+gabcdef0.dirty"}, {"dev", ""}, {"v1.2.3", "dev"},
	} {
		if update.Newer(same[0], same[1]) {
			t.Errorf("%s is newer than %s", same[0], same[1])
		}
	}
}

func TestValid(t *testing.T) {
	for version, want := range map[string]bool{
		"1.2.3": true, "0.0.0+gabcdef0": true, "0.0.0+unknown": true, "1.2.3+4.gabcdef0.dirty": true, "1.2.3-rc.1": true,
		"": false, "dev": false, "1": false, "1.2": false, "v1.2.3": false, "1.2.3.4": false, "01.2.3": false, "1.2.3 ": false, "1.2.3-": false,
	} {
		if update.Valid(version) != want {
			t.Errorf("Valid(%q) = %t", version, !want)
		}
	}
}

func TestCommit(t *testing.T) {
	for version, want := range map[string]string{
		"1.2.3": "", "1.2.3+4.gabcdef0": "abcdef0", "0.0.0+gabcdef0.dirty": "abcdef0", "1.2.3+dirty": "", "0.0.0+unknown": "", "dev": "", "1.2.3+green": "",
	} {
		if got := update.Commit(version); got != want {
			t.Errorf("Commit(%s) = %q, want %q", version, got, want)
		}
	}
}
