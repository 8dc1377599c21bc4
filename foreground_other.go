//go:build !windows

package main

// letOthersRaise has nothing to do: that right is Windows' own.
func letOthersRaise() {}
