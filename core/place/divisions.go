package place

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"strings"
	"sync"
)

// divisionsFile has the divisions of the country down to the street (statistics
// codes of 2023, from modood/Administrative-divisions-of-China, WTFPL), a line
// each: the significant digits and the name.
//
//go:embed divisions.csv.gz
var divisionsFile []byte

// Divisions names divisions by their codes, scheme by scheme.
type Divisions struct {
	names map[Code]string
}

// Country is the list of the country's divisions down to the street.
var Country = sync.OnceValue(func() *Divisions {
	d := &Divisions{names: make(map[Code]string, 45000)}
	EachDivision(func(digits, name string) {
		d.names[Code{Statistics, (digits + "000000000000")[:12]}] = name
		if len(digits) <= 6 {
			d.names[Code{GB2260, (digits + "0000")[:6]}] = name
		}
	})
	return d
})

// EachDivision gives the significant digits and the name of each division of the
// country, those above first.
func EachDivision(each func(digits, name string)) {
	z, err := gzip.NewReader(bytes.NewReader(divisionsFile))
	if err != nil {
		panic(err) // it is in the program
	}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		digits, name, _ := strings.Cut(lines.Text(), ",")
		each(digits, name)
	}
}

// With returns the divisions and others beside them: a district's own of other
// schemes.
func (d *Divisions) With(more ...Division) *Divisions {
	out := &Divisions{names: make(map[Code]string, len(d.names)+len(more))}
	for c, name := range d.names {
		out.names[c] = name
	}
	for _, m := range more {
		out.names[m.Code] = m.Name
	}
	return out
}

// Name returns a division's name.
func (d *Divisions) Name(c Code) (name string, ok bool) {
	name, ok = d.names[c]
	return name, ok
}

// house returns the name of what a house code's first digits are of. Down to the
// county every scheme has the digits of GB/T 2260; below that a list of the
// scheme itself must say, and the statistics list is a hint and no proof.
func (d *Divisions) house(prefix HouseCode) (name string, sure bool) {
	if name, ok := d.names[Code{House, string(prefix)}]; ok {
		return name, true
	}
	switch level := prefix.Level(); {
	case level == 0 || level > Community:
		return "", false
	case level <= County:
		name, ok := d.names[Code{GB2260, (string(prefix) + "0000")[:6]}]
		return name, ok
	default:
		return d.names[Code{Statistics, (string(prefix) + "000000000000")[:12]}], false
	}
}
