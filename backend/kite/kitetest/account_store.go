package kitetest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Stores are the stores over one set of data that a suite runs against.
type Stores struct {
	Accounts kite.AccountStore
	Sessions kite.SessionStore
	Vault    kite.VaultStore
	Settings kite.Settings
	History  kite.HistoryStore
	Notices  kite.NoticeStore
	Sealer   *Sealer
}

func (s Stores) mustCreate(t *testing.T, a kite.Account) kite.Account {
	t.Helper()
	if err := s.Accounts.CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	return a
}

// AccountStoreSuite is the contract of kite.AccountStore. open returns empty
// stores.
func AccountStoreSuite(t *testing.T, open func(*testing.T) Stores) {
	t.Run("gives back what was stored", func(t *testing.T) {
		s := open(t)
		a := Account("one")
		a.Endpoints = kite.Endpoints{LoginURL: "http://127.0.0.1:1/l", APIRoot: "http://127.0.0.1:1"}
		a.AllowedHosts = []string{"static.example.com"}
		a.TTL = 36 * time.Second
		s.mustCreate(t, a)
		got, err := s.Accounts.Account(t.Context(), a.ID)
		if err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, a)
		}
	})
	t.Run("lists in order of creation", func(t *testing.T) {
		s := open(t)
		for i, id := range []string{"zulu", "alpha", "mike"} {
			a := Account(id)
			a.CreatedAt = a.CreatedAt.Add(time.Duration(i) * time.Second)
			s.mustCreate(t, a)
		}
		list, err := s.Accounts.Accounts(t.Context())
		if err != nil || len(list) != 3 || list[0].ID != "zulu" || list[2].ID != "mike" {
			t.Errorf("list = %+v, %v", list, err)
		}
	})
	t.Run("an update replaces all but the times of creation and last login", func(t *testing.T) { accountUpdated(t, open(t)) })
	t.Run("lists never ask the sealer", func(t *testing.T) { listsAskNobody(t, open(t)) })
	t.Run("ENOTFOUND", func(t *testing.T) { accountNotFound(t, open(t)) })
	t.Run("ECONFLICT", func(t *testing.T) { accountConflicts(t, open) })
	t.Run("secrets", func(t *testing.T) { accountSecrets(t, open) })
	t.Run("stores any text as it is", func(t *testing.T) { accountTexts(t, open(t)) })
	t.Run("secrets of each account are its own", func(t *testing.T) { secretsApart(t, open(t)) })
	t.Run("delete takes the sessions along and nothing else", func(t *testing.T) {
		s := open(t)
		a, other := s.mustCreate(t, Account("one")), s.mustCreate(t, Account("two"))
		s.mustSave(t, Session("o1", other, Morning))
		if err := s.Sessions.SaveSession(t.Context(), Session("s1", a, Morning), Tokens("1")); err != nil {
			t.Fatal(err)
		}
		if err := s.Accounts.DeleteAccount(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Sessions.Tokens(t.Context(), "s1"); kite.ErrorCode(err) != kite.ENOTFOUND {
			t.Errorf("Tokens = %v", err)
		}
		list, err := s.Accounts.Accounts(t.Context())
		if err != nil || len(list) != 1 || s.latest(t, other).ID != "o1" || s.tokensCode(t, "o1") != "" {
			t.Errorf("what is left: %+v, %v", list, err)
		}
	})
}

func accountUpdated(t *testing.T, s Stores) {
	a := s.mustCreate(t, Account("one"))
	login := s.mustSave(t, Session("s1", a, Morning.Add(time.Minute))).LoginTime
	b := Account("other")
	b.ID, b.Type, b.TTL = a.ID, kite.Sandbox, 90*time.Minute
	b.PhoneNumber, b.CallbackURL, b.PostbackURL = "", "https://example.com/cb", "https://example.com/postback"
	b.Endpoints = kite.Endpoints{LoginURL: "https://sandbox.example.com/login", APIRoot: "https://sandbox.example.com/v3"}
	b.AllowedHosts = []string{"a.example.com", "b.example.com"}
	b.UpdatedAt, b.CreatedAt = Morning.Add(time.Hour), Morning.Add(time.Hour)
	if err := s.Accounts.UpdateAccount(t.Context(), b, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	b.CreatedAt, b.LastLoginAt = a.CreatedAt, login
	if got, err := s.Accounts.Account(t.Context(), a.ID); err != nil || !reflect.DeepEqual(got, b) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, b)
	}
}

func listsAskNobody(t *testing.T, s Stores) {
	a := Account("one")
	set := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("secret")}}
	if err := s.Accounts.CreateAccount(t.Context(), a, set); err != nil {
		t.Fatal(err)
	}
	s.mustSave(t, Session("s1", a, Morning))
	before := s.Sealer.Calls.Load()
	list, err := s.Accounts.Accounts(t.Context())
	if err != nil || len(list) != 1 || !list[0].HasAPISecret || list[0].HasPassword {
		t.Errorf("list = %+v, %v", list, err)
	}
	latest, err := s.Sessions.LatestSessions(t.Context())
	if err != nil || latest[a.ID].ID != "s1" || s.latest(t, a).ID != "s1" {
		t.Errorf("latest = %+v, %v", latest, err)
	}
	if record, err := s.Vault.Vault(t.Context()); err != nil || !record.HasSealedData {
		t.Errorf("vault = %+v, %v", record, err)
	}
	if n := s.Sealer.Calls.Load() - before; n != 0 {
		t.Errorf("the sealer was asked %d times", n)
	}
}

func secretsApart(t *testing.T, s Stores) {
	for _, id := range []string{"one", "two"} {
		set := kite.SecretChanges{
			Password:  kite.SecretChange{Set: kite.NewSecret("pw " + id), Clear: true}, // Set wins
			APISecret: kite.SecretChange{Set: kite.NewSecret("secret\x00\xff " + id)},
		}
		if err := s.Accounts.CreateAccount(t.Context(), Account(id), set); err != nil {
			t.Fatal(err)
		}
	}
	expectSecrets(t, s, "one", "pw one", "secret\x00\xff one")
	expectSecrets(t, s, "two", "pw two", "secret\x00\xff two")
}

func accountNotFound(t *testing.T, s Stores) {
	ctx := t.Context()
	_, err := s.Accounts.Account(ctx, "nobody")
	_, secretsErr := s.Accounts.Secrets(ctx, "nobody")
	for name, err := range map[string]error{
		"Account": err, "Secrets": secretsErr, "DeleteAccount": s.Accounts.DeleteAccount(ctx, "nobody"),
		"UpdateAccount": s.Accounts.UpdateAccount(ctx, Account("nobody"), kite.SecretChanges{}),
	} {
		if kite.ErrorCode(err) != kite.ENOTFOUND {
			t.Errorf("%s = %v", name, err)
		}
	}
}

func accountConflicts(t *testing.T, open func(*testing.T) Stores) {
	for name, c := range map[string]struct {
		change func(*kite.Account)
		field  string
	}{
		"same name":                {func(a *kite.Account) { a.Name = "Account one" }, "accountName"},
		"name in another case":     {func(a *kite.Account) { a.Name = "ACCOUNT ONE" }, "accountName"},
		"same API key and client":  {func(a *kite.Account) { b := Account("one"); a.APIKey, a.ClientID = b.APIKey, b.ClientID }, "clientId"},
		"same client alone is ok":  {func(a *kite.Account) { a.ClientID = Account("one").ClientID }, ""},
		"same API key alone is ok": {func(a *kite.Account) { a.APIKey = Account("one").APIKey }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.mustCreate(t, Account("one"))
			two := Account("two")
			c.change(&two)
			checkConflict(t, "create", s.Accounts.CreateAccount(t.Context(), two, kite.SecretChanges{}), c.field)
			s2 := open(t)
			s2.mustCreate(t, Account("one"))
			s2.mustCreate(t, Account("two"))
			checkConflict(t, "update", s2.Accounts.UpdateAccount(t.Context(), two, kite.SecretChanges{}), c.field)
		})
	}
	for one, two := range map[string]string{
		"Caf\u00e9": "CAFE\u0301", "Straße": "STRASSE", "\u0390": "\u03aa\u0301", "ΣΟΦΟΣ": "σοφος",
	} {
		t.Run(one+" is "+two, func(t *testing.T) {
			s := open(t)
			a, b := Account("one"), Account("two")
			a.Name, b.Name = one, two
			s.mustCreate(t, a)
			checkConflict(t, "create", s.Accounts.CreateAccount(t.Context(), b, kite.SecretChanges{}), "accountName")
		})
	}
	t.Run("an account is not in its own way", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		a.Name = "ACCOUNT ONE"
		checkConflict(t, "update", s.Accounts.UpdateAccount(t.Context(), a, kite.SecretChanges{}), "")
	})
}

func checkConflict(t *testing.T, doing string, err error, field string) {
	t.Helper()
	if field == "" {
		if err != nil {
			t.Errorf("%s: %v", doing, err)
		}
		return
	}
	if e := kite.AsError(err); err == nil || e.Code != kite.ECONFLICT || e.Field != field {
		t.Errorf("%s = %v, want ECONFLICT on %s", doing, err, field)
	}
}

func accountSecrets(t *testing.T, open func(*testing.T) Stores) {
	s := open(t)
	a := Account("one")
	set := kite.SecretChanges{
		Password: kite.SecretChange{Set: kite.NewSecret("pw")}, APISecret: kite.SecretChange{Set: kite.NewSecret("secret")},
	}
	if err := s.Accounts.CreateAccount(t.Context(), a, set); err != nil {
		t.Fatal(err)
	}
	expectSecrets(t, s, a.ID, "pw", "secret")
	if err := s.Accounts.UpdateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	expectSecrets(t, s, a.ID, "pw", "secret")
	change := kite.SecretChanges{Password: kite.SecretChange{Clear: true}, APISecret: kite.SecretChange{Set: kite.NewSecret("new")}}
	if err := s.Accounts.UpdateAccount(t.Context(), a, change); err != nil {
		t.Fatal(err)
	}
	expectSecrets(t, s, a.ID, "", "new")
	s.Sealer.Locked = true
	if _, err := s.Accounts.Secrets(t.Context(), a.ID); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("Secrets while locked = %v", err)
	}
	a.Name = "Renamed"
	if err := s.Accounts.UpdateAccount(t.Context(), a, set); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("UpdateAccount while locked = %v", err)
	}
	if got, err := s.Accounts.Account(t.Context(), a.ID); err != nil || got.Name == "Renamed" {
		t.Errorf("half of the update was stored: %+v, %v", got, err)
	}
}

func expectSecrets(t *testing.T, s Stores, id, password, apiSecret string) {
	t.Helper()
	got, err := s.Accounts.Secrets(t.Context(), id)
	if err != nil || got.Password.Reveal() != password || got.APISecret.Reveal() != apiSecret {
		t.Errorf("secrets = %q %q, %v", got.Password.Reveal(), got.APISecret.Reveal(), err)
	}
	a, err := s.Accounts.Account(t.Context(), id)
	if err != nil || a.HasPassword != (password != "") || a.HasAPISecret != (apiSecret != "") {
		t.Errorf("flags = %t %t, %v", a.HasPassword, a.HasAPISecret, err)
	}
}

func accountTexts(t *testing.T, s Stores) {
	for i, name := range []string{
		"'; DROP TABLE kite_accounts;--", "<img src=x onerror=alert(1)>", "👨‍👩‍👧 family", "عائلة", "परिवार", strings.Repeat("ж", 80),
	} {
		a := Account(string(rune('a' + i)))
		a.Name = name
		s.mustCreate(t, a)
		if got, err := s.Accounts.Account(t.Context(), a.ID); err != nil || got.Name != name {
			t.Errorf("name = %q, %v, want %q", got.Name, err, name)
		}
	}
}
