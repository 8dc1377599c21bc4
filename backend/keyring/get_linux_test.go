package keyring_test

import (
	"errors"
	"testing"

	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/keyring/keyringtest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// What go-keyring stored is read without it, and the other way round.
func TestGet_reads_what_go_keyring_stored(t *testing.T) {
	keyringtest.StartBus(t).StartKeyring(true)
	k := patient()
	for name, value := range map[string]string{"plain": "value", "odd/name é": "ünïcode\nand lines\x00", "vault/1/kek/1": "kek1:AAAA"} {
		if err := gokeyring.Set(k.Service, name, value); err != nil {
			t.Fatal(err)
		}
		if got, err := k.Get(t.Context(), name); err != nil || got.Reveal() != value {
			t.Errorf("%s = %q, %v", name, got.Reveal(), err)
		}
	}
	other := *k
	other.Service = "another program"
	if _, err := other.Get(t.Context(), "plain"); !errors.Is(err, kite.ErrKeyringNotFound) {
		t.Errorf("another service's entry: %v", err)
	}
}

// Some desktops have no collection called login, only a default one.
func TestGet_from_the_default_collection(t *testing.T) {
	bus := keyringtest.StartBus(t)
	bus.StartKeyring(false)
	makeDefaultCollection(t, bus)
	k := patient()
	if err := k.Set(t.Context(), "name", kite.NewSecret("value")); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(t.Context(), "name"); err != nil || got.Reveal() != "value" {
		t.Errorf("Get = %q, %v", got.Reveal(), err)
	}
	if _, err := k.Get(t.Context(), "another"); !errors.Is(err, kite.ErrKeyringNotFound) {
		t.Errorf("Get = %v", err)
	}
}

// makeDefaultCollection uses gnome-keyring's own interface, which asks nobody.
func makeDefaultCollection(t *testing.T, bus *keyringtest.Bus) {
	t.Helper()
	conn, err := dbus.Connect(bus.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	service := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	var none dbus.Variant
	var session, collection dbus.ObjectPath
	if err := service.Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&none, &session); err != nil {
		t.Fatal(err)
	}
	label := map[string]dbus.Variant{"org.freedesktop.Secret.Collection.Label": dbus.MakeVariant("Other")}
	master := struct {
		Session           dbus.ObjectPath
		Parameters, Value []byte
		ContentType       string
	}{session, []byte{}, []byte("password"), "text/plain"}
	err = service.Call("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.CreateWithMasterPassword", 0, label, master).Store(&collection)
	if err != nil {
		t.Fatal(err)
	}
	if err := service.Call("org.freedesktop.Secret.Service.SetAlias", 0, "default", collection).Err; err != nil {
		t.Fatal(err)
	}
}
