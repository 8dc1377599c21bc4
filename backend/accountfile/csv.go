package accountfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// formulas begin cells that spreadsheets would run; written, they get an
// apostrophe in front, and read, they lose it:
// https://owasp.org/www-community/attacks/CSV_Injection.
const formulas = "=+-@\t\r"

func harmless(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

func original(cell string) string {
	if cell != "" && cell[0] == '\'' && isFormula(cell) {
		return cell[1:]
	}
	return cell
}

// isFormula counts what has apostrophes in front too: it gets one more, or
// reading would take one of its own.
func isFormula(cell string) bool {
	bare := strings.TrimLeft(cell, "'")
	return bare != "" && strings.ContainsRune(formulas, rune(bare[0]))
}

func (f *File) readCSV(data []byte) error {
	table := csv.NewReader(bytes.NewReader(data))
	table.FieldsPerRecord = -1
	table.ReuseRecord = true
	columns, err := readHeader(table)
	if err != nil {
		return err
	}
	for {
		cells, err := table.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return misshapen(err)
		}
		line, _ := table.FieldPos(0)
		if err := f.addCells(line, columns, cells); err != nil {
			return err
		}
	}
}

// misshapen tells where CSV is none; the cause names the line and the rule.
func misshapen(err error) error {
	line := 1
	var e *csv.ParseError
	if errors.As(err, &e) {
		line = e.Line
	}
	return kite.Errorf(kite.EINVALID, "Line %d isn't CSV: a quotation mark is missing or in the wrong place.", line).
		WithHint("Put quotation marks around a cell that has one in it, and double that one.")
}

// readHeader finds the field of each column, nil for one that is ignored.
func readHeader(table *csv.Reader) ([]*field, error) {
	names, err := table.Read()
	if err != nil {
		return nil, misshapen(err)
	}
	seen := map[*field]bool{}
	columns := make([]*field, len(names))
	for i, name := range names {
		column, ok := known(original(name))
		switch {
		case !ok:
			return nil, unknownField(1, name)
		case column != nil && seen[column]:
			return nil, kite.Errorf(kite.EINVALID, "The header has the column %s twice.", column.name)
		}
		columns[i] = column
		seen[column] = true
	}
	return columns, nil
}

// longestName bounds what of a field's name an error repeats.
const longestName = 40

// unknownField names a field that isn't known. In a file without a header it
// would be a cell, which may be a secret: then it is left out.
func unknownField(line int, name string) error {
	if strings.TrimSpace(name) == "" {
		name = "one without a name"
	} else if len(name) > longestName || strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(fieldLetters, r) }) {
		name = "another name"
	}
	return kite.Errorf(kite.EINVALID, "Line %d has a field that isn't known: %s.", line, name).
		WithHint("The fields are accountName, clientId, apiKey, apiSecret, password, accountType, callbackUrl, postbackUrl, phoneNumber and a few more; see docs/cli.md.")
}

// fieldLetters are those of names of fields; digits aren't among them, which
// keys and secrets have.
const fieldLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_- "

func (f *File) addCells(line int, columns []*field, cells []string) error {
	row := Row{Line: line}
	if len(cells) != len(columns) {
		f.problem(line, "", kite.Errorf(kite.EINVALID, "The line has %d cells and the header %d.", len(cells), len(columns)))
	}
	for i, cell := range cells {
		if i >= len(columns) || columns[i] == nil {
			continue
		}
		if e := columns[i].set(&row, strings.Clone(original(cell))); e != nil {
			f.problem(line, row.Account.Name, e)
		}
	}
	return f.add(row)
}

// WriteCSV writes the accounts below a header, without secrets.
func WriteCSV(w io.Writer, accounts []kite.Account) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	var names []string
	for _, f := range fields {
		if f.get != nil {
			names = append(names, f.name)
		}
	}
	_ = table.Write(names) // Error tells
	for _, a := range accounts {
		cells := make([]string, 0, len(names))
		for _, f := range fields {
			if f.get != nil {
				cells = append(cells, harmless(f.get(a)))
			}
		}
		_ = table.Write(cells) // Error tells
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	return nil
}
