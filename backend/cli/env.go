package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// accountVar names, inside exec, whose session it is. It marks that one is
// inside, so env doesn't print it.
const accountVar = "KITE_ACCOUNT"

const tokenVar = "KITE_ACCESS_TOKEN"

// ForgetToken keeps the token that this process got from exec, if it runs
// inside one, from what it starts in turn: an agent, a browser or a web view
// stays longer than the command that the token is for.
func ForgetToken() { _ = os.Unsetenv(tokenVar) } // fails for names only that are none

// variable is one variable of a program's environment.
type variable struct{ Name, Value string }

// variables are what a program gets to call Kite: all times are UTC.
func variables(h kite.Handout) []variable {
	return []variable{
		{"KITE_API_KEY", h.App.APIKey},
		{tokenVar, h.Access.Reveal()},
		{"KITE_USER_ID", h.Session.UserID},
		{"KITE_SESSION_EXPIRES_AT", h.Session.ExpiresAt.UTC().Format(time.RFC3339)},
		{"KITE_API_ROOT", h.App.Endpoints.APIRoot},
	}
}

func variableNames() []string {
	names := []string{}
	for _, v := range variables(kite.Handout{}) {
		names = append(names, v.Name)
	}
	return append(names, accountVar)
}

// withVariables is an environment in which these variables replace whatever
// had their names.
func withVariables(environ []string, h kite.Handout) []string {
	own := append(variables(h), variable{accountVar, nestedName(h.Account)})
	result := make([]string, 0, len(environ)+len(own))
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		if !isOwn(own, name) {
			result = append(result, e)
		}
	}
	for _, v := range own {
		result = append(result, v.Name+"="+v.Value)
	}
	return result
}

// nestedName is the account as KITE_ACCOUNT has it: no shell reads that.
func nestedName(a kite.Account) string {
	if a.Slug != "" {
		return a.Slug
	}
	return a.Name
}

func isOwn(own []variable, name string) bool {
	for _, v := range own {
		if sameVariable(v.Name, name) {
			return true
		}
	}
	return false
}

type envCmd struct {
	Name   string `arg:"" placeholder:"NAME" predictor:"account" help:"The account's name or short name."`
	Format string `enum:"sh,fish,powershell,dotenv,json" default:"sh" placeholder:"FORMAT" help:"sh, fish, powershell, dotenv or json (default: ${default})."`
}

// Run prints the variables for a shell or a program to read.
func (c envCmd) Run(out *output, global *commands) error {
	h, err := global.printed(c.Name, "Session printed for "+c.Format+" (env).")
	if err != nil {
		return err
	}
	return printVariables(out, c.Format, variables(h))
}

func printVariables(w io.Writer, format string, variables []variable) error {
	if format == "json" {
		return printJSONVariables(w, variables)
	}
	line := lineFormats[format]
	for _, v := range variables {
		if _, err := fmt.Fprintf(w, line.text+"\n", v.Name, line.quote(v.Value)); err != nil {
			return err
		}
	}
	return nil
}

// printJSONVariables prints one object of strings.
func printJSONVariables(w io.Writer, variables []variable) error {
	object := map[string]string{}
	for _, v := range variables {
		object[v.Name] = v.Value
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(object)
}
