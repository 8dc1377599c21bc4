package localapi_test

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

var someToken = clients.TokenPrefix + strings.Repeat("aB3-_", 8) + "xyz"

func TestCredentialOf(t *testing.T) {
	for value, valid := range map[string][2]bool{ // elsewhere, of Kite's client
		"Bearer " + someToken:                        {true, true},
		"bearer   " + someToken:                      {true, true},
		"BEARER " + someToken:                        {true, true},
		"Bearer\t" + someToken:                       {false, false},
		"Bearer " + someToken + " ":                  {false, false},
		"token key:" + someToken:                     {false, true},
		"token :" + someToken:                        {false, true},
		"Token key:" + someToken:                     {false, true},
		"token " + someToken:                         {false, false},
		"token a:b:" + someToken:                     {false, false},
		"Bearer key:" + someToken:                    {false, false},
		"Basic " + someToken:                         {false, false},
		someToken:                                    {false, false},
		"Bearer " + someToken[:45]:                   {false, false},
		"Bearer " + someToken + "a":                  {false, false},
		"Bearer kb_" + someToken[3:]:                 {false, false},
		"Bearer ka_" + strings.Repeat("=", 43):       {false, false},
		"Bearer ka_" + strings.Repeat("é", 21) + "a": {false, false},
	} {
		for i, fromKiteClient := range []bool{false, true} {
			got, hash := localapi.CredentialOf(http.Header{"Authorization": {value}}, fromKiteClient)
			if got != valid[i] || (got && hash != sha256.Sum256([]byte(someToken))) {
				t.Errorf("%q, %t: %t", value, fromKiteClient, got)
			}
		}
	}
}

func FuzzCredentialOf(f *testing.F) {
	f.Add("Bearer "+someToken, true)
	f.Add("token key:"+someToken, false)
	f.Add("token a:b:c", true)
	f.Add("", false)
	f.Fuzz(func(t *testing.T, value string, fromKiteClient bool) {
		valid, hash := localapi.CredentialOf(http.Header{"Authorization": {value}}, fromKiteClient)
		if !valid {
			return
		}
		token := value[max(0, len(value)-len(someToken)):]
		if !strings.HasPrefix(token, clients.TokenPrefix) || hash != sha256.Sum256([]byte(token)) {
			t.Errorf("accepted: %q", value)
		}
	})
}
