// Package doctor examines an installation: it runs probes side by side, each
// within its time, and says of everything found whether it is as it should be
// and what to do if not. What the probes look at is theirs; what the findings
// mean is here, in the files named for their subject.
package doctor

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Level is how a check came out.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Note    Level = "note"    // works, but less is possible than could be
	Problem Level = "problem" // something doesn't work
)

// Check is one line of a report. Message is a whole sentence; Hint says what
// to do and may be empty unless it is a problem.
type Check struct {
	Name    string `json:"name"`
	Level   Level  `json:"level"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Report is the outcome of an examination.
type Report struct {
	Checks []Check `json:"checks"`
}

// Worst is the worst level of the report.
func (r Report) Worst() Level {
	worst := OK
	for _, c := range r.Checks {
		if c.Level == Problem {
			return Problem
		}
		if c.Level == Note {
			worst = Note
		}
	}
	return worst
}

// Count is how many checks came out so.
func (r Report) Count(l Level) int {
	n := 0
	for _, c := range r.Checks {
		if c.Level == l {
			n++
		}
	}
	return n
}

// Print writes a line for each check, and below it what to do.
func (r Report) Print(w io.Writer) error {
	width := 0
	for _, c := range r.Checks {
		width = max(width, len(c.Name))
	}
	var text strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&text, "%-7s  %-*s  %s\n", c.Level, width, c.Name, c.Message)
		if c.Hint != "" {
			fmt.Fprintf(&text, "%*s  → %s\n", len(Problem)+2+width, "", c.Hint)
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// Probe looks at one thing. Look may block for ever: it is then left alone and
// reported as a problem, with Hung as what to do.
type Probe struct {
	Name  string
	Limit time.Duration
	Look  func(ctx context.Context) []Check
	Hung  string
}

// Examine runs all probes at once and returns their checks in the order of the
// probes.
func Examine(ctx context.Context, probes []Probe) Report {
	answers := make([]chan []Check, len(probes))
	for i, p := range probes {
		answers[i] = make(chan []Check, 1) // an answer that comes too late stays there
		go func() { answers[i] <- p.within(ctx) }()
	}
	report := Report{Checks: []Check{}}
	for _, answer := range answers {
		report.Checks = append(report.Checks, <-answer...)
	}
	return report
}

func (p Probe) within(ctx context.Context) []Check {
	ctx, cancel := context.WithTimeout(ctx, p.Limit)
	defer cancel()
	done := make(chan []Check, 1) // as above
	go func() { done <- p.Look(ctx) }()
	select {
	case checks := <-done:
		return checks
	case <-ctx.Done():
		return []Check{{p.Name, Problem, fmt.Sprintf("No answer within %s.", p.Limit), p.Hung}}
	}
}

// ok, note and problem make checks.
func ok(name, format string, args ...any) Check {
	return Check{Name: name, Level: OK, Message: fmt.Sprintf(format, args...)}
}

func note(name, message, hint string) Check { return Check{name, Note, message, hint} }

func problem(name, message, hint string) Check { return Check{name, Problem, message, hint} }
