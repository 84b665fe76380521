package simulate

import (
	"fmt"
	"slices"

	"shanzhi/systems/cim/tiles"
)

// Solids is a city as it is tiled: heights above the zero are taken for such above the
// ellipsoid.
type Solids struct{ *City }

// Uses are all that its features have.
func (Solids) Uses() []string {
	out := []string{string(Dormitory), string(Flat), string(Shop), string(Classroom), string(Parking)}
	for _, u := range Uses {
		out = append(out, string(u))
	}
	return out
}

// Within is what its quadtree divides: a square about its outline, 5 km wider.
func (s Solids) Within() [4]float64 {
	o := newOutline(s.Frame, s.Plan.District)
	half := max(o.high.X-o.low.X, o.high.Y-o.low.Y)/2 + 5000
	mid := o.low.towards(o.high, 0.5)
	west, south := s.Frame.Degrees(mid.sub(Point{half, half}))
	east, north := s.Frame.Degrees(mid.add(Point{half, half}))
	return [4]float64{west, south, east, north}
}

// Len counts the buildings.
func (s Solids) Len() int { return len(s.Buildings) }

// Deep says whether a building's floors and units are known.
func (s Solids) Deep(i int) bool {
	_, found := slices.BinarySearch(s.Split, int32(i))
	return found
}

func (s Solids) places(ring []Point) []tiles.Place {
	out := make([]tiles.Place, len(ring))
	for i, p := range ring {
		out[i].Lon, out[i].Lat = s.Frame.Degrees(p)
	}
	return out
}

// Shell is a building from outside: what stands on a podium is a solid of its own.
func (s Solids) Shell(i int) []tiles.Solid {
	b := &s.Buildings[i]
	f := tiles.Feature{Code: s.Code(int32(i)), Area: float32(b.GrossArea()), Use: string(b.Use)}
	top := b.Ground + b.Height()
	if b.Podium == nil {
		return []tiles.Solid{{Outline: s.places(b.outline()), From: b.Ground, To: top, Feature: f}}
	}
	roof := b.Ground + b.First + float64(b.Under-1)*b.Storey
	return []tiles.Solid{{Outline: s.places(b.Podium.Ring()), From: b.Ground, To: roof, Feature: f}, {Outline: s.places(b.outline()), From: roof, To: top, Feature: f}}
}

// Floors are those of a building, each a solid.
func (s Solids) Floors(i int) []tiles.Solid {
	var out []tiles.Solid
	code := s.Code(int32(i))
	for _, f := range s.City.Floors(int32(i)) {
		use := string(s.Buildings[i].Use)
		if len(f.Units) > 0 {
			use = string(f.Units[0].Use)
		}
		out = append(out, tiles.Solid{Outline: s.places(f.Outline), From: f.Z, To: f.Top - 0.05, Feature: tiles.Feature{Code: code, Floor: int16(f.Ordinal), Area: float32(area(f.Outline)), Use: use}})
	}
	return out
}

// Units are those of a building, each a solid.
func (s Solids) Units(i int) []tiles.Solid {
	var out []tiles.Solid
	code := s.Code(int32(i))
	for _, f := range s.City.Floors(int32(i)) {
		for _, u := range f.Units {
			out = append(out, tiles.Solid{Outline: s.places(u.Ring), From: f.Z, To: f.Top - 0.05, Feature: tiles.Feature{Code: fmt.Sprintf("%s%06d", code, u.Serial), Floor: int16(f.Ordinal), Area: float32(u.Area), Use: string(u.Use)}})
		}
	}
	return out
}
