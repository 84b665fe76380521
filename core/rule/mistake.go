package rule

import (
	"fmt"
	"regexp"
	"strings"

	"cel.dev/cel-go/cel"
)

// Mistake is what is wrong with an expression as it was written.
type Mistake struct {
	Kind   string // unknown a name, syntax, types do not go together, gives another type than is asked, other
	Detail string // the name, the place from 1, the type; "" where nothing can be said
	text   string
}

func (m *Mistake) Error() string { return m.text }

var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']+)'`)
	path       = regexp.MustCompile(`^[a-zA-Z_][\w.]*`)
)

// mistake reads what the compiler says of a text: the first of its issues.
func mistake(text string, iss *cel.Issues) *Mistake {
	m := &Mistake{Kind: "other", text: fmt.Sprintf("rule: %q: %s", text, strings.ReplaceAll(iss.Err().Error(), "\n", " "))}
	if len(iss.Errors()) == 0 {
		return m
	}
	first := iss.Errors()[0]
	switch name := undeclared.FindStringSubmatch(first.Message); {
	case name != nil:
		m.Kind, m.Detail = "unknown", name[1]
		if at := first.Location.Column(); at >= 0 && at < len(text) { // of "form.x" it says "form" where there is no such x
			if whole := path.FindString(text[at:]); strings.HasPrefix(whole, name[1]+".") {
				m.Detail = whole
			}
		}
	case strings.HasPrefix(first.Message, "Syntax error"):
		m.Kind, m.Detail = "syntax", fmt.Sprint(first.Location.Column()+1)
	case strings.HasPrefix(first.Message, "found no matching overload"):
		m.Kind = "types"
	}
	return m
}
