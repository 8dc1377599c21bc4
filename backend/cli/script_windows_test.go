package cli_test

import "testing"

// scripts are those for Windows, and those that need neither sh nor a way to be
// without a keyring.
func scripts(t *testing.T) []string {
	return scriptsIn(t, "script_windows/*.txt", "script/history.txt", "script/version.txt")
}

// keyrings has nothing to start: the Credential Manager is open for its user.
func keyrings(*testing.T) map[string]string { return map[string]string{"open": ""} }
