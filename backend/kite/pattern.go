package kite

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first needed:
// everything links this package, and kitectl starts many times a day.
type pattern struct {
	text     string
	once     sync.Once
	compiled *regexp.Regexp
}

func newPattern(text string) *pattern { return &pattern{text: text} }

// MatchString says whether the text matches.
func (p *pattern) MatchString(text string) bool {
	p.once.Do(func() { p.compiled = regexp.MustCompile(p.text) })
	return p.compiled.MatchString(text)
}
