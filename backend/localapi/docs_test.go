package localapi_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

var codeBlock = regexp.MustCompile("(?s)```(sh|json)\n(.*?)```")

// shape is what a JSON value looks like without its values.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		var keys []string
		for key, value := range v {
			keys = append(keys, fmt.Sprint(key, ":", shape(value)))
		}
		slices.Sort(keys)
		return keys
	case []any:
		if len(v) == 0 {
			return "[]"
		}
		return fmt.Sprint("[", shape(v[0]), "]")
	}
	return fmt.Sprintf("%T", v)
}

func shapeOf(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Errorf("%v in %s", err, text)
	}
	return fmt.Sprint(shape(v))
}

// The document's commands work, and answer as it shows.
func TestDocs_commands_work(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "local-api.md"))
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, func(c *localapi.Config) { c.Gateway, c.Limits.Heartbeat = &gateway{}, 100*time.Millisecond })
	a := b.account(1)
	a.Name, a.Slug = "Family swing", "family-swing"
	if err := b.db.Accounts(b.sealer).UpdateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	b.session(a, "s")
	_, token := b.client("Trading bot", a)
	folder := t.TempDir()
	body := exchangeBody(b.requestToken(1), sandbox.SharedApp, sandboxSecret)
	if err := os.WriteFile(filepath.Join(folder, "exchange.json"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	// A stream goes on: it is read until its first event, and curl ends with the
	// sign of life that nobody reads.
	prelude := "kitectl() { echo " + token + "; }\n" + `curl() {
		case "$*" in
		*/v1/events) command curl --silent "$@" | sed '/^data: /q' ;;
		*) command curl --silent --show-error --fail-with-body "$@" ;;
		esac
	}
	`
	output, commands := "", 0
	for _, block := range codeBlock.FindAllStringSubmatch(string(text), -1) {
		if block[1] == "json" {
			if got, want := shapeOf(t, output), shapeOf(t, block[2]); got != want {
				t.Errorf("answer  %s\nshown   %s", got, want)
			}
			continue
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-ec", prelude+strings.ReplaceAll(block[2], "http://127.0.0.1:51731", b.url))
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s\n%v\n%s", block[2], err, out)
		}
		if output = string(out); strings.Contains(block[2], "/v1/events") {
			_, output, _ = strings.Cut(output, "data: ")
			output, _, _ = strings.Cut(output, "\n")
		}
		commands++
	}
	if commands != 7 {
		t.Errorf("%d commands were found", commands)
	}
}

func TestDocs_tell_the_limits(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "local-api.md"))
	if err != nil {
		t.Fatal(err)
	}
	l := localapi.UsualLimits()
	want := fmt.Sprintf("over %v requests a second (%v to `/kite/`) or %d at once", l.Rate, l.KiteRate, l.Requests)
	if !strings.Contains(string(text), want) {
		t.Errorf("it lacks %q", want)
	}
	if !strings.Contains(string(text), fmt.Sprintf("127.0.0.1:%d", kite.DefaultLocalAPIPort)) {
		t.Error("it lacks the port")
	}
}
