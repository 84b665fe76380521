package knowledge

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"shanzhi/core/answer"
	"shanzhi/core/pack"
)

// Entry is one thing that the district knows, as it stands in a version of it.
type Entry struct {
	Code       string    `json:"code"`
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	Unit       string    `json:"unit" doc:"The unit that owns it"`
	Category   string    `json:"category,omitempty"`
	Keywords   []string  `json:"keywords,omitempty"`
	LegalBasis string    `json:"legal_basis,omitempty"`
	Internal   bool      `json:"internal,omitempty" doc:"For staff alone"`
	From       time.Time `json:"valid_from"`
	To         time.Time `json:"valid_to" doc:"The first moment at which it is no longer in force; zero: none"`
}

// Read reads a pack's file of entries, in a zone. The error names every wrong
// line. A pack without the file has no entries.
func Read(files fs.FS, name string, zone *time.Location) ([]Entry, error) {
	if _, err := fs.Stat(files, name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	rows, err := pack.Table(files, name, "code", "title", "body", "unit")
	if err != nil {
		return nil, err
	}
	var out []Entry
	var wrong []error
	at := map[string]int{}
	for i, r := range rows {
		line := i + 2
		bad := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("%s line %d: %s", name, line, fmt.Sprintf(format, args...)))
		}
		e := Entry{Code: r["code"], Title: r["title"], Body: r["body"], Unit: r["unit"], Category: r["category"], LegalBasis: r["legal_basis"], Keywords: words(r["keywords"])}
		for _, column := range []string{"code", "title", "body", "unit"} {
			if r[column] == "" {
				bad("%s is needed", column)
			}
		}
		if first := at[e.Code]; first > 0 {
			bad("code %s stands in line %d already", e.Code, first)
		}
		at[e.Code] = line
		switch r["audience"] {
		case "", "public":
		case "internal":
			e.Internal = true
		default:
			bad("audience %q is neither public nor internal", r["audience"])
		}
		day := func(column string) time.Time {
			if r[column] == "" {
				return time.Time{}
			}
			t, err := time.ParseInLocation(time.DateOnly, r[column], zone)
			if err != nil {
				bad("%s %q is not a day such as 2026-01-31", column, r[column])
			}
			return t
		}
		e.From, e.To = day("valid_from"), day("valid_to")
		if !e.To.IsZero() {
			e.To = e.To.AddDate(0, 0, 1) // it holds on its last day
			if !e.From.Before(e.To) {
				bad("valid_to lies before valid_from")
			}
		}
		out = append(out, e)
	}
	return out, errors.Join(wrong...)
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
