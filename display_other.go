//go:build !linux

package main

func hasDisplay() bool { return true }

func canHandOver() bool { return true }
