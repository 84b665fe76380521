package simulate

import (
	"fmt"
	"slices"
)

// Section says what lies in some of the communities, by their names or codes; in all where none
// are named.
func (c *City) Section(names []string) (func(Point) bool, error) {
	if len(names) == 0 {
		return func(Point) bool { return true }, nil
	}
	var parts []*outline
	for _, name := range names {
		i := slices.IndexFunc(c.Plan.Communities, func(x Community) bool { return x.Name == name || x.Code == name })
		if i < 0 {
			return nil, fmt.Errorf("simulate: the district has no community %q", name)
		}
		parts = append(parts, newOutline(c.Frame, c.Plan.Communities[i].Shape))
	}
	return func(p Point) bool {
		return slices.ContainsFunc(parts, func(o *outline) bool { return o.holds(p) })
	}, nil
}

// CommunityOf is the number of the community that a building's block lies in.
func (c *City) CommunityOf(building int32) int32 {
	return c.Blocks[c.Buildings[building].Block].Community
}

// Sea is what lies off the shore, so many metres along it and out.
func (c *City) Sea(reach float64) []Point {
	g := c.Ground
	along, out := Point{-g.rise.Y, g.rise.X}, g.rise.times(-1)
	a, b := g.shore.add(along.times(reach)), g.shore.add(along.times(-reach))
	return []Point{a, b, b.add(out.times(reach)), a.add(out.times(reach))}
}
