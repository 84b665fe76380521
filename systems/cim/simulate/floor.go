package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Floor is one of a building (楼层).
type Floor struct {
	Ordinal int     // from ground 1 up, -1 down
	Label   string  // as the lift says it: 3A, B1
	Z, Top  float64 // above the zero
	Outline []Point
	Units   []Unit
}

// UnitState is whether a unit is used.
type UnitState string

// The states.
const (
	Owned  UnitState = "owned"  // 自用
	Let    UnitState = "let"    // 出租
	Vacant UnitState = "vacant" // 空置
)

// Unit is a room that is let or lived in by itself (户).
type Unit struct {
	No     int // on its floor, from 1
	Serial int // in its building, from 1: the last six digits of its code
	Label  string
	Use    Use // factory, office, shop, flat, dormitory, classroom, parking
	Ring   []Point
	Area   float64 // inside, in square metres
	Gross  float64 // with its share of what is common
	State  UnitState
	Firm   string    // who is there: an enterprise; empty who is no enterprise
	Rent   float64   // 元 a square metre and month, what is paid or asked; 0 unknown
	From   time.Time // of the lease
	Until  time.Time
	Load   float64 // what its floor carries, t/m²
	Height float64 // clear, in metres
}

// Uses of units beside those of blocks.
const (
	Flat      Use = "flat"
	Shop      Use = "shop"
	Classroom Use = "classroom"
	Parking   Use = "parking"
)

// labelled floors: those whose number nobody wants are called after the one below.
func floorLabel(use Use, n int) string {
	switch {
	case n < 0:
		return fmt.Sprintf("B%d", -n)
	case use != Estate && use != Office:
	case n%10 == 4:
		return fmt.Sprintf("%dA", n-1)
	case n == 13:
		return "12A"
	}
	return fmt.Sprint(n)
}

// perFloor is how a floor is divided: the rooms along each side of the corridor, and their use.
func (b *Building) perFloor(n int) (rooms int, use Use) {
	size := area(b.Outline(max(n, 1)))
	switch {
	case n < 0:
		return 1, Parking
	case b.Use == Village && n == 1, b.Use == Estate && n == 1, b.Podium != nil && n <= b.Under:
		return max(1, int(math.Sqrt(size)/9)), Shop
	case b.Use == Village, b.Use == Dormitory:
		return max(1, int(size/60)), Flat
	case b.Use == Estate:
		return max(2, int(size/150)), Flat
	case b.Use == Office:
		return max(2, int(size/260)), Office
	case b.Use == Factory:
		return max(1, int(size/1100)), Factory
	case b.Use == School:
		return max(1, int(size/150)), Classroom
	}
	return 1, b.Use
}

// units counts what Floors makes.
func (b *Building) units() (n int) {
	for f := -b.Down; f <= b.Up; f++ {
		if f != 0 {
			rooms, _ := b.perFloor(f)
			n += 2 * rooms * len(b.plates(f))
		}
	}
	return n
}

// plates are the rectangles of a floor that are divided.
func (b *Building) plates(n int) []Rect {
	if b.Podium != nil && n <= b.Under { // and what lies below
		return []Rect{*b.Podium}
	}
	return b.Rects
}

// Floors are a building's, from the lowest up, with their units.
func (c *City) Floors(i int32) []Floor {
	b := &c.Buildings[i]
	h := chance(mix(c.seed, 8, uint64(i)))
	out, serial := make([]Floor, 0, b.Up+b.Down), 0
	for n := -b.Down; n <= b.Up; n++ {
		if n == 0 {
			continue
		}
		f := Floor{Ordinal: n, Label: floorLabel(b.Use, n), Outline: b.Outline(max(n, 1))}
		switch {
		case n < 0:
			f.Z = b.Ground + 4*float64(n)
			f.Top = f.Z + 4
		case n == 1:
			f.Z, f.Top = b.Ground, b.Ground+b.First
		default:
			f.Z = b.Ground + b.First + float64(n-2)*b.Storey
			f.Top = f.Z + b.Storey
		}
		rooms, use := b.perFloor(n)
		for _, plate := range b.plates(n) {
			c.divide(&f, plate, rooms, use, &h)
		}
		for k := range f.Units {
			serial++
			f.Units[k].Serial = serial
		}
		out = append(out, f)
	}
	return out
}

// divide puts two rows of rooms on a plate with a corridor between them.
func (c *City) divide(f *Floor, plate Rect, rooms int, use Use, h *chance) {
	aisle := min(1.1, plate.B*0.12)
	if use == Parking || use == Factory {
		aisle = 0
	}
	common := 1.0
	if aisle > 0 {
		common = plate.B / (plate.B - aisle)
	}
	for row := range 2 {
		v0, v1 := -plate.B, -aisle
		if row == 1 {
			v0, v1 = aisle, plate.B
		}
		for k := range rooms {
			step := 2 * plate.A / float64(rooms)
			u := -plate.A + float64(k)*step
			room := plate.Part(u, v0, u+step, v1)
			x := Unit{No: len(f.Units) + 1, Use: use, Ring: room.Ring(), Area: round(room.Area(), 2), Gross: round(room.Area()*common, 2), Height: round(f.Top-f.Z-0.4, 2)}
			x.Label = fmt.Sprintf("%s%02d", f.Label, x.No)
			c.let(&x, f.Ordinal, h)
			f.Units = append(f.Units, x)
		}
	}
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// The first day of the made-up leases' present.
var present = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// let says who is in a unit and on what terms.
func (c *City) let(x *Unit, floor int, h *chance) {
	vacant, owned, rent := 0.0, 0.0, 0.0
	switch x.Use {
	case Factory:
		vacant, owned, rent = 0.14, 0.2, h.between(18, 34)
		x.Load = []float64{0.5, 0.75, 1, 1.5}[h.upTo(4)]
		if floor == 1 {
			x.Load, rent = x.Load+1, rent*1.3
		}
	case Office:
		vacant, owned, rent, x.Load = 0.22, 0.15, h.between(45, 95)*(1+float64(floor)*0.004), 0.25
	case Shop:
		vacant, owned, rent, x.Load = 0.08, 0.1, h.between(60, 180), 0.35
	case Flat:
		vacant, owned, rent, x.Load = 0.07, 0.45, h.between(28, 62), 0.2
	case Dormitory:
		vacant, owned, x.Load = 0.1, 0.9, 0.2
	case Parking:
		owned, x.Load = 1, 0.4
	default:
		owned, x.Load = 1, 0.3
	}
	at := h.unit()
	switch {
	case at < vacant:
		x.State, x.Rent = Vacant, round(rent, 1)
	case at < vacant+owned:
		x.State = Owned
	default:
		x.State, x.Rent = Let, round(rent, 1)
		x.From = present.AddDate(0, -h.upTo(36), 0)
		x.Until = x.From.AddDate(1+h.upTo(5), 0, 0)
		for x.Until.Before(present.AddDate(1, 0, 0)) {
			x.Until = x.Until.AddDate(1, 0, 0)
		}
	}
	if x.State != Vacant && (x.Use == Factory || x.Use == Office || x.Use == Shop) {
		x.Firm = firm(c.seed, h.next()%120_000)
	}
}

// split chooses the buildings whose floors and units are known: as many as the plan wants,
// with at least its number of units. Industry first, since that is what is let and looked
// for; as many estates as the number of units needs.
func (c *City) split() {
	s := c.Plan.Settings
	type one struct {
		i, units int32
		key      uint64
	}
	var work, homes []one
	for i := range c.Buildings {
		b := &c.Buildings[i]
		x := one{int32(i), int32(b.units()), mix(c.seed, 9, uint64(i))}
		switch b.Use {
		case Factory, Office, Dormitory, School:
			work = append(work, x)
		case Estate:
			homes = append(homes, x)
		}
	}
	order := func(a, b one) int { return cmp.Compare(a.key, b.key) }
	slices.SortFunc(work, order)
	slices.SortFunc(homes, order)
	sums := func(all []one) []int {
		out := []int{0}
		for _, x := range all {
			out = append(out, out[len(out)-1]+int(x.units))
		}
		return out
	}
	atWork, atHome := sums(work), sums(homes)
	n := min(s.Split, len(work)+len(homes))
	k := max(0, n-len(work))
	for k < min(n, len(homes)) && atHome[k]+atWork[n-k] < s.Units {
		k++
	}
	for _, x := range homes[:k] {
		c.Split = append(c.Split, x.i)
	}
	for _, x := range work[:n-k] {
		c.Split = append(c.Split, x.i)
	}
	slices.Sort(c.Split)
}
