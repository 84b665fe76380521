package rule

import (
	"encoding/json"
	"slices"
	"time"
)

// PackChange is in what one version of a pack means something else than another.
type PackChange struct {
	Kind   string `json:"kind" enum:"check,fact,param,derive,grant,law,effective,name"`
	Key    string `json:"key"`
	Before string `json:"before,omitempty" doc:"Absent: it is new"`
	After  string `json:"after,omitempty" doc:"Absent: it is gone"`
}

// Compare says in what a pack means something else than another, whatever the lines.
func Compare(before, after *Pack) []PackChange {
	out := []PackChange{}
	differ := func(kind string, a, b map[string]string, order []string) {
		for _, k := range order {
			if a[k] != b[k] {
				out = append(out, PackChange{kind, k, a[k], b[k]})
			}
		}
	}
	say := func(v any) string {
		raw, _ := json.Marshal(v)
		return string(raw)
	}
	keys := func(a, b map[string]string) []string {
		all := append(sortedKeys(a), sortedKeys(b)...)
		slices.Sort(all)
		return slices.Compact(all)
	}
	days := func(p *Pack) map[string]string {
		m := map[string]string{"from": p.Effective.From.Format(time.DateOnly)}
		if !p.Effective.Until.IsZero() {
			m["until"] = p.Effective.Until.Format(time.DateOnly)
		}
		return m
	}
	a, b := days(before), days(after)
	differ("effective", a, b, keys(a, b))
	differ("name", before.Name, after.Name, keys(before.Name, after.Name))
	checks := func(p *Pack) map[string]string {
		m := map[string]string{}
		for _, c := range p.Checks {
			m[c.ID] = c.Say["zh"] + "　" + c.Expr + " → " + string(c.Fail) + "　" + p.Clause(c).Ref
		}
		return m
	}
	a, b = checks(before), checks(after)
	differ("check", a, b, keys(a, b))
	params := func(p *Pack) map[string]string {
		m := map[string]string{}
		for k, x := range p.Params {
			m[k] = say(x.Values)
		}
		return m
	}
	a, b = params(before), params(after)
	differ("param", a, b, keys(a, b))
	facts := func(p *Pack) map[string]string {
		m := map[string]string{}
		for k, x := range p.Facts {
			m[k] = say(x)
		}
		return m
	}
	a, b = facts(before), facts(after)
	differ("fact", a, b, keys(a, b))
	derived := func(list []*Derivation) map[string]string {
		m := map[string]string{}
		for _, x := range list {
			m[x.Name] = x.Expr
		}
		return m
	}
	a, b = derived(before.Derive), derived(after.Derive)
	differ("derive", a, b, keys(a, b))
	a, b = derived(before.Grant), derived(after.Grant)
	differ("grant", a, b, keys(a, b))
	laws := func(p *Pack) map[string]string {
		m := map[string]string{}
		for _, l := range p.Law {
			m[l.Ref] = l.Ref + "　" + l.Text
		}
		return m
	}
	a, b = laws(before), laws(after)
	differ("law", a, b, keys(a, b))
	return out
}

// TriedExample is a case with what the pack comes to.
type TriedExample struct {
	Name    string            `json:"name"`
	Want    Outcome           `json:"want"`
	Got     Outcome           `json:"got"`
	Wrong   string            `json:"wrong,omitempty" doc:"In what it is not as the case expects"`
	Made    bool              `json:"made,omitempty" doc:"By the house, and accepted by a person"`
	Answers map[string]Answer `json:"answers" doc:"By check"`
}

// TryEach runs each case, whatever the others come to. A case that cannot be read is
// wrong.
func (p *Pack) TryEach(all Examples, zone *time.Location) []TriedExample {
	out := []TriedExample{}
	for _, e := range all {
		t := TriedExample{Name: e.Name, Want: e.Outcome, Made: e.Made, Answers: map[string]Answer{}}
		c, err := p.exampleCase(all, e, zone)
		if err != nil {
			t.Wrong = err.Error()
		} else {
			d := p.Decide(c, zone)
			t.Got, t.Wrong = d.Outcome, e.disagrees(d)
			for _, r := range d.Checks {
				t.Answers[r.Check] = r.Answer
			}
		}
		out = append(out, t)
	}
	return out
}
