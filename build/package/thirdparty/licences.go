package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

const preface = `Third-party works in Kite Accounts %s

Kite Accounts itself is under the MIT licence. Its packages also contain the
works below, each under its own licence. The numbers lead to the texts further
down, where texts that are the same stand once. Go modules are named by the
address where their source is; npm packages and the page's typeface are in the
window (kite-accounts) only.

`

// writeLicences writes the list of works and then each text once.
func writeLicences(w io.Writer, b build, parts []part) error {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(x, y part) int { return cmp.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, preface, b.Version)
	var bodies []string
	for _, p := range parts {
		var numbers []string
		for _, t := range p.Texts {
			n := slices.Index(bodies, t.Body)
			if n < 0 {
				n = len(bodies)
				bodies = append(bodies, t.Body)
			}
			numbers = append(numbers, fmt.Sprintf("[%d]", n+1))
		}
		name := strings.TrimSpace(p.Name + " " + p.Version)
		fmt.Fprintf(out, "%s\n    %s  %s\n    in %s\n", name, strings.Join(p.Licences, " and "), strings.Join(numbers, " "), inWords(p.In))
	}
	for i, body := range bodies {
		fmt.Fprintf(out, "\n%s\n[%d]\n\n%s", strings.Repeat("-", 78), i+1, body)
	}
	return out.Flush()
}

// inWords is short where something is in a program of every system.
func inWords(in []string) string {
	bySystem := map[string][]string{} // programs, by their systems
	for _, where := range in {
		program, system, _ := strings.Cut(where, " ")
		bySystem[program] = append(bySystem[program], strings.Trim(system, "()"))
	}
	var words []string
	for _, program := range slices.Sorted(maps.Keys(bySystem)) {
		if on := bySystem[program]; len(on) < len(systems) {
			program += " for " + strings.Join(on, " and ")
		}
		words = append(words, program)
	}
	return strings.Join(words, ", ")
}
