package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
	"github.com/posener/complete"
	"github.com/willabides/kongplete"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" placeholder:"SHELL" help:"bash, zsh or fish."`
}

// The shells ask kitectl itself, with the line so far in COMP_LINE: what it
// answers is never older than the program.
var completionScripts = map[string]string{
	"bash": "complete -o bashdefault -o default -C kitectl kitectl\n",
	"zsh":  "autoload -U +X bashcompinit && bashcompinit\ncomplete -o bashdefault -o default -C kitectl kitectl\n",
	"fish": `function __kitectl_complete
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct); and set COMP_LINE "$COMP_LINE "
    kitectl
end
complete -c kitectl -a '(__kitectl_complete)'
`,
}

// Run prints what the shell's start-up file is to evaluate.
func (c completionCmd) Run(out *output) error {
	_, err := io.WriteString(out, completionScripts[c.Shell])
	return err
}

// completing says that a shell asks how its line could go on.
func completing() bool { return os.Getenv("COMP_LINE") != "" }

// completeLine answers with one word on each line. What goes wrong is no news
// to somebody who is still typing.
func completeLine(parser *kong.Kong) {
	command, err := kongplete.Command(parser, kongplete.WithPredictor("account", complete.PredictFunc(accountWords)))
	if err != nil {
		return
	}
	command.Sub["status"] = command.Sub["list"]
	completion := complete.New(parser.Model.Name, command)
	completion.Out = parser.Stdout
	completion.Complete()
}

// accountWords are the accounts by their short names, which need no quotes; by
// their names where they have none.
func accountWords(line complete.Args) []string {
	dir, err := datadir.Open(dataDirIn(line.All))
	if err != nil {
		return nil
	}
	db, err := sqlite.OpenReadOnly(context.Background(), dir.Database())
	if err != nil {
		return nil
	}
	defer db.Close() //nolint:errcheck // only read
	all, err := db.Accounts(nil).Overview(context.Background())
	if err != nil {
		return nil
	}
	var words []string
	for _, a := range all {
		if a.Slug != "" {
			words = append(words, a.Slug)
		}
	}
	return words
}

// dataDirIn is the data folder that a line names; empty if it names none.
func dataDirIn(words []string) string {
	for i, word := range words {
		if value, ok := strings.CutPrefix(word, "--data-dir="); ok {
			return value
		}
		if word == "--data-dir" && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

type manCmd struct{}

// Run prints the man page, in roff, of section 1.
func (manCmd) Run(out *output, ctx *kong.Context) error {
	page := mangokong.NewManPage(1, ctx.Model)
	page.WithSection("Files and environment", strings.Join([]string{
		"KITE_ACCOUNTS_DATA_DIR names the data folder.",
		"exec gives its command " + strings.Join(variableNames(), ", ") + ".",
	}, " "))
	page.WithSection("Exit codes", exitTexts())
	_, err := fmt.Fprint(out, page.Build(roff.NewDocument()))
	return err
}

// exitTexts lists the exit codes for the man page.
func exitTexts() string {
	var lines []string
	for code, meaning := range exitMeanings {
		lines = append(lines, fmt.Sprintf("%3d  %s", code, meaning))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n\n")
}
