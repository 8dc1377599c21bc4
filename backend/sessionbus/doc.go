// Package sessionbus connects adapters to the desktop's session bus. Every
// adapter has a connection of its own: on the one that godbus shares, a match
// of ours would end up in the tray library's loop and in go-keyring's prompts.
package sessionbus
