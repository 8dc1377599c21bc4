// Package pasteboard is the clipboard of macOS, through Cocoa.
package pasteboard
