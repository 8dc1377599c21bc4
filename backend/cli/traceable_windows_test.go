package cli_test

// traceable has nothing to undo.
func traceable() {}
