package rule

import (
	"regexp"
	"strconv"
	"strings"
)

// RuleFault is what is wrong with the text of a pack or of its cases, and where.
type RuleFault struct {
	Line int    `json:"line,omitempty" doc:"From 1; absent where it is of no one line"`
	Text string `json:"text"`
}

var (
	faultAt = regexp.MustCompile(`\[(\d+):\d+\]\s*`)
	// faultOf names what a fault is of: "checks.age: …", "facts.person.name.say.zh …".
	faultOf = regexp.MustCompile(`^(params|facts|derive|checks|grant|effective|law|name|pack|approve)(?:\[(\d+)\])?(?:\.([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?))?`)
	caseOf  = regexp.MustCompile(`^cases: case "([^"]+)"`)
)

// Faults are the faults that an error of [ReadPack] or of [Registry.Gate] tells of a text.
func Faults(err error, text string) []RuleFault {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []RuleFault
		for _, e := range many.Unwrap() {
			out = append(out, Faults(e, text)...)
		}
		return out
	}
	said := strings.TrimSpace(err.Error())
	if m := faultAt.FindStringSubmatch(said); m != nil {
		n, _ := strconv.Atoi(m[1])
		first, _, _ := strings.Cut(strings.Replace(said, m[0], "", 1), "\n")
		return []RuleFault{{n, first}}
	}
	lines := strings.Split(text, "\n")
	if m := caseOf.FindStringSubmatch(said); m != nil {
		for i, l := range lines {
			if strings.Contains(l, "name: "+m[1]) || strings.Contains(l, `name: "`+m[1]+`"`) {
				return []RuleFault{{i + 1, said}}
			}
		}
	}
	if m := faultOf.FindStringSubmatch(said); m != nil {
		return []RuleFault{{lineOf(lines, m[1], m[2], m[3]), said}}
	}
	return []RuleFault{{0, said}}
}

// lineOf finds the line of a part of a pack; that of its section where it is not there.
func lineOf(lines []string, section, index, name string) int {
	at := 0
	for i, l := range lines {
		if strings.HasPrefix(l, section+":") {
			at = i + 1
			break
		}
	}
	if at == 0 {
		return 0
	}
	first, _, _ := strings.Cut(name, ".")
	n, err := strconv.Atoi(index)
	item := 0
	for i := at - 1; i < len(lines); i++ {
		l := lines[i]
		if i >= at && l != "" && l[0] != ' ' && l[0] != '-' && l[0] != '#' {
			break // the next section
		}
		trimmed := strings.TrimLeft(l, " -{")
		switch {
		case name != "" && (strings.HasPrefix(trimmed, name+":") || section != "facts" && strings.HasPrefix(trimmed, first+":")) && i >= at:
			return i + 1
		case name != "" && (section == "checks" || section == "derive" || section == "grant") && (strings.HasPrefix(trimmed, "id: "+first) || strings.HasPrefix(trimmed, "name: "+first)):
			return i + 1
		case err == nil && strings.HasPrefix(strings.TrimLeft(l, " "), "- "):
			if item == n {
				return i + 1
			}
			item++
		}
		if name != "" && section == "facts" && i >= at { // facts.person.name.say.zh is of person.name
			if k, _, ok := strings.Cut(trimmed, ":"); ok && k != "" && strings.HasPrefix(name+".", k+".") {
				return i + 1
			}
		}
	}
	return at
}
