package cli

import "os"

// terminalName is the console that a process belongs to.
const terminalName = "CON"

// inherited is the file that the caller gave as that handle.
func inherited(fd int) *os.File { return os.NewFile(uintptr(fd), "passphrase") }
