// Package win is the clipboard of Windows. Off Windows it is empty.
package win
