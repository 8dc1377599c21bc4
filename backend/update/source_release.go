//go:build !e2e

package update

import "net/url"

// Stamped is the source that the build carries, whatever is in the data folder.
func Stamped(string) (Source, error) { return NewSource(pinnedKey, feedURL) }

// permitted says whether a request may go there.
func permitted(u *url.URL) bool { return u.Scheme == "https" }
