package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// clientCmd is about the programs that may use the local API.
type clientCmd struct {
	List   clientListCmd   `cmd:"" help:"List the programs that may use the local API."`
	Add    clientAddCmd    `cmd:"" help:"Let a program use the local API and print its token, this once."`
	Edit   clientEditCmd   `cmd:"" help:"Change a program's name or what it may do."`
	Revoke clientRevokeCmd `cmd:"" help:"End a program's token for good."`
}

// shownClient is a client in JSON. Times are RFC 3339 in UTC, null for never.
type shownClient struct {
	Name        string     `json:"name"`
	Accounts    []string   `json:"accounts"` // slugs; those it has if allAccounts is false
	AllAccounts bool       `json:"allAccounts"`
	MayTrade    bool       `json:"mayTrade"`
	CreatedAt   time.Time  `json:"createdAt"`
	LastUsedAt  *time.Time `json:"lastUsedAt"`
}

type clientListCmd struct {
	JSON bool `help:"Print JSON: an array of programs, accounts by short name, times in RFC 3339."`
}

// Run lists the clients; their tokens are nowhere.
func (c clientListCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	all, err := w.shownClients(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(out, "No program may use the local API. Add one: kitectl client add NAME --account=NAME.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tACCOUNTS\tMAY\tLAST USED")
	for _, v := range all {
		accounts, may, used := strings.Join(v.Accounts, ", "), "read", "never"
		if v.AllAccounts {
			accounts = "all"
		}
		if v.MayTrade {
			may = "read and trade"
		}
		if v.LastUsedAt != nil {
			used = v.LastUsedAt.In(kite.IST).Format("2 Jan 2006 15:04 MST")
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", printable(v.Name), accounts, may, used)
	}
	return table.Flush()
}

func (w *workbench) shownClients(ctx context.Context) ([]shownClient, error) {
	all, err := w.Clients().List(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := w.Accounts.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]shownClient, 0, len(all))
	for _, c := range all {
		v := shownClient{Name: c.Name, Accounts: []string{}, AllAccounts: c.AllAccounts, MayTrade: c.MayTrade, CreatedAt: c.CreatedAt}
		for _, a := range accounts {
			if slices.Contains(c.AccountIDs, a.ID) {
				v.Accounts = append(v.Accounts, a.Slug)
			}
		}
		if !c.LastUsedAt.IsZero() {
			v.LastUsedAt = &c.LastUsedAt
		}
		views = append(views, v)
	}
	return views, nil
}

// accountIDs are those of the accounts called so.
func (w *workbench) accountIDs(ctx context.Context, names []string) ([]string, error) {
	var ids []string
	for _, name := range names {
		a, err := findAccount(ctx, w.Accounts.Store, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

type clientAddCmd struct {
	Name        string   `arg:"" help:"What the list and the history call the program."`
	Account     []string `placeholder:"NAME" sep:"none" xor:"which" help:"An account that it may use; may be given several times."`
	AllAccounts bool     `xor:"which" help:"It may use all accounts, later ones too."`
	MayTrade    bool     `help:"It may also place, change and cancel orders."`
}

// Run adds the client. The token is all that stdout gets.
func (c clientAddCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	ids, err := w.accountIDs(ctx, c.Account)
	if err != nil {
		return err
	}
	client, token, err := w.Clients().Add(ctx, kite.APIClient{Name: c.Name, AccountIDs: ids, AllAccounts: c.AllAccounts, MayTrade: c.MayTrade})
	if err != nil {
		return withClientHint(err)
	}
	defer token.Wipe()
	_, _ = fmt.Fprintf(os.Stderr, "kitectl: this is the token of %s. It is shown only now; keep it where only that program reads it.\n", client.Name)
	_, err = fmt.Fprintln(out, token.Reveal())
	return err
}

// withClientHint says what to type where the window would say what to choose.
func withClientHint(err error) error {
	if e := kite.AsError(err); e.Field == "accountIds" {
		return e.WithHint("Say --account=NAME, once or more, or --all-accounts.")
	}
	return err
}

type clientEditCmd struct {
	Name        string   `arg:"" help:"Name of the program."`
	NewName     string   `name:"name" placeholder:"NAME" help:"Another name."`
	Account     []string `placeholder:"NAME" sep:"none" xor:"which" help:"The accounts that it may use, in place of those before; may be given several times."`
	AllAccounts bool     `xor:"which" help:"It may use all accounts, later ones too."`
	MayTrade    bool     `xor:"trade" help:"It may also place, change and cancel orders."`
	MayOnlyRead bool     `xor:"trade" help:"It may no longer trade."`
}

// Run changes what was said and leaves the rest.
func (c clientEditCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	client, err := w.Clients().Find(ctx, c.Name)
	if err != nil {
		return err
	}
	if len(c.Account) > 0 {
		client.AllAccounts = false
		if client.AccountIDs, err = w.accountIDs(ctx, c.Account); err != nil {
			return err
		}
	}
	if c.NewName != "" {
		client.Name = c.NewName
	}
	client.AllAccounts = client.AllAccounts || c.AllAccounts
	client.MayTrade = (client.MayTrade || c.MayTrade) && !c.MayOnlyRead
	if err := w.Clients().Change(ctx, client); err != nil {
		return withClientHint(err)
	}
	_, err = fmt.Fprintf(out, "%s was changed.\n", client.Name)
	return err
}

type clientRevokeCmd struct {
	Name string `arg:"" help:"Name of the program."`
}

// Run revokes the client's token at once. It asks nothing: what it does harms
// nobody but the program, which is added again in a moment.
func (c clientRevokeCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	client, err := w.Clients().Find(ctx, c.Name)
	if err != nil {
		return err
	}
	if err := w.Clients().Revoke(ctx, client.ID); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The token of %s was revoked.\n", client.Name)
	return err
}
