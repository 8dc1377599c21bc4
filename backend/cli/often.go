package cli

// often has what scripts run many times a day, and the flags of all commands.
// kong takes longer to read all commands than Kite Accounts takes to hand out a
// session, so these few are also a grammar of their own.
type often struct {
	DataDir      string     `name:"data-dir" placeholder:"DIR" help:"Keep everything under DIR (default: $$KITE_ACCOUNTS_DATA_DIR or the desktop's place)."`
	PassphraseFD descriptor `name:"passphrase-fd" placeholder:"N" help:"Read the vault's passphrase from file descriptor N instead of the terminal."`

	List   listCmd   `cmd:"" aliases:"status" help:"List accounts with state and time left, or one. Never opens the vault."`
	Exec   execCmd   `cmd:"" help:"Run a command with an account's session in its environment."`
	Token  tokenCmd  `cmd:"" help:"Print an account's access token."`
	Header headerCmd `cmd:"" help:"Print the Authorization header for Kite's API."`
	Env    envCmd    `cmd:"" help:"Print the variables of a session for a shell or a program to read."`
}

func isOften(command string) bool {
	switch command {
	case "list", "status", "exec", "token", "header", "env":
		return true
	}
	return false
}
