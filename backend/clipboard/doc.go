// Package clipboard copies for the user and takes secrets back.
//
// Rules:
//   - A secret leaves the clipboard after ClearAfter and when the program
//     ends, but only while the clipboard still holds that very copy: what
//     another program put there since is the user's.
//   - A later copy of ours takes over; the earlier one's clearing is void.
//   - A text that is no secret stays.
//   - The page never sees what is copied: Go gives it to the desktop itself.
//
// Keeper has the rules. A Board is the desktop's clipboard; package gtk in this
// folder is the one for Linux, package pasteboard that for macOS.
package clipboard
