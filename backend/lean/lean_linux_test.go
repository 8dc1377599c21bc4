package lean_test

import (
	"crypto/sha256"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/lean"
)

// resident is how much of files this process has in memory, in KiB.
func resident(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	kib, err := strconv.Atoi(string(regexp.MustCompile(`RssFile:\s+(\d+) kB`).FindSubmatch(text)[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kib
}

func TestGiveBack_makes_the_process_smaller_and_breaks_nothing(t *testing.T) {
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256(program)
	before := resident(t)
	for range 3 {
		if err := lean.GiveBack(); err != nil {
			t.Fatal(err)
		}
		if sha256.Sum256(program) != want {
			t.Fatal("the heap is damaged")
		}
	}
	if after := resident(t); after >= before {
		t.Errorf("%d KiB of files in memory before, %d after", before, after)
	}
}
