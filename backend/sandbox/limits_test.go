package sandbox_test

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

type failure struct {
	Status    string `json:"status"`
	Message   string `json:"message"`
	ErrorType string `json:"error_type"`
}

// profileOf asks without a valid token, zipped as Kite's answers may be.
func profileOf(t *testing.T, k *sandboxtest.Kite, apiKey string) (int, failure) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, k.URL+"/user/profile", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+apiKey+":none")
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	unzipped, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatalf("answer isn't zipped: %v", err)
	}
	var f failure
	if err := json.NewDecoder(unzipped).Decode(&f); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, f
}

func TestLimit_is_ten_calls_a_second_for_each_key(t *testing.T) {
	k := sandboxtest.Start(t, sandbox.Config{})
	refused := failure{"error", "Incorrect `api_key` or `access_token`.", "TokenException"}
	limited := failure{"error", "Too many requests", "NetworkException"}
	last, status := refused, 0
	calls := 0
	for ; last == refused && calls < 1000; calls++ {
		status, last = profileOf(t, k, sandbox.SharedApp)
	}
	if calls <= 10 || status != http.StatusTooManyRequests || last != limited {
		t.Errorf("after %d calls: %d %+v", calls, status, last)
	}
	if status, f := profileOf(t, k, sandbox.PrivateApp); status != http.StatusForbidden || f != refused {
		t.Errorf("another key: %d %+v", status, f)
	}
}
