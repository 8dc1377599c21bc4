package notify

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// stage is what of macOS the script touches, for Node.js.
const stage = `
const ObjC = { import() {}, unwrap: (s) => s }
const $ = {
  NSUTF8StringEncoding: 4,
  NSFileHandle: { fileHandleWithStandardInput: { get readDataToEndOfFile() { return require('fs').readFileSync(0) } } },
  NSString: { alloc: { initWithDataEncoding: (data, encoding) => { if (encoding !== 4) throw encoding; return data.toString() } } },
}
const app = { displayNotification: (...given) => console.log(JSON.stringify(given)) }
const Application = { currentApplication: () => app }
`

func TestJXA_shows_the_words_and_runs_none_of_them(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]kite.Notice{
		"plain":   {Title: "Personal", Body: "Session ended."},
		"urgent":  {Title: "Personal", Body: "Session ended.", Urgent: true},
		"code":    {Title: `" & (do shell script "id") & "`, Body: "`${process.exit(3)}` '); process.exit(3) //\u2028\\"},
		"scripts": {Title: "पतंग \u200d🪁", Body: "two\nlines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input, err := jxaInput(n)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "node", "-e", stage+jxa+"\nrun()")
			cmd.Stdin = strings.NewReader(string(input))
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var shown []any
			if err := json.Unmarshal(out, &shown); err != nil || len(shown) != 2 {
				t.Fatalf("%v: %s", err, out)
			}
			options := shown[1].(map[string]any)
			if shown[0] != n.Body || options["withTitle"] != n.Title || (options["soundName"] == "default") != n.Urgent {
				t.Errorf("shown: %s", out)
			}
		})
	}
}
