// Package foreground passes on the right to bring a window to the front, which
// Windows gives only to the program that the user has just used or started.
package foreground
