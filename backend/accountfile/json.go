package accountfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (f *File) readJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	start, err := decoder.Token()
	if err != nil || start != json.Delim('[') {
		return kite.Errorf(kite.EINVALID, "The file isn't a JSON array of accounts.").WithHint("Begin it with [ and put each account in { }.")
	}
	place := lines{data: data}
	for decoder.More() {
		line := place.next(decoder.InputOffset())
		var object map[string]json.RawMessage
		if err := decoder.Decode(&object); err != nil || object == nil {
			return notJSON(line)
		}
		row := Row{Line: line}
		if err := f.fill(&row, object); err != nil {
			return err
		}
		if err := f.add(row); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return notJSON(place.next(decoder.InputOffset()))
	}
	if _, err := decoder.Token(); err != io.EOF {
		return notJSON(place.next(decoder.InputOffset()))
	}
	return nil
}

// notJSON has no cause: those of encoding/json may quote the file.
func notJSON(line int) error {
	return kite.Errorf(kite.EINVALID, "The file isn't right from line %d on: there is to be a JSON array of objects.", line)
}

// fill takes the fields in their own order, so that problems always come in
// the same.
func (f *File) fill(row *Row, object map[string]json.RawMessage) error {
	for name := range object {
		if _, ok := known(name); !ok {
			return unknownField(row.Line, name)
		}
	}
	for i := range fields {
		value, has := find(object, fields[i].name)
		if !has || string(value) == "null" {
			continue
		}
		text, ok := textOf(value)
		if !ok {
			f.problem(row.Line, row.Account.Name, kite.Errorf(kite.EINVALID, "There is to be a text.").WithField(fields[i].name))
			continue
		}
		if e := fields[i].set(row, text); e != nil {
			f.problem(row.Line, row.Account.Name, e)
		}
	}
	return nil
}

func find(object map[string]json.RawMessage, name string) (json.RawMessage, bool) {
	if value, has := object[name]; has {
		return value, true
	}
	for other, value := range object {
		if folded(other) == folded(name) {
			return value, true
		}
	}
	return nil, false
}

// textOf is a text, a number or a list of texts as a CSV cell would have it.
func textOf(value json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, true
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String(), true
	}
	var list []string
	if json.Unmarshal(value, &list) == nil {
		return hosts(kite.Account{AllowedHosts: list}), true
	}
	return "", false
}

// lines counts lines up to places that only go forward.
type lines struct {
	data []byte
	at   int
	line int
}

// next is the line of the first thing after offset that is no space or comma.
func (l *lines) next(offset int64) int {
	end := int(offset)
	for end < len(l.data) && bytes.IndexByte([]byte(" \t\r\n,"), l.data[end]) >= 0 {
		end++
	}
	l.line += bytes.Count(l.data[l.at:max(l.at, end)], []byte("\n"))
	l.at = max(l.at, end)
	return l.line + 1
}

// written is one account in JSON; no field can hold a secret.
type written struct {
	AccountName          string   `json:"accountName"`
	ClientID             string   `json:"clientId"`
	APIKey               string   `json:"apiKey"`
	AccountType          string   `json:"accountType"`
	CallbackURL          string   `json:"callbackUrl"`
	PostbackURL          string   `json:"postbackUrl"`
	PhoneNumber          string   `json:"phoneNumber"`
	SessionLifetimeHours float64  `json:"sessionLifetimeHours"`
	LoginURL             string   `json:"loginUrl"`
	APIRoot              string   `json:"apiRoot"`
	AllowedHosts         []string `json:"allowedHosts"`
	Slug                 string   `json:"slug"`
	LoginWay             string   `json:"loginWay"`
}

// WriteJSON writes the accounts as an array, without secrets.
func WriteJSON(w io.Writer, accounts []kite.Account) error {
	list := []written{}
	for _, a := range accounts {
		list = append(list, written{
			AccountName: a.Name, ClientID: a.ClientID, APIKey: a.APIKey, AccountType: string(a.Type),
			CallbackURL: a.CallbackURL, PostbackURL: a.PostbackURL, PhoneNumber: a.PhoneNumber,
			SessionLifetimeHours: a.TTL.Hours(), LoginURL: a.Endpoints.LoginURL, APIRoot: a.Endpoints.APIRoot,
			AllowedHosts: append([]string{}, a.AllowedHosts...), Slug: a.Slug, LoginWay: string(a.LoginWay),
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(list); err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	return nil
}
