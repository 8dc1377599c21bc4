package agent

// Connect is a connection on which nothing was said.
var Connect = dial
