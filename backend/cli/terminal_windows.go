package cli

// terminalName is the console that a process belongs to.
const terminalName = "CON"
