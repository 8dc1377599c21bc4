// Package inspect looks at what is shipped and says what is wrong with it. Each
// function returns one sentence for each fault, and none where all is well.
//
//	elf.go      how a Linux program was linked, and what it loads
//	pe.go       the same of a Windows program
//	content.go  from what a program was built, and what its bytes give away
//	page.go     the page that the window shows
//	policy.go   its Content-Security-Policy
package inspect
