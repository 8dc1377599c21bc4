// Package autostart starts a program when the user logs in to the computer:
// by an XDG autostart file on Linux, the Run key on Windows, a LaunchAgent on
// macOS. The texts are written by pure functions, which are tested everywhere.
package autostart
