package kitetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// slot is a key slot whose id tells it apart.
func slot(id string, kind kite.SlotKind, age time.Duration) kite.KeySlot {
	return kite.KeySlot{
		ID: id, Kind: kind, Provider: "provider of " + id, KDF: `{"algorithm":"` + id + `"}`,
		WrappedKey: []byte("\x00\x01\xff" + id), CreatedAt: Morning.Add(age),
	}
}

func (s Stores) vault(t *testing.T) kite.VaultRecord {
	t.Helper()
	record, err := s.Vault.Vault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// VaultStoreSuite is the contract of kite.VaultStore. open returns empty
// stores.
func VaultStoreSuite(t *testing.T, open func(*testing.T) Stores) {
	first := slot("first", kite.KeyringSlot, 0)
	t.Run("is empty before a vault was made", func(t *testing.T) {
		if got := open(t).vault(t); got.VaultID != "" || len(got.Slots) != 0 || got.HasSealedData {
			t.Errorf("vault = %+v", got)
		}
	})
	t.Run("gives back what was made, once", func(t *testing.T) {
		s := open(t)
		if err := s.Vault.CreateVault(t.Context(), "vault-1", first); err != nil {
			t.Fatal(err)
		}
		second := slot("second", kite.PassphraseSlot, time.Hour)
		if err := s.Vault.CreateVault(t.Context(), "vault-2", second); kite.ErrorCode(err) != kite.ECONFLICT {
			t.Errorf("a second vault: %v", err)
		}
		want := kite.VaultRecord{VaultID: "vault-1", Slots: []kite.KeySlot{first}}
		if got := s.vault(t); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
	t.Run("slots are replaced all at once", func(t *testing.T) { slotsReplaced(t, open(t), first) })
	t.Run("knows of sealed data", func(t *testing.T) { knowsSealedData(t, open) })
}

func slotsReplaced(t *testing.T, s Stores, first kite.KeySlot) {
	if err := s.Vault.CreateVault(t.Context(), "vault-1", first); err != nil {
		t.Fatal(err)
	}
	two := []kite.KeySlot{slot("second", kite.PassphraseSlot, time.Hour), slot("third", kite.KeyringSlot, 2*time.Hour)}
	if err := s.Vault.ReplaceSlots(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	for name, refused := range map[string][]kite.KeySlot{"none": nil, "one id twice": {first, first}} {
		if err := s.Vault.ReplaceSlots(t.Context(), refused); err == nil {
			t.Errorf("%s: slots were replaced", name)
		}
		if got := s.vault(t); got.VaultID != "vault-1" || !reflect.DeepEqual(got.Slots, two) {
			t.Errorf("%s: vault = %+v", name, got)
		}
	}
}

func knowsSealedData(t *testing.T, open func(*testing.T) Stores) {
	secret := kite.SecretChange{Set: kite.NewSecret("x")}
	for name, set := range map[string]kite.SecretChanges{"password": {Password: secret}, "API secret": {APISecret: secret}} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			if err := s.Accounts.CreateAccount(t.Context(), Account("one"), set); err != nil {
				t.Fatal(err)
			}
			expectSealed(t, s, "stored", true)
			clearing := kite.SecretChanges{Password: kite.SecretChange{Clear: true}, APISecret: kite.SecretChange{Clear: true}}
			if err := s.Accounts.UpdateAccount(t.Context(), Account("one"), clearing); err != nil {
				t.Fatal(err)
			}
			expectSealed(t, s, "cleared", false)
		})
	}
	t.Run("tokens", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		expectSealed(t, s, "an account alone", false)
		s.mustSave(t, Session("s1", a, Morning))
		expectSealed(t, s, "a session", true)
		if err := s.Sessions.EndSession(t.Context(), "s1", kite.EndedLoggedOut, Morning.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		expectSealed(t, s, "logged out", false)
	})
}

func expectSealed(t *testing.T, s Stores, when string, want bool) {
	t.Helper()
	if got := s.vault(t); got.HasSealedData != want {
		t.Errorf("%s: has sealed data = %t", when, got.HasSealedData)
	}
}
