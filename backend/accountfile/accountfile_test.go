package accountfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/accountfile"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

const callback = "http://127.0.0.1:51730/kite/callback"

func read(t *testing.T, text string) accountfile.File {
	t.Helper()
	file, err := accountfile.Read(strings.NewReader(text))
	if err != nil {
		t.Fatalf("Read = %v", err)
	}
	return file
}

func TestRead_takes_CSV_and_JSON(t *testing.T) {
	for name, text := range map[string]string{
		"CSV": "\xef\xbb\xbfAccount Name,client_id,apiKey,apiSecret,PASSWORD,callbackUrl,phoneNumber,allowedHosts\r\n" +
			" Family ,ab1234,key12345,s3cret,\"pass,\"\"word\"\" \"," + callback + ",'+91 98765 43210,A.example.com b.example.com\r\n",
		"JSON": `[{"accountName":" Family ","client_id":"ab1234","apiKey":"key12345","apiSecret":"s3cret","password":"pass,\"word\" ",
			"callbackUrl":"` + callback + `","phoneNumber":"+91 98765 43210","allowedHosts":["A.example.com","b.example.com"],"postbackUrl":null}]`,
	} {
		t.Run(name, func(t *testing.T) {
			file := read(t, text)
			if len(file.Rows) != 1 || len(file.Problems) != 0 {
				t.Fatalf("%d accounts, problems %v", len(file.Rows), file.Problems)
			}
			want := kite.Account{
				Name: "Family", ClientID: "AB1234", APIKey: "key12345", Type: kite.Live, CallbackURL: callback, TTL: kite.DefaultTTL,
				PhoneNumber: "+91 98765 43210", AllowedHosts: []string{"a.example.com", "b.example.com"}, LoginWay: kite.LoginInWindow,
			}
			row := file.Rows[0]
			if !reflect.DeepEqual(row.Account, want) {
				t.Errorf("got  %+v\nwant %+v", row.Account, want)
			}
			if row.Secrets.APISecret.Reveal() != "s3cret" || row.Secrets.Password.Reveal() != `pass,"word" ` {
				t.Errorf("secrets %q, %q", row.Secrets.APISecret.Reveal(), row.Secrets.Password.Reveal())
			}
		})
	}
}

func TestRead_counts_lines(t *testing.T) {
	csv := "accountName,clientId,apiKey,callbackUrl\n" +
		"\"Two\nlines\",AB1,key12345," + callback + "\n\nThree,AB2,key12345," + callback + "\n"
	json := "\n[ {\n\"accountName\":\"One\"},\n\n  {\"accountName\":\n\"Two\"} ]"
	for text, want := range map[string][]int{csv: {2, 5}, json: {2, 5}} {
		var lines []int
		for _, r := range read(t, text).Rows {
			lines = append(lines, r.Line)
		}
		if !reflect.DeepEqual(lines, want) {
			t.Errorf("lines %v, want %v of\n%s", lines, want, text)
		}
	}
}

func TestRead_names_what_is_wrong_with_each_account(t *testing.T) {
	file := read(t, "accountName,clientId,apiKey,callbackUrl,accountType,sessionLifetimeHours,loginWay,password\n"+
		"One,not an id,key12345,"+callback+",live,24,window,\n"+
		"Two,AB1234,key12345,http://example.com/,demo,0.0000001,phone,\"a\nb\"\n"+
		"Three,AB1235,key12345\n")
	found := map[string]bool{}
	for _, p := range file.Problems {
		found[fmt.Sprintf("%d %s %s", p.Line, p.Name, p.Err.Field)] = true
	}
	for _, want := range []string{
		"2 One clientId", "3 Two callbackUrl", "3 Two accountType", "3 Two sessionLifetimeHours", "3 Two loginWay", "3 Two password",
		"5  ", "5 Three callbackUrl",
	} {
		if !found[want] {
			t.Errorf("nothing about %q in %v", want, found)
		}
	}
}

func TestRead_refuses_what_is_no_list_of_accounts(t *testing.T) {
	for name, text := range map[string]string{
		"empty":              " \n",
		"object":             `{"accountName":"One"}`,
		"list of texts":      `["canary-secret"]`,
		"null":               `[null]`,
		"cut":                `[{"accountName":"canary-secret"`,
		"cut string":         `[{"accountName":"canary-secret`,
		"more after the end": `[] canary-secret`,
		"unknown field":      `[{"acountName":"One"}]`,
		"unknown column":     "accountName,secretSauce\n",
		"unnamed column":     "accountName,clientId,\n",
		"no header":          "One,AB1234,key12345,canary-secret\n",
		"a column twice":     "accountName,Account Name\n",
		"bare quote":         "accountName\ncanary\"secret\n",
		"open quote":         "accountName\n\"canary-secret\n",
		"not text":           "accountName\ncanary-secret\xff\n",
		"too large":          "accountName\n" + strings.Repeat("a,\n", accountfile.MaxBytes/3),
		"too many in CSV":    "slug\n" + strings.Repeat("a\n", accountfile.MaxRows+1),
		"too many in JSON":   "[" + strings.Repeat("{},", accountfile.MaxRows) + "{}]",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := accountfile.Read(strings.NewReader(text))
			if kite.ErrorCode(err) != kite.EINVALID {
				t.Fatalf("Read = %v", err)
			}
			kitetest.NoSecretInError(t, err, "canary-secret")
		})
	}
	if _, err := accountfile.Read(brokenReader{}); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("a file that breaks off: %v", err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("input/output error") }

func TestRead_takes_as_many_as_it_says(t *testing.T) {
	text := "slug\n" + strings.Repeat("a\n", accountfile.MaxRows)
	if file := read(t, text); len(file.Rows) != accountfile.MaxRows || len(file.Problems) > 50 {
		t.Errorf("%d rows, %d problems", len(file.Rows), len(file.Problems))
	}
}

// odd are accounts whose fields are all set, some with what CSV or a
// spreadsheet would trip over.
func odd() []kite.Account {
	a := kite.Account{
		Name: "=HYPERLINK(\"http://x\")", ClientID: "AB1234", APIKey: "key12345", Type: kite.Sandbox, CallbackURL: callback,
		PostbackURL: "https://example.com/postback", PhoneNumber: "+91 98765 43210", TTL: 36 * time.Second,
		Endpoints:    kite.Endpoints{LoginURL: "http://127.0.0.1:1/l?a=<b>&c", APIRoot: "http://127.0.0.1:1"},
		AllowedHosts: []string{"a.example.com", "b.example.com"}, Slug: "one", LoginWay: kite.LoginByPaste,
	}
	b := kite.Account{
		Name: "परिवार, \"swing\"", ClientID: "AB1235", APIKey: "key12345", Type: kite.Live, CallbackURL: callback,
		TTL: kite.DefaultTTL, Slug: "two", LoginWay: kite.LoginInWindow,
	}
	c := b
	c.Name, c.ClientID, c.Slug = "-dash", "AB1236", "three"
	d := b
	d.Name, d.ClientID, d.Slug = "@at", "AB1237", "four"
	all := []kite.Account{a, b, c, d}
	for i, name := range []string{"'=quoted", "''=twice", "'-", "'tis", "''", "'"} {
		b.Name, b.ClientID, b.Slug = name, fmt.Sprintf("AC%d", i), fmt.Sprintf("quoted-%d", i)
		all = append(all, b)
	}
	return all
}

func TestWritten_accounts_are_read_as_they_were(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer, []kite.Account) error{
		"CSV":  func(b *bytes.Buffer, a []kite.Account) error { return accountfile.WriteCSV(b, a) },
		"JSON": func(b *bytes.Buffer, a []kite.Account) error { return accountfile.WriteJSON(b, a) },
	} {
		t.Run(name, func(t *testing.T) {
			var text bytes.Buffer
			if err := write(&text, odd()); err != nil {
				t.Fatal(err)
			}
			file := read(t, text.String())
			if len(file.Problems) != 0 || len(file.Rows) != len(odd()) {
				t.Fatalf("%d rows, problems %v", len(file.Rows), file.Problems)
			}
			for i, want := range odd() {
				got := file.Rows[i].Account
				if len(got.AllowedHosts) == 0 {
					got.AllowedHosts = nil
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
			}
		})
	}
}

func TestWriteCSV_writes_no_formula_and_no_secret(t *testing.T) {
	var text bytes.Buffer
	if err := accountfile.WriteCSV(&text, odd()); err != nil {
		t.Fatal(err)
	}
	for _, start := range []string{"\n=", "\n\"=", "\n-", "\n@", ",+", ",\"+"} {
		if strings.Contains(text.String(), start) {
			t.Errorf("a cell begins %q in\n%s", start, text.String())
		}
	}
	header, _, _ := strings.Cut(text.String(), "\r\n")
	if strings.Contains(strings.ToLower(header), "secret") || strings.Contains(header, "password") {
		t.Errorf("header %q", header)
	}
	if err := accountfile.WriteCSV(fullDisk{}, odd()); err == nil {
		t.Error("a full disk is no error in CSV")
	}
	if err := accountfile.WriteJSON(fullDisk{}, odd()); err == nil {
		t.Error("a full disk is no error in JSON")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func row(line int, name, client, slug string) accountfile.Row {
	return accountfile.Row{Line: line, Account: kite.Account{Name: name, ClientID: client, APIKey: "key12345", Slug: slug}}
}

func TestCompare_tells_clashes_with_whom(t *testing.T) {
	existing := []kite.Account{
		{Name: "Stra\u00dfe", ClientID: "AB1", APIKey: "key12345", Slug: "street"},
		{Name: "Other", ClientID: "AB2", APIKey: "key12345", Slug: "other"},
	}
	p := accountfile.Compare(accountfile.File{Rows: []accountfile.Row{
		row(2, "STRASSE", "AB9", ""),
		row(3, "New", "AB2", ""),
		row(4, "Newer", "AB4", "street"),
		row(5, "other", "AB5", ""),
		row(6, "Fine", "AB6", "fine"),
		row(7, "FINE", "AB7", ""),
		row(8, "Also fine", "AB8", ""),
	}}, existing)
	var lines []string
	for _, c := range p.Clashes {
		lines = append(lines, fmt.Sprintf("%d %s", c.Line, c.With))
	}
	want := []string{
		"2 is what Stra\u00dfe is called", "3 has the client ID and API key of Other", "4 has a short name by which Stra\u00dfe is called",
		"5 is what Other is called", "7 is what Fine (line 6) is called",
	}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("clashes %q\nwant    %q", lines, want)
	}
	if len(p.Added) != 2 || p.Added[0].Account.Slug != "fine" || p.Added[1].Account.Slug != "also-fine" {
		t.Errorf("added %+v", p.Added)
	}
}

func TestCompare_gives_every_account_a_slug_of_its_own(t *testing.T) {
	existing := []kite.Account{{Name: "Family", ClientID: "AB1", APIKey: "key12345", Slug: "f"}}
	var file accountfile.File
	for i := range accountfile.MaxRows - 1 {
		file.Rows = append(file.Rows, row(i+2, "Family "+strings.NewReplacer("0", "!", "1", "?").Replace(fmt.Sprintf("%b", i)), fmt.Sprintf("AB%d", i+2), ""))
	}
	file.Rows = append(file.Rows, row(20000, "family-3", "ZZ1", "")) // has its own name, and no other may
	p := accountfile.Compare(file, existing)
	seen := map[string]bool{"f": true, "family": true}
	for _, r := range p.Added {
		if r.Account.Slug == "family-3" && r.Line != 20000 {
			t.Errorf("line %d has the name of another as its short name", r.Line)
		}
		if r.Line == 20000 && r.Account.Slug != "family-3" {
			t.Errorf("family-3 has the short name %s", r.Account.Slug)
		}
		if a := r.Account; seen[a.Slug] || len(a.Slug) > 40 {
			t.Fatalf("slug %q of line %d", a.Slug, r.Line)
		}
		seen[r.Account.Slug] = true
	}
	if len(p.Added) != accountfile.MaxRows {
		t.Errorf("%d added", len(p.Added))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("accountName,clientId,apiKey,apiSecret,callbackUrl\nOne,AB1234,key12345,'=secret," + callback + "\n"))
	f.Add([]byte(`[{"accountName":"'=One","clientId":"AB1234","apiKey":"key12345","callbackUrl":"` + callback + `","phoneNumber":"''+1"}]`))
	f.Add([]byte(`[{"accountName":"One","allowedHosts":["a.example.com"],"sessionLifetimeHours":1e300}, null]`))
	f.Add([]byte("\xef\xbb\xbf[ {} ,\n{} ]"))
	f.Add([]byte("a\"b\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := accountfile.Read(bytes.NewReader(data))
		if err != nil {
			if kite.ErrorCode(err) != kite.EINVALID {
				t.Fatalf("Read = %v", err)
			}
			return
		}
		lines := bytes.Count(data, []byte("\n")) + 1
		for i, r := range file.Rows {
			if r.Line < 1 || r.Line > lines || i > 0 && r.Line < file.Rows[i-1].Line {
				t.Fatalf("account %d is on line %d of %d", i, r.Line, lines)
			}
		}
		if len(file.Problems) == 0 {
			writtenIsRead(t, accountfile.Compare(file, nil))
		}
	})
}

// writtenIsRead says that what was read and is fine survives being exported
// and imported.
func writtenIsRead(t *testing.T, p accountfile.Preview) {
	t.Helper()
	var accounts []kite.Account
	for _, r := range p.Added {
		accounts = append(accounts, r.Account)
	}
	var csv, json bytes.Buffer
	if err := errors.Join(accountfile.WriteCSV(&csv, accounts), accountfile.WriteJSON(&json, accounts)); err != nil {
		t.Fatal(err)
	}
	for _, text := range []*bytes.Buffer{&csv, &json} {
		if text.Len() > accountfile.MaxBytes {
			return
		}
		again, err := accountfile.Read(text)
		if err != nil || len(again.Problems) != 0 || len(again.Rows) != len(accounts) {
			t.Fatalf("%+v, %v", again.Problems, err)
		}
		for i, r := range again.Rows {
			if !reflect.DeepEqual(shape(r.Account), shape(accounts[i])) {
				t.Fatalf("got  %+v\nwant %+v", r.Account, accounts[i])
			}
		}
	}
}

// shape is an account without the difference between no list and an empty one.
func shape(a kite.Account) kite.Account {
	if len(a.AllowedHosts) == 0 {
		a.AllowedHosts = nil
	}
	return a
}
