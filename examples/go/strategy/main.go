// Command strategy looks at its positions until the session ends. kitectl exec
// starts it:
//
//	kitectl exec NAME -- go run ./examples/go/strategy [ROUNDS]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"
)

const (
	margin    = time.Minute // stop before the session ends, not in the middle of an order
	noSession = 11          // kitectl's exit code for "no valid session"
)

// errEnded says that Kite no longer accepts the access_token: log in again,
// don't retry.
var errEnded = errors.New("the session has ended")

func main() {
	err := run()
	if errors.Is(err, errEnded) {
		fmt.Fprintln(os.Stderr, "stopped:", err)
		os.Exit(noSession)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	expiresAt, err := time.Parse(time.RFC3339, os.Getenv("KITE_SESSION_EXPIRES_AT"))
	if err != nil {
		return fmt.Errorf("start this with kitectl exec: %w", err)
	}
	rounds := -1
	if len(os.Args) > 1 {
		if rounds, err = strconv.Atoi(os.Args[1]); err != nil {
			return err
		}
	}
	fmt.Println("trading for", os.Getenv("KITE_USER_ID"), "until", expiresAt.Local().Format("15:04 MST"))
	for round := 1; ; round++ {
		if time.Until(expiresAt) < margin {
			return fmt.Errorf("%w, or is about to", errEnded)
		}
		if err := look(); err != nil || round == rounds {
			return err
		}
		time.Sleep(5 * time.Second)
	}
}

func look() error {
	var funds struct {
		Available struct {
			LiveBalance float64 `json:"live_balance"`
		} `json:"available"`
	}
	var positions struct {
		Net []struct {
			PnL float64 `json:"pnl"`
		} `json:"net"`
	}
	if err := errors.Join(get("/user/margins/equity", &funds), get("/portfolio/positions", &positions)); err != nil {
		return err
	}
	profit := 0.0
	for _, p := range positions.Net {
		profit += p.PnL
	}
	fmt.Printf("%d positions, profit %.2f, cash %.2f\n", len(positions.Net), profit, funds.Available.LiveBalance)
	return nil
}

// get asks Kite and reads the answer's data.
func get(path string, into any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	root := os.Getenv("KITE_API_ROOT")
	if root == "" {
		root = "https://api.kite.trade"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, root+path, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("X-Kite-Version", "3")
	request.Header.Set("Authorization", "token "+os.Getenv("KITE_API_KEY")+":"+os.Getenv("KITE_ACCESS_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	body := struct {
		Data      any    `json:"data"`
		Message   string `json:"message"`
		ErrorType string `json:"error_type"`
	}{Data: into}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return err
	}
	switch {
	case answer.StatusCode == http.StatusForbidden && body.ErrorType == "TokenException":
		return fmt.Errorf("%w: %s", errEnded, body.Message)
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("Kite answered %d: %s", answer.StatusCode, body.Message) //nolint:staticcheck // a name
	}
	return nil
}
