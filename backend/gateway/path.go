package gateway

import (
	"net/url"
	"strings"
)

// maxPath is far above Kite's paths, in bytes.
const maxPath = 1024

// decodePath gives the path that Kite will see, or false for one that isn't
// passed on: every proxy and router on the way must read it alike. So it has
// no empty segments, no dot segments, and in whatever encoding nothing but
// what Kite's paths are made of, such as /quote or
// /instruments/NSE/M%26M/trigger_range.
func decodePath(escaped string) (decoded string, ok bool) {
	if len(escaped) > maxPath || !strings.HasPrefix(escaped, "/") {
		return "", false
	}
	if escaped == "/" {
		return "/", true
	}
	decoded, err := url.PathUnescape(escaped)
	if err != nil || strings.Count(decoded, "/") != strings.Count(escaped, "/") {
		return "", false
	}
	for segment := range strings.SplitSeq(decoded[1:], "/") {
		if segment == "" || segment == "." || segment == ".." || strings.ContainsFunc(segment, foreign) {
			return "", false
		}
	}
	return decoded, true
}

// foreign says that the character is in none of Kite's paths. A percent sign
// is what a path encoded twice decodes to; a semicolon begins parameters that
// some routers cut off.
func foreign(c rune) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return false
	}
	return !strings.ContainsRune("-._~&:+*$!'(),= ", c)
}

// withoutCredentials drops what Kite's clients name their credentials in a
// query (they do so for /session only), as it may hold the program's bearer
// token. The rest stays as it is, byte by byte.
func withoutCredentials(query string) string {
	if !strings.Contains(query, "%") && !mentionsCredential(query) {
		return query
	}
	kept := make([]string, 0, strings.Count(query, "&")+1)
	for parameter := range strings.SplitSeq(query, "&") {
		if !namesCredential(parameter) {
			kept = append(kept, parameter)
		}
	}
	return strings.Join(kept, "&")
}

// namesCredential looks behind semicolons too, where some servers split.
func namesCredential(parameter string) bool {
	for part := range strings.SplitSeq(parameter, ";") {
		name, _, _ := strings.Cut(part, "=")
		if decoded, err := url.QueryUnescape(name); err == nil {
			name = decoded
		}
		if mentionsCredential(name) {
			return true
		}
	}
	return false
}

func mentionsCredential(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "api_key") || strings.Contains(text, "access_token") || strings.Contains(text, "authorization")
}
