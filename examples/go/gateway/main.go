// Command gateway uses the local API's gateway: it never sees an access_token.
//
//	go run ./examples/go/gateway NAME < TOKEN
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// noSession is kitectl's exit code for "no valid session".
const noSession = 11

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gateway NAME < TOKEN")
		os.Exit(2)
	}
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n') // the last line may lack its end
	code, err := show(os.Args[1], strings.TrimSpace(line))
	if err != nil {
		fmt.Fprintln(os.Stderr, "stopped:", err)
	}
	os.Exit(code)
}

func show(name, token string) (exit int, err error) {
	var list struct {
		Accounts []struct{ Slug, State, ExpiresAt string }
		Error    *struct{ Message string }
	}
	if _, err := get("/v1/accounts", token, &list); err != nil {
		return 1, err
	}
	if list.Error != nil {
		return 1, fmt.Errorf("%s", list.Error.Message)
	}
	for _, a := range list.Accounts {
		fmt.Println(a.Slug, a.State, a.ExpiresAt)
	}
	var holdings struct {
		Data []struct {
			Tradingsymbol string  `json:"tradingsymbol"`
			Quantity      int     `json:"quantity"`
			PnL           float64 `json:"pnl"`
		} `json:"data"`
		Message   string `json:"message"`
		ErrorType string `json:"error_type"`
	}
	status, err := get("/kite/"+url.PathEscape(name)+"/portfolio/holdings", token, &holdings)
	switch {
	case err != nil:
		return 1, err
	case status == http.StatusForbidden && holdings.ErrorType == "TokenException":
		return noSession, fmt.Errorf("%s", holdings.Message)
	case status != http.StatusOK:
		return 1, fmt.Errorf("%s", holdings.Message)
	}
	for _, h := range holdings.Data {
		fmt.Printf("%-12s %6d %12.2f\n", h.Tradingsymbol, h.Quantity, h.PnL)
	}
	return 0, nil
}

func get(path, token string, into any) (status int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	base := os.Getenv("KITE_ACCOUNTS_URL")
	if base == "" {
		base = "http://127.0.0.1:51731"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, http.NoBody)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	return answer.StatusCode, json.NewDecoder(answer.Body).Decode(into)
}
