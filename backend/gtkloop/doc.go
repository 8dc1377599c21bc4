// Package gtkloop runs functions on the thread of GTK's main loop, the only
// one that may touch GTK. Wails runs that loop in the window's process.
package gtkloop
