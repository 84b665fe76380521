package appeals

import (
	"slices"
	"strings"
)

// DutyRow is a row of a duty list by its column names.
type DutyRow map[string]string

// DutyChange is one difference between two versions of the duty list.
type DutyChange struct {
	Kind   string            `json:"kind" enum:"added,removed,changed"`
	What   string            `json:"what" enum:"item,rule"`
	Code   string            `json:"code" doc:"Of the item, or of the items that the rule is for"`
	Name   string            `json:"name,omitempty" doc:"Of the item, or the rule's condition"`
	Row    DutyRow           `json:"row,omitempty" doc:"What was added or removed"`
	Fields []DutyFieldChange `json:"fields,omitempty" doc:"What is different"`
}

// DutyFieldChange is one field that is different.
type DutyFieldChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Diff says how to come from one content to another: items by their code, rules
// by what they are for, under which condition and with which rank, as far as
// these are the same.
func (c DutyContent) Diff(to DutyContent) []DutyChange {
	out := diffRows("item", c.items, to.items, func(r DutyRow) (string, string) { return r["code"], r["l3"] }, []string{"code"})
	return append(out, diffRows("rule", c.rules, to.rules, func(r DutyRow) (string, string) { return r["item"], r["condition"] },
		[]string{"item", "condition", "priority", "valid_from", "lead"}, []string{"item", "condition", "priority", "valid_from"}, []string{"item", "condition", "lead"}, []string{"item", "condition"}, []string{"item", "lead", "priority"})...)
}

// diffRows pairs rows by the first key, what is left by the next, and so on;
// what finds no partner was removed or added.
func diffRows(what string, a, b dutyTable, name func(DutyRow) (code, name string), keys ...[]string) []DutyChange {
	from, to := a.records(), b.records()
	pair := make([]int, len(from)) // the row of b, +1
	taken := make([]bool, len(to))
	for _, key := range keys {
		of := func(r map[string]string) string {
			var v []string
			for _, k := range key {
				v = append(v, r[k])
			}
			return strings.Join(v, "\x00")
		}
		free := map[string][]int{}
		for j, r := range to {
			if !taken[j] {
				free[of(r)] = append(free[of(r)], j)
			}
		}
		for i, r := range from {
			if pair[i] == 0 {
				if js := free[of(r)]; len(js) > 0 {
					pair[i], taken[js[0]] = js[0]+1, true
					free[of(r)] = js[1:]
				}
			}
		}
	}
	columns := slices.Clone(a.columns)
	for _, c := range b.columns {
		if !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	var out []DutyChange
	change := func(kind string, r DutyRow) *DutyChange {
		ch := DutyChange{Kind: kind, What: what}
		ch.Code, ch.Name = name(r)
		out = append(out, ch)
		return &out[len(out)-1]
	}
	for i, r := range from {
		if pair[i] == 0 {
			change("removed", r).Row = r
			continue
		}
		var fields []DutyFieldChange
		s := to[pair[i]-1]
		for _, c := range columns {
			if r[c] != s[c] {
				fields = append(fields, DutyFieldChange{c, r[c], s[c]})
			}
		}
		if len(fields) > 0 {
			change("changed", s).Fields = fields
		}
	}
	for j, r := range to {
		if !taken[j] {
			change("added", r).Row = r
		}
	}
	slices.SortStableFunc(out, func(a, b DutyChange) int { return compare(a.Code, b.Code) })
	return out
}
