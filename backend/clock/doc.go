// Package clock picks the clock of a process. The release build has the
// computer's. A build with the tag e2e reads an offset from a file in the data
// folder, since the Go runtime's clock can't be moved from outside: window,
// helper, sandbox and command line then agree on the time of day a test wants.
package clock
