package cim

import (
	"cmp"
	"fmt"
	"slices"

	"shanzhi/systems/cim/tiles"
)

// A place of a tileset is what lies together: a district. What lies far from it, such as a city that
// was imported beside it, is a tileset of its own under the same root, since a quadtree over both
// would have the whole district in one of its tiles.
type placeTilers struct {
	places []*tiles.Tiler // the largest first
	of     []int32        // by thing: its place
	within []int32        // and its number there
}

// partOf is a place's part of a source.
type partOf struct {
	src tiles.Source
	in  []int32
}

func (p partOf) Len() int                   { return len(p.in) }
func (p partOf) Shell(i int) []tiles.Solid  { return p.src.Shell(int(p.in[i])) }
func (p partOf) Deep(i int) bool            { return p.src.Deep(int(p.in[i])) }
func (p partOf) Floors(i int) []tiles.Solid { return p.src.Floors(int(p.in[i])) }
func (p partOf) Units(i int) []tiles.Solid  { return p.src.Units(int(p.in[i])) }

type widePart struct {
	partOf
	wide tiles.Wide
}

func (p widePart) Whole(i int) []tiles.Solid { return p.wide.Whole(int(p.in[i])) }

// apart is from how far what lies there is of another place, in degrees: some fifty kilometres.
const apart = 0.5

// newPlaceTilers divides a source into places by where its things lie.
func newPlaceTilers(src tiles.Source, at func(i int) Box, uses []string) *placeTilers {
	t := &placeTilers{of: make([]int32, src.Len()), within: make([]int32, src.Len())}
	for _, in := range placesOf(src.Len(), at) {
		b := Box{180, 90, -180, -90}
		for k, i := range in {
			t.of[i], t.within[i] = int32(len(t.places)), int32(k)
			o := at(int(i))
			b = Box{min(b.West, o.West), min(b.South, o.South), max(b.East, o.East), max(b.North, o.North)}
		}
		var part tiles.Source = partOf{src, in}
		if wide, ok := src.(tiles.Wide); ok {
			part = widePart{partOf{src, in}, wide}
		}
		one := tiles.New(part, uses, tiledBox(b))
		if n := len(t.places); n > 0 {
			one.Prefix = fmt.Sprintf("p%d-", n)
		}
		t.places = append(t.places, one)
	}
	return t
}

// placesOf are the places of things, the largest first: those in cells that touch are of one.
func placesOf(n int, at func(i int) Box) [][]int32 {
	type cell struct{ x, y int }
	cells := map[cell][]int32{}
	for i := range n {
		b := at(i)
		c := cell{int(((b.West+b.East)/2 + 180) / apart), int(((b.South+b.North)/2 + 90) / apart)}
		cells[c] = append(cells[c], int32(i))
	}
	var out [][]int32
	for len(cells) > 0 {
		var first cell
		for c := range cells {
			first = c
			break
		}
		var in []int32
		next := []cell{first}
		for len(next) > 0 {
			c := next[0]
			next = next[1:]
			list, ok := cells[c]
			if !ok {
				continue
			}
			delete(cells, c)
			in = append(in, list...)
			for dx := -1; dx <= 1; dx++ {
				for dy := -1; dy <= 1; dy++ {
					next = append(next, cell{c.x + dx, c.y + dy})
				}
			}
		}
		slices.Sort(in)
		out = append(out, in)
	}
	slices.SortFunc(out, func(a, b []int32) int { return cmp.Or(len(b)-len(a), int(a[0]-b[0])) })
	return out
}

// tiledBox is what a quadtree divides: a square about what is built, 5 km wider, in steps that
// a new building at the edge does not move.
func tiledBox(b Box) [4]float64 {
	const step, margin = 0.05, 0.05
	floor := func(x float64) float64 { return float64(int(x/step)) * step }
	west, south := floor(b.West-margin), floor(b.South-margin)
	wide := max(b.East+margin-west, b.North+margin-south)
	wide = floor(wide) + step
	return [4]float64{west, south, west + wide, south + wide}
}

const placeRoot = "place.json"

// Write writes all, the root last.
func (t *placeTilers) Write(put func(tiles.File) error) error {
	for _, p := range t.places {
		if err := p.WriteTiles(put); err != nil {
			return err
		}
	}
	return t.roots(put)
}

// Rewrite writes what holds some things, and the roots; see [tiles.Tiler.Rewrite].
func (t *placeTilers) Rewrite(put func(tiles.File) error, things ...int) error {
	by := map[int32][]int{}
	for _, i := range things {
		by[t.of[i]] = append(by[t.of[i]], int(t.within[i]))
	}
	for k, p := range t.places {
		if list := by[int32(k)]; len(list) > 0 {
			if err := p.Rewrite(put, list...); err != nil {
				return err
			}
		}
	}
	return t.roots(put)
}

func (t *placeTilers) roots(put func(tiles.File) error) error {
	if len(t.places) == 1 {
		return put(tiles.File{Name: tilesetRoots[BuildingTiles], Body: t.places[0].Root()})
	}
	var names []string
	for _, p := range t.places {
		name := p.Prefix + placeRoot
		names = append(names, name)
		if err := put(tiles.File{Name: name, Body: p.Root()}); err != nil {
			return err
		}
	}
	return put(tiles.File{Name: tilesetRoots[BuildingTiles], Body: tiles.Join(names, t.places)})
}
