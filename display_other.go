//go:build !linux

package main

func hasDisplay() bool { return true }
