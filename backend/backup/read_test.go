package backup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

const spoiled = "This backup can't be opened: the passphrase is wrong, or the file is damaged."

func TestRead_gives_what_was_written(t *testing.T) {
	file := written(t, full())
	got, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := same(got, full()); err != nil {
		t.Error(err)
	}
	kitetest.NoSecretIn(t, "the file", string(file), secretsOf("one", "two")...)
	kitetest.NoSecretIn(t, "the file", string(file), "Account one", "Heiligabend")
}

func TestRead_of_an_empty_archive(t *testing.T) {
	got, err := read(written(t, archiveOf()))
	if err != nil || len(got.Accounts) != 0 || got.Preferences != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRead_takes_armour(t *testing.T) {
	var file bytes.Buffer
	file.WriteString("\n \r\n")
	w := armor.NewWriter(&file)
	if _, err := w.Write(written(t, full())); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := same(got, full()); err != nil {
		t.Error(err)
	}
	cut := bytes.Replace(file.Bytes(), []byte("-----END"), []byte("apisecretone"), 1)
	_, err = read(cut)
	expectRefusal(t, err, kite.EDATA, spoiled)
}

// One run at 2^18 takes eleven seconds with the race detector, so that here the
// cost that is used and the header that follows from a cost are looked at.
func TestWrite_costs_a_passphrase_what_it_should(t *testing.T) {
	if backup.UsedWork != 18 || backup.UsedMaxWork != 20 {
		t.Errorf("2^%d, at most 2^%d", backup.UsedWork, backup.UsedMaxWork)
	}
	backup.SetWork(3, 5)
	defer backup.SetWork(1, 5)
	header, _, _ := strings.Cut(string(written(t, full())), "\n---")
	stanza := strings.Fields(header)
	if len(stanza) < 5 || stanza[1] != "->" || stanza[2] != "scrypt" || stanza[4] != "3" || strings.Count(header, "\n-> ") != 1 {
		t.Errorf("header %q", header)
	}
}

func TestWrite_refuses(t *testing.T) {
	bad := entry("one")
	bad.Account.CallbackURL = "ftp://apisecretone"
	badSecret := entry("one")
	badSecret.Secrets.APISecret = kite.NewSecret("apisecretone\n")
	for name, c := range map[string]struct {
		archive    backup.Archive
		passphrase string
		field      string
		says       string
	}{
		"a short passphrase":      {full(), "elf Zeichen", "passphrase", "fewer than 12 characters"},
		"bytes for characters":    {full(), "ääääää", "passphrase", "fewer than 12 characters"},
		"what Read would refuse":  {archiveOf(bad), phrase, "", "Account one can't be in a backup: its callbackUrl"},
		"a secret of two lines":   {archiveOf(badSecret), phrase, "", "its apiSecret"},
		"the same account twice":  {archiveOf(entry("one"), entry("one")), phrase, "", "Account one twice"},
		"the year zero":           {backup.Archive{}, phrase, "", "time"},
		"preferences of nonsense": {backup.Archive{Created: kitetest.Morning, Preferences: &kite.Preferences{}}, phrase, "", "preferences"},
	} {
		var out bytes.Buffer
		err := backup.Write(&out, c.archive, kite.NewSecret(c.passphrase))
		e := kite.AsError(err)
		if err == nil || e.Code != kite.EINVALID || e.Field != c.field || !strings.Contains(e.Message, c.says) || out.Len() > 0 {
			t.Errorf("%s: %v, field %q, wrote %d", name, err, e.Field, out.Len())
		}
		kitetest.NoSecretInError(t, err, secretsOf("one")...)
	}
}

func TestPassphrase_is_the_same_from_every_keyboard(t *testing.T) {
	var file bytes.Buffer
	if err := backup.Write(&file, full(), kite.NewSecret("Käse und Brötchen ﬁn")); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Read(&file, kite.NewSecret("Ka\u0308se und Bro\u0308tchen fin")); err != nil {
		t.Error(err)
	}
	_, err := backup.Read(&file, kite.Secret{})
	expectRefusal(t, err, kite.EINVALID, "Enter the passphrase")
}

func TestB1_a_wrong_passphrase_says_the_same_as_a_damaged_file(t *testing.T) {
	file := written(t, full())
	_, wrong := backup.Read(bytes.NewReader(file), kite.NewSecret("correct horse batterY"))
	file[len(file)-1] ^= 1
	_, damaged := read(file)
	expectRefusal(t, wrong, kite.EDATA, spoiled)
	expectRefusal(t, damaged, kite.EDATA, spoiled)
	if a, b := kite.AsError(wrong), kite.AsError(damaged); a.Hint != b.Hint || a.Code != b.Code || a.Field != b.Field {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestB2_truncated_or_flipped_is_refused(t *testing.T) {
	file := written(t, full())
	for n := range len(file) {
		if _, err := read(file[:n]); kite.ErrorCode(err) != kite.EDATA {
			t.Fatalf("first %d bytes: %v", n, err)
		}
		flipped := bytes.Clone(file)
		flipped[n] ^= 1
		if _, err := read(flipped); kite.ErrorCode(err) != kite.EDATA {
			t.Fatalf("byte %d flipped: %v", n, err)
		}
	}
	if _, err := read(append(bytes.Clone(file), 'x')); kite.ErrorCode(err) != kite.EDATA {
		t.Error("something may follow")
	}
}

func TestB3_a_costly_header_is_refused_before_any_work(t *testing.T) {
	backup.SetWork(1, backup.UsedMaxWork)
	defer backup.SetWork(1, 5)
	file := string(written(t, full()))
	at := strings.Index(file, " 1\n")
	// 2^30 would take a tebibyte, and 2^21 some seconds.
	for _, work := range []string{"21", "22", "30", "64", "99999999999999999999999"} {
		begun := time.Now()
		_, err := read([]byte(file[:at] + " " + work + file[at+2:]))
		expectRefusal(t, err, kite.EDATA, "asks for far more work")
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("2^%s took %v", work, took)
		}
	}
	for _, work := range []string{"0", "-1", "x", "01", "1 1", ""} {
		_, err := read([]byte(file[:at] + " " + work + file[at+2:]))
		expectRefusal(t, err, kite.EDATA, spoiled)
	}
}

// counting says how much was read of an endless file.
type counting struct{ n int }

func (c *counting) Read(p []byte) (int, error) {
	c.n += len(p)
	return copy(p, bytes.Repeat([]byte("a"), len(p))), nil
}

func TestB4_sizes_are_bounded(t *testing.T) {
	endless := &counting{}
	_, err := backup.Read(io.MultiReader(strings.NewReader("age-encryption.org/v1\n"), endless), passphrase)
	expectRefusal(t, err, kite.EDATA, "too large")
	if endless.n > 2*backup.MaxFile {
		t.Errorf("read %d bytes", endless.n)
	}
	const begin = `{"format":"kite-accounts-backup","version":1,"created":1764000000000,"accounts":[`
	for name, c := range map[string]struct{ payload, says string }{
		"a million accounts":   {begin + strings.Repeat("{},", 999_999) + "{}]}", "holds more than"},
		"an account too many":  {begin + strings.Repeat("{},", backup.MaxAccounts) + "1]}", "too many accounts"},
		"deep nesting":         {begin + strings.Repeat("[", 100_000), "holds more than"},
		"nested unknown field": {begin[:len(begin)-13] + `,"x":` + strings.Repeat(`{"x":`, 9) + "1", "holds more than"},
		"a million hosts":      {begin + `{"allowedHosts":[` + strings.Repeat(`"",`, 999_999) + `""]}]}`, "holds more than"},
	} {
		begun := time.Now()
		_, err := read(sealed(t, []byte(c.payload)))
		if e := kite.AsError(err); err == nil || e.Code != kite.EDATA || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestB4_as_many_accounts_as_allowed_are_read(t *testing.T) {
	var many []backup.Entry
	for i := range backup.MaxAccounts {
		many = append(many, numbered(i))
	}
	got, err := read(written(t, archiveOf(many...)))
	if err != nil || len(got.Accounts) != backup.MaxAccounts {
		t.Fatalf("%d accounts, %v", len(got.Accounts), err)
	}
	if err := backup.Write(io.Discard, archiveOf(append(many, numbered(backup.MaxAccounts))...), passphrase); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("one more: %v", err)
	}
}

// edited is a valid payload with one thing changed.
func edited(t *testing.T, edit func(doc, account, session map[string]any)) []byte {
	t.Helper()
	payload, err := backup.Encode(full())
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(payload, &doc); err != nil {
		t.Fatal(err)
	}
	a := doc["accounts"].([]any)[1].(map[string]any)
	edit(doc, a, a["session"].(map[string]any))
	if payload, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	return payload
}

func TestB4_every_field_is_checked(t *testing.T) {
	if _, err := backup.Decode(edited(t, func(_, _, _ map[string]any) {})); err != nil {
		t.Fatalf("unedited: %v", err)
	}
	const number = 314159265358979 // longer than an address in memory, which errors are printed with
	type fields = map[string]any
	first := func(doc fields) fields { return doc["accounts"].([]any)[0].(fields) }
	for name, edit := range map[string]func(doc, account, session fields){
		"unknown field":              func(d, _, _ fields) { d["apisecretone"] = 1 },
		"unknown field of account":   func(_, a, _ fields) { a["apisecretone"] = 1 },
		"unknown field of session":   func(_, _, s fields) { s["apisecretone"] = 1 },
		"unknown preference":         func(d, _, _ fields) { d["preferences"].(fields)["apisecretone"] = 1 },
		"number for a secret":        func(_, a, _ fields) { a["apiSecret"] = number },
		"preferences of nonsense":    func(d, _, _ fields) { d["preferences"].(fields)["theme"] = "apisecretone" },
		"no accounts":                func(d, _, _ fields) { delete(d, "accounts") },
		"accounts null":              func(d, _, _ fields) { d["accounts"] = nil },
		"accounts no list":           func(d, _, _ fields) { d["accounts"] = fields{} },
		"no time":                    func(d, _, _ fields) { delete(d, "created") },
		"time beyond time":           func(_, a, _ fields) { a["createdAt"] = int64(1) << 62 },
		"version 0":                  func(d, _, _ fields) { d["version"] = 0 },
		"version no number":          func(d, _, _ fields) { d["version"] = "1" },
		"no name":                    func(_, a, _ fields) { a["accountName"] = " " },
		"name that turns round":      func(_, a, _ fields) { a["accountName"] = "a\u202eb" },
		"ID no UUID":                 func(_, a, _ fields) { a["accountId"] = "../../etc" },
		"API key of nonsense":        func(_, a, _ fields) { a["apiKey"] = "a b" },
		"slug of nonsense":           func(_, a, _ fields) { a["slug"] = "../x" },
		"lifetime of a year":         func(_, a, _ fields) { a["sessionLifetimeHours"] = 1e300 },
		"lifetime below zero":        func(_, a, _ fields) { a["sessionLifetimeHours"] = -24 },
		"Kite's address as callback": func(_, a, _ fields) { a["callbackUrl"] = "https://kite.zerodha.com/x" },
		"secret of two lines":        func(_, a, _ fields) { a["apiSecret"] = "apisecretone\n" },
		"long password":              func(_, a, _ fields) { a["password"] = strings.Repeat("x", 257) },
		"same ID":                    func(d, a, _ fields) { a["accountId"] = first(d)["accountId"] },
		"same name, other case":      func(d, a, _ fields) { a["accountName"] = "ACCOUNT ONE" },
		"same slug":                  func(d, a, _ fields) { a["slug"] = first(d)["slug"] },
		"same pair": func(d, a, s fields) {
			a["apiKey"], a["clientId"], s["userId"] = first(d)["apiKey"], first(d)["clientId"], first(d)["clientId"]
		},
		"another user's session":       func(_, _, s fields) { s["userId"] = "ZZ9999" },
		"session without token":        func(_, _, s fields) { s["accessToken"] = "" },
		"token of two lines":           func(_, _, s fields) { s["accessToken"] = "a\r\nX: y" },
		"session that lasts":           func(_, _, s fields) { s["expiresAt"] = s["expiresAt"].(float64) + 1 },
		"session ID no UUID":           func(_, _, s fields) { s["sessionId"] = "x" },
		"session name of two lines":    func(_, _, s fields) { s["userName"] = "a\nb" },
		"session of a hundred hours":   func(_, _, s fields) { s["ttl"] = 100 },
		"session longer than its life": func(_, _, s fields) { s["ttl"] = 1 },
	} {
		_, err := backup.Decode(edited(t, edit))
		if e := kite.AsError(err); err == nil || e.Code != kite.EDATA || e.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
		kitetest.NoSecretInError(t, err, append(secretsOf("one", "two"), strconv.Itoa(number))...)
	}
	for name, payload := range map[string]string{
		"something after the end": string(edited(t, func(_, _, _ fields) {})) + "{}",
		"no JSON":                 "apisecretone", "nothing": "", "null": "null", "a list": "[]",
	} {
		if _, err := backup.Decode([]byte(payload)); kite.ErrorCode(err) != kite.EDATA {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRead_of_what_older_programs_could_not_choose_has_the_default(t *testing.T) {
	got, err := backup.Decode(edited(t, func(d, a, _ map[string]any) {
		delete(d["preferences"].(map[string]any), "historyDays")
		delete(a, "slug")
	}))
	if err != nil || got.Preferences.HistoryDays != kite.DefaultPreferences().HistoryDays || got.Preferences.Theme != "dark" {
		t.Errorf("%+v, %v", got.Preferences, err)
	}
}

func TestB7_a_newer_version_is_refused(t *testing.T) {
	_, err := read(sealed(t, edited(t, func(d, a, _ map[string]any) { d["version"], a["whatever"] = 2, 1 })))
	expectRefusal(t, err, kite.EDATA, "written by a newer version")
}

func TestB7_other_recipients_are_refused(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	_, err = read(encryptedTo(t, []byte("{}"), key.Recipient()))
	expectRefusal(t, err, kite.EDATA, "isn't locked with one passphrase alone")
	head, rest, _ := strings.Cut(string(written(t, full())), "\n---")
	stanza := head[strings.Index(head, "\n-> "):]
	for _, two := range []string{head + stanza, head + "\n-> grease x\n"} {
		_, err = read([]byte(two + "\n---" + rest))
		expectRefusal(t, err, kite.EDATA, "isn't locked with one passphrase alone")
	}
}

func TestRead_of_another_file_quotes_nothing_of_it(t *testing.T) {
	for _, file := range []string{"apisecretone\n", "", "{\"apiSecret\":\"apisecretone\"}", "age-encryption.org/v2\napisecretone"} {
		_, err := read([]byte(file))
		expectRefusal(t, err, kite.EDATA, "isn't a backup of Kite Accounts")
	}
	for _, file := range []string{"age-encryption.org/v1\napisecretone", armor.Header + "\napisecretone\n"} {
		_, err := read([]byte(file))
		expectRefusal(t, err, kite.EDATA, spoiled)
	}
	_, err := read(sealed(t, []byte(`{"format":"apisecretone","version":1}`)))
	expectRefusal(t, err, kite.EDATA, "isn't a backup of Kite Accounts")
	cause := errors.New("input/output error")
	_, err = backup.Read(iotest.ErrReader(cause), passphrase)
	if !errors.Is(err, cause) {
		t.Errorf("cause is lost: %v", err)
	}
}
