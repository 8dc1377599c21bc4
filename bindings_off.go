//go:build !bindings

package main

// generatingBindings is true only in the build that Wails runs to write
// frontend/wailsjs: it must touch nothing of the user's.
const generatingBindings = false
