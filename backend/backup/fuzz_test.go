package backup_test

import (
	"bytes"
	"testing"

	"filippo.io/age/armor"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// expectSound wants an archive that can be written again, planned and read
// as the same, or a sentence.
func expectSound(t *testing.T, got backup.Archive, err error) {
	t.Helper()
	if err != nil {
		if e := kite.AsError(err); e.Code != kite.EDATA || e.Message == "" || e.Hint == "" || len(got.Accounts) > 0 {
			t.Fatalf("%d accounts, %v", len(got.Accounts), err)
		}
		return
	}
	again, err := backup.Encode(got)
	if err != nil {
		t.Fatalf("can't be written again: %v", err)
	}
	second, err := backup.Decode(again)
	if err != nil {
		t.Fatalf("can't be read again: %v", err)
	}
	if err := same(second, got); err != nil {
		t.Fatal(err)
	}
	existing := []backup.Existing{{Account: account("one")}, {Account: account("three")}}
	for _, mode := range []backup.Mode{backup.Merge, backup.Replace} {
		if _, err := backup.PlanOf(existing, got, mode); err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, a := range []backup.Archive{full(), archiveOf(), archiveOf(entry("one"))} {
		payload, err := backup.Encode(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	f.Add([]byte(`{"format":"kite-accounts-backup","version":2}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := backup.Decode(payload)
		expectSound(t, got, err)
	})
}

// FuzzRead reads a file as it is, and also one whose payload is the input.
func FuzzRead(f *testing.F) {
	file := written(f, full())
	f.Add(file)
	var armoured bytes.Buffer
	w := armor.NewWriter(&armoured)
	if _, err := w.Write(file); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(armoured.Bytes())
	f.Add([]byte("age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 30\ngUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUY\n--- x\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := read(file)
		expectSound(t, got, err)
		got, err = read(sealed(t, file))
		expectSound(t, got, err)
	})
}
