// Package hardening keeps other programs of the same user out of this
// process's memory, as far as the system lets it: no debugger attaches, and no
// core dump is written that would hold keys and tokens. Whoever is root, or
// replaces the program itself, is beyond its reach. On Windows the window stays
// open to the user's other programs; the agent and kitectl don't.
//
// Apply is for a process with a web view, ApplyWindowless for one without, and
// ApplyUntilExec for one that may become a program of the user's.
//
// The build with tag e2e leaves it off, since a hardened process's environment
// and memory use can't be read by the tests that inspect them.
package hardening
