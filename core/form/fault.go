package form

import (
	"errors"
	"fmt"
	"strings"

	"shanzhi/core/rule"
)

// FormFault is what is wrong with a form as it was written, and where.
type FormFault struct {
	At     string `json:"at" doc:"Path of what is wrong: schema.id_no.title, pages[0].id_no.show"`
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty" doc:"What stands there, or what is not known"`
	Text   string `json:"text" doc:"In an engineer's words"`
	Line   int    `json:"line,omitempty" doc:"Of the text, from 1, where it was read from a text"`
}

func (f FormFault) String() string { return strings.TrimPrefix(f.At+": ", ": ") + f.Text }

// FormFaults are all that is wrong with a form.
type FormFaults []FormFault

func (f FormFaults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

// Err is nil where nothing is wrong.
func (f FormFaults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Add tells of a fault.
func (f *FormFaults) Add(at, code, detail, format string, args ...any) {
	*f = append(*f, FormFault{At: at, Code: code, Detail: detail, Text: fmt.Sprintf(format, args...)})
}

// Wrong tells of what an error says; of an expression, what kind of mistake it is.
func (f *FormFaults) Wrong(at, code string, err error) {
	x := FormFault{At: at, Code: code, Text: err.Error()}
	var m *rule.Mistake
	if errors.As(err, &m) {
		x.Code, x.Detail = "cel_"+m.Kind, m.Detail
	}
	*f = append(*f, x)
}

// Under are the faults of a part, named from the whole.
func (f *FormFaults) Under(at string, part FormFaults) {
	for _, x := range part {
		x.At = strings.TrimSuffix(at+"."+x.At, ".")
		*f = append(*f, x)
	}
}
