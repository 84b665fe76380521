package place

import (
	"encoding/json"
	"testing"

	"shanzhi/core/table"
	"shanzhi/internal/testkit"
)

func TestCodes(t *testing.T) {
	for _, tc := range []struct {
		in, canonical, parent string
		level                 Level
	}{
		{"gb2260:440000", "gb2260:440000", "", Province},
		{"gb2260:44", "gb2260:440000", "", Province},
		{"gb2260:440300", "gb2260:440300", "gb2260:440000", City},
		{"gb2260:440306", "gb2260:440306", "gb2260:440300", County},
		{"gb2260:440306006", "gb2260:440306006", "gb2260:440306", Township},
		{"gb2260:440306000000", "gb2260:440306", "gb2260:440300", County},
		{"stats:440306", "stats:440306000000", "stats:440300000000", County},
		{"stats:440306017", "stats:440306017000", "stats:440306000000", Township},
		{"stats:440306017001", "stats:440306017001", "stats:440306017000", Community},
		{"stats:441900003000", "stats:441900003000", "stats:441900000000", Township},
		{"grid:440306011001", "grid:440306011001", "grid:440306011", Community},
		{"grid:440306011001007", "grid:440306011001007", "grid:440306011001", GridCell},
		{"baoan-units:A-7", "baoan-units:A-7", "", 0},
	} {
		c, err := ParseCode(tc.in)
		if err != nil {
			t.Error(err)
			continue
		}
		parent, _ := c.Parent()
		if c.String() != tc.canonical || c.Level() != tc.level || parent.String() != tc.parent {
			t.Errorf("%s is %s, level %d, in %s", tc.in, c, c.Level(), parent)
		}
		if up, ok := c.Parent(); ok && (!up.Contains(c) || c.Contains(up)) || !c.Contains(c) {
			t.Errorf("%s and its parent: who holds whom", c)
		}
		var again Code
		text, _ := json.Marshal(c)
		if err := json.Unmarshal(text, &again); err != nil || again != c {
			t.Errorf("%s read back as %s (%v)", text, again, err)
		}
	}
	for _, bad := range []string{"440306006", "gb2260:", "gb2260:44030", "gb2260:44030x", "gb2260:440306006001", "stats:440306017001001", "gb2260:000000", "Grid:440306", ":1", "baoan:"} {
		if c, err := ParseCode(bad); err == nil {
			t.Errorf("%q was read as %s", bad, c)
		}
	}
	a, _ := ParseCode("gb2260:440306006")
	b, _ := ParseCode("grid:440306006")
	district, _ := ParseCode("gb2260:440306")
	if a == b || district.Contains(b) || !district.Contains(a) || (Code{}).Contains(Code{}) {
		t.Error("codes of two schemes were joined")
	}
}

func divisions(t *testing.T, scheme Scheme, file, code, name string, more ...string) []Division {
	t.Helper()
	r, err := table.Open(testkit.Shared(t, "geo", file), table.Options{Trim: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	seen := map[Code]bool{}
	var out []Division
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		value := map[string]string{}
		for i, column := range r.Columns() {
			value[column] = row.Cells[i]
		}
		columns := append([]string{code, name}, more...)
		for i := 0; i < len(columns); i += 2 {
			c, err := NewCode(scheme, value[columns[i]])
			if err != nil {
				t.Fatal(err)
			}
			if !seen[c] {
				seen[c] = true
				out = append(out, Division{c, value[columns[i+1]]})
			}
		}
	}
	return out
}

// Two public lists of the streets of Bao'an agree on names and not on codes.
func TestCompareRealLists(t *testing.T) {
	stats := divisions(t, Statistics, "shenzhen_streets_statistics_codes.csv", "code", "name")
	grid := divisions(t, Grid, "baoan_grid_codes_partial.csv", "street_code", "street", "community_code", "community")
	c := Compare(stats, grid)
	same := map[string][2]string{}
	for _, pair := range c.Same {
		same[pair[0].Name] = [2]string{pair[0].Code.String(), pair[1].Code.String()}
	}
	if len(c.Same) != 2 || same["石岩街道"] != [2]string{"stats:440306026000", "grid:440306006"} || same["新安街道"] != [2]string{"stats:440306017000", "grid:440306011"} {
		t.Errorf("same: %v", same)
	}
	if len(c.OnlyFirst) != len(stats)-2 || len(c.OnlySecond) != len(grid)-2 {
		t.Errorf("%d and %d are without counterpart", len(c.OnlyFirst), len(c.OnlySecond))
	}
}

func TestCompareShowsContradictions(t *testing.T) {
	list := func(scheme Scheme, entries ...string) (out []Division) {
		for i := 0; i < len(entries); i += 2 {
			c, err := NewCode(scheme, entries[i])
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, Division{c, entries[i+1]})
		}
		return out
	}
	a := list(GB2260, "440306", "宝安区", "440306006", "松岗街道", "440306007", "石岩街道", "440307", "龙岗区", "440307001", "新安街道")
	b := list(Grid, "440306", "宝安区", "440306006", "石岩街道", "440306011", "新安街道", "440306012", "沙井街道")
	c := Compare(a, b)
	if len(c.Contradictions) != 1 || c.Contradictions[0][0].Name != "松岗街道" || c.Contradictions[0][1].Name != "石岩街道" {
		t.Errorf("contradictions %v", c.Contradictions)
	}
	var names []string
	for _, pair := range c.Same {
		names = append(names, pair[0].Name)
	}
	if len(names) != 2 || names[0] != "宝安区" || names[1] != "石岩街道" {
		t.Errorf("same %v; a street of another district is not the same", names)
	}
	// Two of a name under one parent are nobody's counterpart.
	twice := list(Grid, "440306", "宝安区", "440306001", "石岩街道", "440306002", "石岩街道")
	if c := Compare(a, twice); len(c.Same) != 1 || len(c.OnlySecond) != 2 {
		t.Errorf("ambiguous: %v", c.Same)
	}
}
