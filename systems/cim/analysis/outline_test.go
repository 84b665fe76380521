package analysis

import (
	"testing"

	"pgregory.net/rapid"
)

// The borders hold each cell that is set and none that is not; pieces that touch at a corner are
// two, and a hole is of the piece about it.
func TestOutlines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, rows := rapid.IntRange(1, 9).Draw(t, "columns"), rapid.IntRange(1, 9).Draw(t, "rows")
		set := rapid.SliceOfN(rapid.Bool(), columns*rows, columns*rows).Draw(t, "set")
		pieces := Outlines(set, columns, rows)
		for i := range set {
			x, y := float64(i%columns)+0.5, float64(i/columns)+0.5
			n := 0
			for _, p := range pieces {
				inside := false
				for _, ring := range p {
					if (&Prism{Ring: ring}).over(x, y) {
						inside = !inside
					}
				}
				if inside {
					n++
				}
			}
			if want := map[bool]int{true: 1}[set[i]]; n != want {
				t.Fatalf("cell %d is held by %d pieces of %v", i, n, pieces)
			}
		}
	})
	if p := Outlines([]bool{true, false, false, true}, 2, 2); len(p) != 2 {
		t.Errorf("two that touch at a corner: %v", p)
	}
	if p := Outlines([]bool{true, true, true, true, false, true, true, true, true}, 3, 3); len(p) != 1 || len(p[0]) != 2 || len(p[0][0]) != 4 {
		t.Errorf("a ring of cells: %v", p)
	}
}
