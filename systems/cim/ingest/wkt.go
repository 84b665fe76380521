package ingest

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"shanzhi/core/place"
)

// wktNode is a node of well-known text (ISO 19162, and the older forms of OGC and Esri).
type wktNode struct {
	name  string
	texts []string // quoted and bare values, in their order
	below []*wktNode
}

func (n *wktNode) child(names ...string) *wktNode {
	for _, b := range n.below {
		for _, name := range names {
			if b.name == name {
				return b
			}
		}
	}
	return nil
}

func (n *wktNode) text(i int) string {
	if n == nil || i >= len(n.texts) {
		return ""
	}
	return n.texts[i]
}

type wktReader struct {
	text string
	at   int
}

func (r *wktReader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

var errWKT = fmt.Errorf("is no well-known text of a reference system")

func (r *wktReader) node(level int) (*wktNode, error) {
	r.space()
	from := r.at
	for r.at < len(r.text) && (r.text[r.at] >= 'A' && r.text[r.at] <= 'Z' || r.text[r.at] >= 'a' && r.text[r.at] <= 'z' || r.text[r.at] >= '0' && r.text[r.at] <= '9' || r.text[r.at] == '_') {
		r.at++
	}
	n := &wktNode{name: strings.ToUpper(r.text[from:r.at])}
	r.space()
	if n.name == "" || level > 32 || r.at >= len(r.text) || r.text[r.at] != '[' && r.text[r.at] != '(' {
		return nil, errWKT
	}
	r.at++
	for {
		r.space()
		if r.at >= len(r.text) {
			return nil, errWKT
		}
		switch c := r.text[r.at]; {
		case c == ']' || c == ')':
			r.at++
			return n, nil
		case c == ',':
			r.at++
		case c == '"':
			end := strings.IndexByte(r.text[r.at+1:], '"')
			if end < 0 {
				return nil, errWKT
			}
			n.texts = append(n.texts, r.text[r.at+1:r.at+1+end])
			r.at += end + 2
		default:
			mark := r.at
			if b, err := r.node(level + 1); err == nil {
				n.below = append(n.below, b)
				continue
			}
			r.at = mark
			end := strings.IndexAny(r.text[r.at:], ",])")
			if end <= 0 {
				return nil, errWKT
			}
			n.texts = append(n.texts, strings.TrimSpace(r.text[r.at:r.at+end]))
			r.at += end
		}
	}
}

// frameOfWKT reads a reference system as a .prj has it: by its code where it has one that is known, else
// by what it says of itself. A datum whose shift must be given (北京54, 西安80) is refused.
func frameOfWKT(text string) (place.Frame, error) {
	r := wktReader{text: text}
	root, err := r.node(0)
	if err != nil {
		return place.Frame{}, err
	}
	vertical := ""
	if root.name == "COMPD_CS" || root.name == "COMPOUNDCRS" {
		for _, b := range root.below {
			switch b.name {
			case "VERT_CS", "VERTCRS", "VERTICALCRS":
				vertical = verticalOf(b.text(0))
			}
		}
		if root = root.child("PROJCS", "GEOGCS", "PROJCRS", "PROJECTEDCRS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS"); root == nil {
			return place.Frame{}, errWKT
		}
	}
	f, err := plainFrame(root)
	if vertical != "" {
		f.Vertical = vertical
	}
	return f, err
}

func verticalOf(name string) string {
	switch n := strings.ToLower(name); {
	case strings.Contains(n, "1985"):
		return "1985"
	case strings.Contains(n, "ellipsoid"):
		return "ellipsoid"
	case strings.Contains(n, "nap"), strings.Contains(n, "amsterdam"):
		return "NAP"
	default:
		return name
	}
}

func plainFrame(root *wktNode) (place.Frame, error) {
	if id := root.child("AUTHORITY", "ID"); id != nil && strings.EqualFold(id.text(0), "EPSG") {
		if f, err := place.ParseFrame("EPSG:" + id.text(1)); err == nil {
			return f, nil
		}
	}
	geographic := root
	if base := root.child("GEOGCS", "BASEGEOGCRS", "BASEGEODCRS", "GEOGCRS"); base != nil {
		geographic = base
	}
	name := strings.ToLower(geographic.text(0))
	if d := geographic.child("DATUM", "GEODETICDATUM", "ENSEMBLE", "TRF"); d != nil {
		name += " " + strings.ToLower(d.text(0))
	}
	crs := place.CRS(0)
	switch {
	case strings.Contains(name, "cgcs") || strings.Contains(name, "china_2000") || strings.Contains(name, "china 2000") || strings.Contains(name, "china_geodetic_coordinate_system_2000"):
		crs = place.CGCS2000
	case strings.Contains(name, "wgs_1984") || strings.Contains(name, "wgs 84") || strings.Contains(name, "wgs84") || strings.Contains(name, "wgs_84") || strings.Contains(name, "world geodetic system 1984"):
		crs = place.WGS84
	default:
		return place.Frame{}, fmt.Errorf("the datum %q is not known here, its shift must be given", geographic.text(0))
	}
	switch root.name {
	case "GEOGCS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS":
		return place.Frame{Name: root.text(0), Degrees: crs}, nil
	case "PROJCS", "PROJCRS", "PROJECTEDCRS":
	default:
		return place.Frame{}, errWKT
	}
	from := root
	if c := root.child("CONVERSION"); c != nil {
		from = c
	}
	method := strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "").Replace(from.child("PROJECTION", "METHOD").text(0)))
	values := map[string]float64{}
	for _, b := range from.below {
		if b.name == "PARAMETER" {
			if x, err := strconv.ParseFloat(b.text(1), 64); err == nil {
				values[strings.ToLower(strings.NewReplacer("_", "", " ", "").Replace(b.text(0)))] = x
			}
		}
	}
	value := func(names ...string) (float64, bool) {
		for _, n := range names {
			if x, ok := values[n]; ok {
				return x, true
			}
		}
		return 0, false
	}
	unit := 1.0
	for _, b := range root.below {
		if b.name == "UNIT" || b.name == "LENGTHUNIT" {
			unit, _ = strconv.ParseFloat(b.text(1), 64)
		}
	}
	switch method {
	case "transversemercator", "gausskruger", "transversemercator(zonedgridsystem)":
		meridian, ok := value("centralmeridian", "longitudeofnaturalorigin")
		east, _ := value("falseeasting")
		north, _ := value("falsenorthing")
		latitude, _ := value("latitudeoforigin", "latitudeofnaturalorigin")
		scale, has := value("scalefactor", "scalefactoratnaturalorigin")
		if !has {
			scale = 1
		}
		if !ok || math.Abs(meridian) > 180 || latitude != 0 || scale < 0.9 || scale > 1.1 || unit != 1 {
			return place.Frame{}, fmt.Errorf("%q has no meridian, an origin off the equator or other units than metres", root.text(0))
		}
		return place.TransverseMercator(root.text(0), meridian, east, north, scale), nil
	case "mercatorauxiliarysphere", "popularvisualisationpseudomercator":
		return place.ParseFrame("EPSG:3857")
	}
	return place.Frame{}, fmt.Errorf("the projection %q is not known here", from.child("PROJECTION", "METHOD").text(0))
}
