//go:build quietmonitor

package lean

import _ "unsafe" // for go:linkname

// Go's monitor thread looks around at least every half of this, which for an
// idle process is its only wake-up. There is no official way to say how often.
// The linker refuses the name unless told -checklinkname=0; if a version of Go
// does without it, the build fails and this file can go.
//
//go:linkname forcegcperiod runtime.forcegcperiod
var forcegcperiod int64

// QuietMonitor lets the runtime's monitor sleep for as long as nothing happens.
// Garbage is no longer collected by time: call GiveBack.
func QuietMonitor() { forcegcperiod = 7 * 24 * 3600 * 1e9 }
