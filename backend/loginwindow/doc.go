// Package loginwindow shows a login page in a process of its own and catches
// the redirect.
//
//	window.go    the parent: starts the helper, waits, leaves no process behind
//	protocol.go  what the two say to each other
//	policy.go    pure: what may load, what is the redirect
//	outcome.go   how a login window can end, in sentences
//	process_*.go how the helper ends with all that it started
//	folder.go    what a web view keeps is removed, even if it is held for a while
//	place.go     where that is, and what killed processes left of it
//	webview/     the helper: one native web view per platform and nothing else
//
// Rules: the helper gets no secret and has no database, key or binding; remote
// content never runs in the main process; the redirect is taken before any
// request goes to its host; whatever happens, the helper is gone when Open
// returns.
package loginwindow
