package kitetest

import (
	"crypto/sha256"
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Client is a valid client of the local API for all accounts, and the hash of
// its token, which is "token-" and the ID.
func Client(id string) (kite.APIClient, kite.TokenHash) {
	c := kite.APIClient{ID: id, Name: "Client " + id, AccountIDs: []string{}, AllAccounts: true, CreatedAt: Morning}
	return c, sha256.Sum256([]byte("token-" + id))
}

// ClientStoreSuite is the contract of kite.ClientStore. open returns an empty
// store.
func ClientStoreSuite(t *testing.T, open func(*testing.T) kite.ClientStore) {
	for name, test := range map[string]func(*testing.T, kite.ClientStore){
		"gives back what was stored, by name":  clientsGivenBack,
		"finds a client by its token alone":    clientByToken,
		"keeps names apart, whatever the case": clientNamesUnique,
		"changes what may be changed":          clientChanged,
		"revokes for good":                     clientRevoked,
		"notes the last use":                   clientUsed,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func mustCreateClient(t *testing.T, s kite.ClientStore, c kite.APIClient, h kite.TokenHash) {
	t.Helper()
	if err := s.CreateClient(t.Context(), c, h); err != nil {
		t.Fatal(err)
	}
}

func expectClients(t *testing.T, s kite.ClientStore, want ...kite.APIClient) {
	t.Helper()
	got, err := s.Clients(t.Context())
	if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("clients = %+v, %v\nwant %+v", got, err, want)
	}
}

func expectCode(t *testing.T, doing string, err error, code string) {
	t.Helper()
	if kite.ErrorCode(err) != code {
		t.Errorf("%s = %v, want %q", doing, err, code)
	}
}

func clientsGivenBack(t *testing.T, s kite.ClientStore) {
	expectClients(t, s)
	last, h1 := Client("1")
	last.Name, last.AllAccounts, last.AccountIDs, last.MayTrade = "zebra", false, []string{"b", "a"}, true
	first, h2 := Client("2")
	first.Name = "Älpha Bot 🤖"
	mustCreateClient(t, s, last, h1)
	mustCreateClient(t, s, first, h2)
	middle, h3 := Client("3")
	middle.Name = "Beta"
	mustCreateClient(t, s, middle, h3)
	got, err := s.Clients(t.Context())
	if err != nil || len(got) != 3 || got[0].Name == "zebra" || !reflect.DeepEqual(find(got, "1"), last) || !reflect.DeepEqual(find(got, "2"), first) {
		t.Errorf("clients = %+v, %v", got, err)
	}
}

func find(all []kite.APIClient, id string) kite.APIClient {
	for _, c := range all {
		if c.ID == id {
			return c
		}
	}
	return kite.APIClient{}
}

func clientByToken(t *testing.T, s kite.ClientStore) {
	a, ha := Client("a")
	b, hb := Client("b")
	mustCreateClient(t, s, a, ha)
	mustCreateClient(t, s, b, hb)
	for h, want := range map[kite.TokenHash]kite.APIClient{ha: a, hb: b} {
		if got, err := s.ClientByToken(t.Context(), h); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ClientByToken = %+v, %v, want %+v", got, err, want)
		}
	}
	other := ha
	other[31] ^= 1
	for _, h := range []kite.TokenHash{other, {}} {
		_, err := s.ClientByToken(t.Context(), h)
		expectCode(t, "another token", err, kite.ENOTFOUND)
	}
}

func clientNamesUnique(t *testing.T, s kite.ClientStore) {
	a, ha := Client("a")
	a.Name = "Straße Bot"
	mustCreateClient(t, s, a, ha)
	b, hb := Client("b")
	b.Name = "STRASSE bot"
	err := s.CreateClient(t.Context(), b, hb)
	expectCode(t, "the same name", err, kite.ECONFLICT)
	if field := kite.AsError(err).Field; field != "name" {
		t.Errorf("field = %q", field)
	}
	b.Name = "Another"
	mustCreateClient(t, s, b, hb)
	b.Name = "straße BOT"
	expectCode(t, "renamed to it", s.UpdateClient(t.Context(), b), kite.ECONFLICT)
	a.Name = "STRASSE Bot"
	expectCode(t, "its own name in another case", s.UpdateClient(t.Context(), a), "")
}

func clientChanged(t *testing.T, s kite.ClientStore) {
	a, h := Client("a")
	mustCreateClient(t, s, a, h)
	changed := a
	changed.Name, changed.AllAccounts, changed.AccountIDs, changed.MayTrade = "Renamed", false, []string{"x"}, true
	changed.CreatedAt = Morning.Add(time.Hour) // stays as it was
	if err := s.UpdateClient(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	changed.CreatedAt = a.CreatedAt
	expectClients(t, s, changed)
	if got, err := s.ClientByToken(t.Context(), h); err != nil || got.Name != "Renamed" {
		t.Errorf("its token: %+v, %v", got, err)
	}
	other, _ := Client("other")
	expectCode(t, "an unknown one", s.UpdateClient(t.Context(), other), kite.ENOTFOUND)
}

func clientRevoked(t *testing.T, s kite.ClientStore) {
	a, ha := Client("a")
	b, hb := Client("b")
	mustCreateClient(t, s, a, ha)
	mustCreateClient(t, s, b, hb)
	expectCode(t, "revoke", s.DeleteClient(t.Context(), a.ID), "")
	_, err := s.ClientByToken(t.Context(), ha)
	expectCode(t, "its token", err, kite.ENOTFOUND)
	expectClients(t, s, b)
	expectCode(t, "revoke again", s.DeleteClient(t.Context(), a.ID), kite.ENOTFOUND)
	expectCode(t, "use after that", s.ClientUsed(t.Context(), a.ID, Morning), "")
	expectClients(t, s, b)
	mustCreateClient(t, s, a, sha256.Sum256([]byte("another token"))) // the name is free again
}

func clientUsed(t *testing.T, s kite.ClientStore) {
	a, h := Client("a")
	mustCreateClient(t, s, a, h)
	at := Morning.Add(90 * time.Minute)
	expectCode(t, "use", s.ClientUsed(t.Context(), a.ID, at), "")
	a.LastUsedAt = at
	expectClients(t, s, a)
}
