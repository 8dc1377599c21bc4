package update

import (
	"errors"
	"net/url"
	"strings"
)

// The project's pages on GitHub, which others' are beside.
const (
	projectHost  = "github.com"
	projectPages = "/kiteaccounts/"
)

var errPage = errors.New("the page isn't one of the project's")

// checkPage lets only pages be opened that belong to whoever makes the
// releases: those of the project on GitHub, and those of the host that the feed
// is on, unless that is GitHub.
func checkPage(page string, feed *url.URL) error {
	u, err := url.Parse(page)
	switch {
	case err != nil, len(page) > maxPage, u.Scheme != "https", u.User != nil, u.Opaque != "",
		strings.ContainsFunc(page, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }):
		return errPage
	case strings.Contains(u.Path, "\\"), strings.Contains(u.Path+"/", "/../"), strings.Contains(u.Path+"/", "/./"):
		return errPage // a browser would go elsewhere than the path begins
	case u.Host == projectHost:
		if !strings.HasPrefix(u.Path, projectPages) {
			return errPage
		}
		return nil
	case u.Host == feed.Hostname() && feed.Port() == "":
		return nil
	}
	return errPage
}
