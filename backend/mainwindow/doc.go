// Package mainwindow keeps the main window on its own page.
//
// The Go methods are bound in that window, and Wails has no navigation policy:
// a link, a script or a dropped file could lead it to a foreign page in our
// frame. Confine finds the window's web view, through GTK or Cocoa or in Wails'
// own window for Windows, and refuses, before any request is sent:
//   - every navigation and answer that isn't wails://, http://wails.localhost
//     on Windows
//   - new windows, downloads and file choosers
//   - the inspector
//
// Permission prompts need no rule on Linux, where WebKit denies what nobody
// answers; Wails for Windows grants whatever a page asks for, so there it is
// denied. WebView2 can't refuse file choosers.
package mainwindow
