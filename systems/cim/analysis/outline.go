package analysis

// Outlines are the borders of the cells that are set, in steps of the raster: of each piece its
// outer ring against the clock, then its holes with it. Pieces that meet at a corner alone are two.
func Outlines(set []bool, columns, rows int) [][][]Spot {
	in := func(x, y int) bool { return x >= 0 && y >= 0 && x < columns && y < rows && set[y*columns+x] }
	piece := make([]int32, len(set))
	pieces := int32(0)
	var todo []int
	for i := range set {
		if !set[i] || piece[i] > 0 {
			continue
		}
		pieces++
		piece[i] = pieces
		for todo = append(todo[:0], i); len(todo) > 0; {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			x, y := at%columns, at/columns
			for _, n := range [4][2]int{{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}} {
				if k := n[1]*columns + n[0]; in(n[0], n[1]) && piece[k] == 0 {
					piece[k] = pieces
					todo = append(todo, k)
				}
			}
		}
	}
	// A side of a cell leads east, north, west or south with its cell on the left.
	ways := [4][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}
	left := func(x, y, way int) (int, int) { // the cell on the left of a side from a corner
		switch way {
		case 0:
			return x, y
		case 1:
			return x - 1, y
		case 2:
			return x - 1, y - 1
		}
		return x, y - 1
	}
	side := func(x, y, way int) bool {
		lx, ly := left(x, y, way)
		rx, ry := lx+[4]int{0, 1, 0, -1}[way], ly+[4]int{-1, 0, 1, 0}[way]
		return in(lx, ly) && !in(rx, ry)
	}
	used := make([]bool, 4*(columns+1)*(rows+1))
	key := func(x, y, way int) int { return (y*(columns+1)+x)*4 + way }
	out := make([][][]Spot, pieces)
	holes := make([][][]Spot, pieces)
	for y := range rows + 1 {
		for x := range columns + 1 {
			for way := range 4 {
				if used[key(x, y, way)] || !side(x, y, way) {
					continue
				}
				lx, ly := left(x, y, way)
				of := piece[ly*columns+lx] - 1
				var ring []Spot
				turned, cx, cy, d, twice := true, x, y, way, 0
				for !used[key(cx, cy, d)] {
					used[key(cx, cy, d)] = true
					if turned {
						ring = append(ring, Spot{float64(cx), float64(cy)})
					}
					nx, ny := cx+ways[d][0], cy+ways[d][1]
					twice += cx*ny - nx*cy
					cx, cy, turned = nx, ny, false
					for _, turn := range [3]int{1, 0, 3} { // left first: a piece keeps to itself
						if n := (d + turn) % 4; side(cx, cy, n) {
							turned, d = n != d, n
							break
						}
					}
				}
				if twice > 0 {
					out[of] = append([][]Spot{ring}, out[of]...)
				} else {
					holes[of] = append(holes[of], ring)
				}
			}
		}
	}
	for i := range out {
		out[i] = append(out[i], holes[i]...)
	}
	return out
}
