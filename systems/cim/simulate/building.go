package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"shanzhi/core/parallel"
)

// Use is what a block, a building or a unit is for.
type Use string

// The uses of blocks.
const (
	Village Use = "village" // 城中村
	Factory Use = "factory" // 厂区
	Estate  Use = "estate"  // 住宅小区
	Office  Use = "office"  // 写字楼
	School  Use = "school"  // 学校
	Green   Use = "green"   // 绿地
)

// Uses are those of blocks, in order.
var Uses = []Use{Village, Factory, Estate, Office, School, Green}

// Building is one house (楼栋).
type Building struct {
	Block  int32
	No     int32  // in its block, from 1
	Serial int32  // in its community, from 1
	Use    Use    // factory, dormitory, …
	Rects  []Rect // its footprint: one, or two that meet in an L
	Podium *Rect  // under it, wider; nil none
	Under  int    // floors of the podium
	Up     int    // floors above the ground, the podium's with them
	Down   int    // below
	First  float64
	Storey float64 // heights of the ground floor and of each above, in metres
	Ground float64 // height of its ground floor above the zero
	Year   int
}

// Dormitory (宿舍) stands in a factory's block.
const Dormitory Use = "dormitory"

// Height is from its ground floor to its roof.
func (b *Building) Height() float64 { return b.First + float64(b.Up-1)*b.Storey }

// Footprint is its outline where it stands, against the clock.
func (b *Building) Footprint() []Point {
	if b.Podium != nil {
		return b.Podium.Ring()
	}
	return b.outline()
}

// Outline is that of a floor, from 1 up.
func (b *Building) Outline(floor int) []Point {
	if b.Podium != nil && floor <= b.Under {
		return b.Podium.Ring()
	}
	return b.outline()
}

func (b *Building) outline() []Point {
	main := b.Rects[0]
	if len(b.Rects) == 1 {
		return main.Ring()
	}
	// The wing stands on the left half of the far side, flush with the left end.
	w := b.Rects[1].A
	return []Point{main.At(-main.A, -main.B), main.At(main.A, -main.B), main.At(main.A, main.B), main.At(-main.A+2*w, main.B), main.At(-main.A+2*w, main.B+2*b.Rects[1].B), main.At(-main.A, main.B+2*b.Rects[1].B)}
}

// Area is of its footprint, in square metres.
func (b *Building) Area() float64 { return area(b.Footprint()) }

// GrossArea (建筑面积) is of all its floors.
func (b *Building) GrossArea() float64 {
	sum := 0.0
	for f := -b.Down; f <= b.Up; f++ {
		if f != 0 {
			sum += area(b.Outline(max(f, 1)))
		}
	}
	return sum
}

// build puts houses on the blocks, exactly as many as the plan wants: of the villages some
// are left out.
func (c *City) build() error {
	on := make([][]Building, len(c.Blocks))
	parallel.Each(len(c.Blocks), 256, func(i int) { on[i] = c.house(int32(i)) })
	have, spare := 0, []int{}
	for i, houses := range on {
		have += len(houses)
		if c.Blocks[i].Use == Village {
			spare = append(spare, i)
		}
	}
	want := c.Plan.Settings.Buildings
	if have < want {
		return fmt.Errorf("simulate: there is room for %d buildings, not for %d", have, want)
	}
	slices.SortFunc(spare, func(a, b int) int { return cmp.Compare(mix(c.seed, 6, uint64(a)), mix(c.seed, 6, uint64(b))) })
	for have > want {
		before := have
		for _, i := range spare {
			if have > want && len(on[i]) > 1 {
				on[i] = on[i][:len(on[i])-1]
				have--
			}
		}
		if have == before {
			return fmt.Errorf("simulate: the blocks that are no villages alone have %d buildings, over %d", have, want)
		}
	}
	c.Buildings = make([]Building, 0, want)
	serial := make([]int32, len(c.Plan.Communities))
	for i, houses := range on {
		for k := range houses {
			n := &serial[c.Blocks[i].Community]
			*n++
			houses[k].Serial = *n
		}
		c.Buildings = append(c.Buildings, houses...)
	}
	return nil
}

// house gives the buildings of a block.
func (c *City) house(block int32) (out []Building) {
	b := &c.Blocks[block]
	h := chance(mix(c.seed, 7, uint64(block)))
	r := b.Room
	put := func(x Building) {
		x.Block, x.No = block, int32(len(out)+1)
		x.Ground = math.Inf(1)
		for _, p := range x.Footprint() {
			x.Ground = min(x.Ground, c.Ground.At(p))
		}
		x.Ground = math.Round(x.Ground*100) / 100
		out = append(out, x)
	}
	year := func(from, to int) int { return from + h.upTo(to-from+1) }
	// grid is n × m places of so many metres with lanes between, in the middle of the room.
	grid := func(wide, deep, lane float64, do func(x Rect)) {
		n, m := int((2*r.A+lane)/(wide+lane)), int((2*r.B+lane)/(deep+lane))
		u0, v0 := -(float64(n)*(wide+lane)-lane)/2, -(float64(m)*(deep+lane)-lane)/2
		for j := range m {
			for i := range n {
				u, v := u0+float64(i)*(wide+lane), v0+float64(j)*(deep+lane)
				do(r.Part(u, v, u+wide, v+deep))
			}
		}
	}
	switch b.Use {
	case Village:
		wide, deep := h.between(9.5, 12.5), h.between(10, 13)
		grid(wide, deep, h.between(2.2, 4), func(x Rect) {
			if h.unit() < 0.05 {
				return // a yard
			}
			x.A, x.B = x.A*h.between(0.9, 1), x.B*h.between(0.9, 1)
			put(Building{Use: Village, Rects: []Rect{x}, Up: 5 + h.upTo(5), First: 3.6, Storey: 3.1, Year: year(1992, 2012)})
		})
	case Factory:
		wide, deep := min(2*r.A, h.between(52, 74)), min(2*r.B, h.between(20, 30))
		works := 0
		grid(wide, deep, 12, func(x Rect) {
			if works++; works%4 == 0 {
				x.A = min(x.A, 24)
				put(Building{Use: Dormitory, Rects: []Rect{x}, Up: 6 + h.upTo(3), First: 3.6, Storey: 3.2, Year: year(1995, 2015)})
				return
			}
			w := Building{Use: Factory, Rects: []Rect{x}, Up: 3 + h.upTo(5), First: h.between(5.5, 7), Storey: h.between(4.2, 5.4), Year: year(1994, 2021)}
			if h.unit() < 0.25 { // an L: the near part slimmer, a wing behind its left
				main := x.Part(-x.A, -x.B, x.A, 0.1*x.B)
				wing := x.Part(-x.A, 0.1*x.B, -x.A*0.3, x.B)
				w.Rects = []Rect{main, wing}
			}
			put(w)
		})
	case Estate:
		wide, deep := h.between(24, 32), h.between(17, 22)
		high, low := 18+h.upTo(16), h.unit() < 0.3
		grid(wide, deep, h.between(15, 20), func(x Rect) {
			up, down := high+h.upTo(3), 2
			if low {
				up, down = 7+h.upTo(4), 1
			}
			put(Building{Use: Estate, Rects: []Rect{x}, Up: up, Down: down, First: 4.5, Storey: 3, Year: year(1998, 2024)})
		})
	case Office:
		under := 3 + h.upTo(3)
		podium := r.Part(-r.A*0.92, -r.B*0.92, r.A*0.92, r.B*0.92)
		side := min(h.between(17, 21), podium.B*0.8, podium.A*0.42)
		up := under + 14 + h.upTo(28)
		if podium.A < 3*side { // one tower, on a podium of its own
			put(Building{Use: Office, Rects: []Rect{podium.Part(-side, -side, side, side)}, Podium: &podium, Under: under, Up: up, Down: 3, First: 6, Storey: 4.2, Year: year(2003, 2025)})
			break
		}
		left, right := podium.Part(-podium.A, -podium.B, -1, podium.B), podium.Part(1, -podium.B, podium.A, podium.B)
		for _, half := range []Rect{left, right} {
			put(Building{Use: Office, Rects: []Rect{half.Part(-side, -side, side, side)}, Podium: &half, Under: under, Up: up + h.upTo(4), Down: 3, First: 6, Storey: 4.2, Year: year(2003, 2025)})
		}
	case School:
		built := year(1990, 2024)
		for _, v := range []float64{-r.B, -r.B + 24} {
			put(Building{Use: School, Rects: []Rect{r.Part(-r.A*0.8, v, r.A*0.8, v+12)}, Up: 4 + h.upTo(3), First: 4.2, Storey: 3.9, Year: built})
		}
		if r.B > 40 { // the hall, beside the field
			put(Building{Use: School, Rects: []Rect{r.Part(r.A-24, -r.B+48, r.A, -r.B+66)}, Up: 2, First: 8, Storey: 5, Year: built})
		}
	case Green:
		if h.unit() < 0.3 {
			put(Building{Use: Green, Rects: []Rect{r.Part(-5, -4, 5, 4)}, Up: 1, First: 4, Storey: 3, Year: year(2000, 2024)})
		}
	}
	return out
}

// Code is a building's of 19 digits: its community's twelve, a grid of 400 houses, its own.
func (c *City) Code(i int32) string {
	b := &c.Buildings[i]
	return fmt.Sprintf("%s%02d%05d", c.Plan.Communities[c.Blocks[b.Block].Community].Digits, (b.Serial-1)/400%99+1, b.Serial)
}

// Name is what a building is called, and where its block is.
func (c *City) Name(i int32) string {
	b := &c.Buildings[i]
	block := &c.Blocks[b.Block]
	community := stem(c.Plan.Communities[block.Community].Name)
	n := uint64(b.Block)
	switch block.Use {
	case Village:
		return fmt.Sprintf("%s村%s巷%d号", community, numeral(int(mix(c.seed, 13, n)%60)+1), b.No)
	case Factory:
		if b.Use == Dormitory {
			return fmt.Sprintf("%s工业园宿舍%d栋", word(c.seed, 14, n, false), b.No)
		}
		return fmt.Sprintf("%s工业园%d栋", word(c.seed, 14, n, false), b.No)
	case Estate:
		return fmt.Sprintf("%s花园%d栋", word(c.seed, 15, n, false), b.No)
	case Office:
		return fmt.Sprintf("%s大厦%c座", word(c.seed, 16, n, false), 'A'+rune(b.No-1))
	case School:
		return fmt.Sprintf("%s学校%d号楼", word(c.seed, 17, n, false), b.No)
	}
	return community + "公园管理房"
}

// Address is where a building stands: community, the road before it, its number there.
func (c *City) Address(i int32) string {
	b := &c.Buildings[i]
	block := &c.Blocks[b.Block]
	road := c.Roads[block.Sides[int(b.No)%4]]
	return fmt.Sprintf("%s%s%d号", c.Plan.Communities[block.Community].Name, c.StreetName(road), 2*int(mix(uint64(b.Block))%400)+int(b.No))
}
