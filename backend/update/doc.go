// Package update tells whether a newer version is out. It reads a signed feed
// of releases, and nothing else: it never loads a program and never replaces
// one; what it finds is a page for the system browser.
//
//	source.go   where the feed is and whose signature counts, set by the linker
//	feed.go     the feed's form and bounds; plain.go, page.go: what of it is shown
//	fetch.go    the two requests
//	check.go    one check, and what is kept of it
//	daily.go    the check once a day, where the user switched that on
//	version.go  which of two versions is newer
//	install.go  how this program was installed; licences.go: what came with it
//
// Rules. Off until the user switches it on. Never where a package manager
// updates the program. A feed counts only with the signature of a pinned key, and
// only if it isn't older than one seen before; a version that isn't newer than
// our own is never offered. Requests go by https, carry no cookie, no version and
// nothing that tells one user from another.
package update
