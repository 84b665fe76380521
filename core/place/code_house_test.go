package place

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/table"
	"shanzhi/internal/testkit"
)

// drawHouseCode draws a code of a level that holds.
func drawHouseCode(t *rapid.T, level Level) HouseCode {
	s := rapid.SampledFrom([]string{"440306", "441900", "110101", "820000"[:2] + "0101"}).Draw(t, "county")
	if level < County {
		return HouseCode(s[:houseDigits[level]])
	}
	for l := Township; l <= level; l++ {
		n := houseDigits[l] - houseDigits[l-1]
		s += fmt.Sprintf("%0*d", n, rapid.IntRange(1, []int{2: 99, 3: 999, 5: 99999, 6: 999999}[n]).Draw(t, "group"))
	}
	return HouseCode(s)
}

// Every code of a level is read back, lies in each of its prefixes, and one digit
// more, less or another sign is refused.
func TestHouseCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := Level(rapid.IntRange(int(Township), int(Unit)).Draw(t, "level"))
		c := drawHouseCode(t, level)
		again, err := ParseHouseCode(string(c))
		if err != nil || again != c || c.Level() != level {
			t.Fatalf("%s is of level %v: %v", c, c.Level(), err)
		}
		code := Code{House, string(c)}
		for l := Province; l <= level; l++ {
			up := c.Up(l)
			if l == County && strings.HasSuffix(string(up), "00") {
				continue // a city without districts
			}
			if !strings.HasPrefix(string(c), string(up)) || up.Level() != l || !(Code{House, string(up)}).Contains(code) {
				t.Fatalf("%s does not lie in %s", c, up)
			}
		}
		if c.Up(level+1) != "" {
			t.Fatal("there is something below")
		}
		i := rapid.IntRange(0, len(c)-1).Draw(t, "at")
		for _, bad := range []string{string(c) + "1", string(c[:len(c)-1]), string(c[:i]) + "x" + string(c[i+1:]), string(c[:i]) + " " + string(c[i+1:])} {
			if _, err := ParseHouseCode(bad); err == nil && len(bad) != 2 {
				t.Fatalf("%q was read", bad)
			}
		}
		to := drawHouseCode(t, Community)
		if moved, ok := c.Move(c.Up(Community), to); level >= Community && (!ok || moved.Up(Community) != to || moved[12:] != c[12:]) {
			t.Fatalf("%s moved to %s is %s", c, to, moved)
		}
	})
	for _, bad := range []string{"", "00", "99", "4403060", "440306000", "440306017000", "440306017001010000000001"[:19], "4403060170010100001000000", "44030601700101000010000０1"} {
		if c, err := ParseHouseCode(bad); err == nil {
			t.Errorf("%q was read as %s", bad, c)
		}
	}
	if c, _ := ParseCode("house:4403060170010100001"); c.Level() != Building {
		t.Errorf("%v", c)
	}
	parent, ok := Code{House, "441900003"}.Parent()
	if !ok || parent.Value != "4419" {
		t.Errorf("a street of a city without districts lies in %v", parent)
	}
}

// The ten streets of Bao'an by their statistics codes: every code of a house in them
// goes there and back.
func TestHouseCodesOfRealStreets(t *testing.T) {
	n := 0
	r, err := table.Open(testkit.Shared(t, "geo", "shenzhen_streets_statistics_codes.csv"), table.Options{Trim: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for row, err := range r.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		street := strings.TrimSpace(row.Cells[0])
		if !strings.HasPrefix(street, "440306") {
			continue
		}
		n++
		c, err := ParseHouseCode(street[:9] + "0010100001000101")
		if err != nil || string(c.Up(Township)) != street[:9] {
			t.Errorf("%s: %v", street, err)
		}
		if name, ok := Country().Name(Code{Statistics, street[:9] + "000"}); !ok || !strings.Contains(strings.Join(row.Cells, ","), name) {
			t.Errorf("%s is %q here", street, name)
		}
	}
	if n < 10 {
		t.Errorf("%d streets", n)
	}
}

func TestRealtyCodes(t *testing.T) {
	for _, ok := range []string{"440306003012GB00007F00010203", "440306 003012 GB00007 F00010203", "440306003012GB00007W00000000", "330106001002ja00001l00000001"} {
		c, err := ParseRealtyCode(ok)
		if err != nil || len(c) != 28 || len(c.Parcel()) != 19 {
			t.Errorf("%s: %v", ok, err)
			continue
		}
		if again, err := ParseRealtyCode(c.String()); err != nil || again != c {
			t.Errorf("%s printed as %s is not read: %v", c, c.String(), err)
		}
	}
	for _, bad := range []string{
		"", "440306003012GB00007F0001020", "440306003012GB00007F000102033",
		"990306003012GB00007F00010203", // no such province
		"440306003012KB00007F00010203", // no such owner
		"440306003012GT00007F00010203", // no such right
		"440306003012GB00007X00010203", // no such fixture
		"440306003012GB00000F00010203", // parcel 0
		"440306003012GB00007W00010203", // nothing, and a unit
		"440306003012GB00007F00000000", // a house, and no unit
		"44030600301ZGB00007F00010203", "440306003012G100007F00010203", "440306003012GB0000７F0001023",
	} {
		if c, err := ParseRealtyCode(bad); err == nil {
			t.Errorf("%q was read as %s", bad, c)
		}
	}
	// Every change of one letter to a digit or of a digit to a letter is found.
	rapid.Check(t, func(t *rapid.T) {
		c := []byte("440306003012GB00007F00010203")
		i := rapid.IntRange(0, 27).Draw(t, "at")
		if c[i] >= 'A' {
			c[i] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		} else {
			c[i] = byte('A' + rapid.IntRange(0, 25).Draw(t, "letter"))
		}
		if _, err := ParseRealtyCode(string(c)); err == nil {
			t.Fatalf("%s was read", c)
		}
	})
}

// What the law of the speed is: a million codes a second, parsed and checked.
func TestCodesAMillionASecond(t *testing.T) {
	codes := make([]string, 1000)
	for i := range codes {
		codes[i] = fmt.Sprintf("440306017%03d%02d%05d%06d", i%999+1, i%98+1, i*7%99998+1, i*13+1)
	}
	began := time.Now()
	const n = 200_000
	for i := range n {
		if _, err := ParseHouseCode(codes[i%len(codes)]); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("%d codes took %v: five times too slow even for a busy machine", n, took)
	}
}

func TestExplain(t *testing.T) {
	d := Country().With(Division{Code{Grid, "440306011001"}, "文汇社区"})
	for _, tc := range []struct {
		code, kind string
		holds      bool
		means      string
	}{
		{"4403060170010100001000203", "house", true, "宝安区"},
		{"4403060170010100001", "house", true, "新安街道（统计用区划代码）"},
		{"440306011001", "grid", true, "文汇社区"},
		{"440306017001", "stats", true, "新安街道"},
		{"440306011001007", "grid", true, "宝安区"},
		{"440399017001", "stats", false, ""},
		{"440306003012GB00007F00010203", "realty", true, "建设用地使用权宗地（地表）"},
		{"440306003012GB00007X00010203", "realty", false, ""},
		{"N50J47539B825534", "beidou", true, "4″×4″"},
		{"N51Z", "beidou", false, ""},
		{"G001310322-230230", "geosot", true, ""},
		{"G9", "geosot", false, ""},
	} {
		e := d.Explain(tc.code)
		found := false
		for _, r := range e.Readings {
			if r.Kind != tc.kind {
				continue
			}
			found = true
			said := ""
			for _, p := range r.Parts {
				said += p.Means + " "
			}
			if r.Holds != tc.holds || !strings.Contains(said, tc.means) {
				t.Errorf("%s as %s: %+v", tc.code, tc.kind, r)
			}
			at := 0
			for _, p := range r.Parts {
				if tc.holds && tc.kind != "realty" && (p.From != at || len(p.Text) != p.To-p.From) {
					t.Errorf("%s: part %+v does not follow %d", tc.code, p, at)
				}
				at = p.To
			}
		}
		if !found {
			t.Errorf("%s was not read as %s: %+v", tc.code, tc.kind, e)
		}
	}
	for _, none := range []string{"", "hello", "123", "宝安区", "44030601700101"[:13]} {
		if e := d.Explain(none); e.Known {
			t.Errorf("%q: %+v", none, e)
		}
	}
}
