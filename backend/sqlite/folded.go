package sqlite

import (
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// folded is the same for texts that differ in case only, in any script, or in
// how their letters are composed. Folding takes some letters apart, so it is
// composed again.
func folded(text string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(text))) }

// mentions is a function of SQL, since LIKE ignores the case of A to Z alone. It
// says whether one of the texts contains what, which is folded already.
func mentions(what string, texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(folded(text), what) })
}
