// Package lean makes a process small that has nothing to do for hours.
package lean
