// Package tray shows an icon with a menu in the desktop's tray.
//
// MenuOf is pure: which words, in which order, and when they change. Tray
// shows them through fyne.io/systray, which on Linux speaks the
// StatusNotifierItem and dbusmenu protocols and needs no GTK.
//
// Rules, each learned from fyne's source (1.12.2):
//   - Its state is global: one Tray per process.
//   - It lives on the session bus's connection that go-keyring shares, and
//     would launch a bus where there is none. It is started only where there is
//     one, and nothing of ours adds a match to that connection.
//   - Its loop that registers the icon with a tray that comes late ends on the
//     first signal with fewer than three values. So hosts are watched over a
//     private connection, and an icon that a watcher doesn't list after a
//     moment is registered from here. The moment is there so that nobody
//     registers twice.
//   - It never comes back after the bus died, and panics when it is given an
//     icon then. It is started anew, and its panic caught.
//   - It emits signals with every change, even to the same value. Only what
//     changed is handed to it.
//   - A click is dropped if nobody waits for it at that moment. So every item
//     has a goroutine that waits.
//   - On macOS its loop needs the main thread, and every change to the menu
//     waits for that. So nothing that runs on it takes our lock, and the menu
//     is let go of before the loop ends.
package tray
