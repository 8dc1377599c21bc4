// Package clock picks the clock of a process. The release build has the
// computer's; on Linux one that sleeps until something happens: the time is
// reached, the clock is set, the computer resumes or changes its time zone. A
// build with the tag e2e reads an offset from a file in the data folder, since
// the Go runtime's clock can't be moved from outside: window, helper, sandbox
// and command line then agree on the time of day a test wants.
package clock
