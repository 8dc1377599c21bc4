package envelope_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
)

func sealer(t testing.TB, key []byte, vaultID string) *envelope.Sealer {
	t.Helper()
	s, err := envelope.NewSealer(bytes.Clone(key), vaultID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBox_opens_only_where_it_belongs(t *testing.T) {
	key := envelope.NewKey()
	s := sealer(t, key, "vault")
	box := s.Seal("table", "column", "row", []byte("value"))
	if got, err := s.Open("table", "column", "row", box); err != nil || string(got) != "value" {
		t.Fatalf("Open = %q, %v", got, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another table":  func() ([]byte, error) { return s.Open("tables", "column", "row", box) },
		"another column": func() ([]byte, error) { return s.Open("table", "columns", "row", box) },
		"another row":    func() ([]byte, error) { return s.Open("table", "column", "rows", box) },
		"parts shifted":  func() ([]byte, error) { return s.Open("tablec", "olumn", "row", box) },
		"another vault":  func() ([]byte, error) { return sealer(t, key, "other").Open("table", "column", "row", box) },
		"another key": func() ([]byte, error) {
			return sealer(t, envelope.NewKey(), "vault").Open("table", "column", "row", box)
		},
	} {
		if got, err := open(); !errors.Is(err, envelope.ErrOpen) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestBox_notices_every_change(t *testing.T) {
	s := sealer(t, envelope.NewKey(), "vault")
	box := s.Seal("table", "column", "row", []byte("value"))
	for i := range box {
		flipped := bytes.Clone(box)
		flipped[i] ^= 1
		if _, err := s.Open("table", "column", "row", flipped); !errors.Is(err, envelope.ErrOpen) {
			t.Errorf("byte %d flipped: %v", i, err)
		}
		if _, err := s.Open("table", "column", "row", box[:i]); !errors.Is(err, envelope.ErrOpen) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
}

func TestBox_of_the_same_value_differs(t *testing.T) {
	s := sealer(t, envelope.NewKey(), "vault")
	if bytes.Equal(s.Seal("t", "c", "r", []byte("v")), s.Seal("t", "c", "r", []byte("v"))) {
		t.Error("two boxes are equal")
	}
}

func TestSlot_is_bound_to_what_it_says(t *testing.T) {
	kek, dataKey := envelope.NewKey(), envelope.NewKey()
	b := envelope.SlotBinding{VaultID: "v", SlotID: "s", Kind: "passphrase", Provider: "p", KDF: "k"}
	wrapped, err := envelope.Wrap(kek, dataKey, b)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := envelope.Unwrap(kek, wrapped, b); err != nil || !bytes.Equal(got, dataKey) {
		t.Fatalf("Unwrap: %v", err)
	}
	for name, change := range map[string]func(*envelope.SlotBinding){
		"vault":    func(b *envelope.SlotBinding) { b.VaultID = "w" },
		"id":       func(b *envelope.SlotBinding) { b.SlotID = "t" },
		"kind":     func(b *envelope.SlotBinding) { b.Kind = "keyring" },
		"provider": func(b *envelope.SlotBinding) { b.Provider = "q" },
		"KDF":      func(b *envelope.SlotBinding) { b.KDF = "weaker" },
	} {
		other := b
		change(&other)
		if _, err := envelope.Unwrap(kek, wrapped, other); !errors.Is(err, envelope.ErrOpen) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := envelope.Unwrap(envelope.NewKey(), wrapped, b); !errors.Is(err, envelope.ErrOpen) {
		t.Errorf("another key: %v", err)
	}
}

func TestKDF_is_bounded(t *testing.T) {
	good := envelope.DefaultKDF.WithSalt()
	if _, err := envelope.ParseKDF(good.Encode()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*envelope.KDF){
		"too little memory": func(k *envelope.KDF) { k.Memory = 64<<10 - 1 },
		"too much memory":   func(k *envelope.KDF) { k.Memory = 1<<20 + 1 },
		"no time":           func(k *envelope.KDF) { k.Time = 0 },
		"too much time":     func(k *envelope.KDF) { k.Time = 11 },
		"too many threads":  func(k *envelope.KDF) { k.Threads = 9 },
		"a short salt":      func(k *envelope.KDF) { k.Salt = k.Salt[:15] },
		"another algorithm": func(k *envelope.KDF) { k.Name = "none" },
	} {
		k := good
		change(&k)
		if _, err := envelope.ParseKDF(k.Encode()); !errors.Is(err, envelope.ErrKDF) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := envelope.ParseKDF("{"); !errors.Is(err, envelope.ErrKDF) {
		t.Errorf("garbage: %v", err)
	}
}

func TestKDF_default_is_what_the_documents_say(t *testing.T) {
	if k := envelope.DefaultKDF; k.Time != 3 || k.Memory != 256<<10 || k.Threads != 4 || k.Name != "argon2id" {
		t.Errorf("DefaultKDF = %+v", k)
	}
}

func TestKDF_takes_a_passphrase_from_any_keyboard(t *testing.T) {
	k := envelope.KDF{Name: "argon2id", Time: 1, Memory: 64 << 10, Threads: 4}.WithSalt()
	if !bytes.Equal(k.Key([]byte("caf\u00e9 passphrase")), k.Key([]byte("cafe\u0301 passphrase"))) {
		t.Error("composed and decomposed letters differ")
	}
	if bytes.Equal(k.Key([]byte("one passphrase")), k.WithSalt().Key([]byte("one passphrase"))) {
		t.Error("the salt changes nothing")
	}
}

func FuzzOpen(f *testing.F) {
	s := sealer(f, envelope.NewKey(), "vault")
	box := s.Seal("t", "c", "r", []byte("value"))
	f.Add(box)
	f.Add([]byte{})
	f.Add([]byte{1, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := s.Open("t", "c", "r", data)
		if err == nil && !bytes.Equal(data, box) {
			t.Errorf("opened a forgery: %q", got)
		}
	})
}
