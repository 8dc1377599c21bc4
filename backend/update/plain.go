package update

import (
	"strings"
	"unicode"
)

// plain is a text as it may be shown to a person: one line, without characters
// that are controls, invisible, or turn the direction of writing, at most so
// many characters long. Such characters could make a note look like something
// that the window says, or a sentence read other than it is written.
func plain(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return text
}
