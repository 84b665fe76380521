package knowledge

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/answer"
	"shanzhi/core/pack"
)

// Entry is one thing that the district knows, as it stands in a version of it.
type Entry struct {
	Code       string    `json:"code,omitempty" doc:"Stays for good; given where absent"`
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	Unit       string    `json:"unit" doc:"The unit that owns it"`
	Category   string    `json:"category,omitempty"`
	Keywords   []string  `json:"keywords,omitempty"`
	LegalBasis string    `json:"legal_basis,omitempty"`
	Internal   bool      `json:"internal,omitempty" doc:"For staff alone"`
	From       time.Time `json:"valid_from,omitzero"`
	To         time.Time `json:"valid_to,omitzero" doc:"The first moment at which it is no longer in force; absent: none"`
}

// File is a pack's file of entries.
const File = "knowledge.csv"

// Read reads a pack's entries, in a zone. The error names every wrong line. A
// pack without the file has no entries.
func Read(files fs.FS, zone *time.Location) ([]Entry, error) {
	const name = File
	if !pack.Has(files, name) {
		return nil, nil
	}
	rows, err := pack.Table(files, name, "code", "title", "body", "unit")
	if err != nil {
		return nil, err
	}
	units, err := pack.Units(files)
	if err != nil {
		return nil, err
	}
	known := account.NewTree(units)
	var out []Entry
	var wrong []error
	at := map[string]int{}
	for i, r := range rows {
		line := i + 2
		bad := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("%s line %d: %s", name, line, fmt.Sprintf(format, args...)))
		}
		e, faults := parse(func(column string) string { return r[column] }, zone)
		for _, f := range faults {
			bad("%s", f.text)
		}
		if _, ok := known.Unit(e.Unit); !ok && e.Unit != "" {
			bad("there is no unit %s", e.Unit)
		}
		if first := at[e.Code]; first > 0 {
			bad("code %s stands in line %d already", e.Code, first)
		}
		at[e.Code] = line
		out = append(out, e)
	}
	return out, errors.Join(wrong...)
}

// fault is what is wrong with a field: a code that screens say, and in words.
type fault struct{ field, code, text string }

// parse makes an entry of the columns of a row, of a pack or of a table that was
// handed in, and says all that is wrong with it.
func parse(get func(column string) string, zone *time.Location) (e Entry, wrong []fault) {
	e = Entry{Code: get("code"), Title: get("title"), Body: get("body"), Unit: get("unit"), Category: get("category"), LegalBasis: get("legal_basis"), Keywords: words(get("keywords"))}
	bad := func(field, code, format string, args ...any) {
		wrong = append(wrong, fault{field, code, fmt.Sprintf(format, args...)})
	}
	for _, column := range []string{"code", "title", "body", "unit"} {
		if get(column) == "" {
			bad(column, "required", "%s is needed", column)
		}
	}
	switch a := get("audience"); a {
	case "", "public", "公开":
	case "internal", "内部":
		e.Internal = true
	default:
		bad("audience", "no_such_option", "audience %q is neither public nor internal", a)
	}
	day := func(column string) time.Time {
		v := get(column)
		if v == "" {
			return time.Time{}
		}
		t, err := time.ParseInLocation(time.DateOnly, v, zone)
		if err != nil {
			bad(column, "not_a_time", "%s %q is not a day such as 2026-01-31", column, v)
		}
		return t
	}
	e.From, e.To = day("valid_from"), day("valid_to")
	if !e.To.IsZero() {
		e.To = e.To.AddDate(0, 0, 1) // it holds on its last day
		if !e.From.Before(e.To) {
			bad("valid_to", "out_of_range", "valid_to lies before valid_from")
		}
	}
	return e, wrong
}

func words(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// Kind is the kind of document that an entry is.
const Kind = "knowledge"

// Document is the entry as it answers questions. owner is how its unit is called.
func (e Entry) Document(owner string) answer.Document {
	source := owner
	if e.LegalBasis != "" {
		source += "；" + e.LegalBasis
	}
	return answer.Document{ID: e.Code, Kind: Kind, Title: e.Title, Keywords: e.Keywords, Text: e.Body, Source: source, Internal: e.Internal, From: e.From, To: e.To}
}
