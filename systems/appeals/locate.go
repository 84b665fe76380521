package appeals

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"shanzhi/core/pack"
	"shanzhi/core/place"
)

// locator tells in which street and community something is.
type locator struct {
	areas *place.Index
	names *place.Gazetteer
}

// spot is where an appeal is, as far as it could be told.
type spot struct{ Street, Community string }

// areaSlack is how far outside every polygon a pin may lie, in metres, and
// still belong to the nearest: shores and borders are drawn coarsely.
const areaSlack = 200

func newLocator(files fs.FS) (*locator, error) {
	var areas []place.Area
	var wrong []error
	for _, name := range []string{"streets.geojson", "communities.geojson"} {
		raw, err := fs.ReadFile(files, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a district may know its areas by name alone
		}
		if err == nil {
			var some []place.Area
			some, err = place.ReadAreas(bytes.NewReader(raw), place.AreaSource{CRS: place.WGS84, Scheme: "pack", CodeProperty: "code"})
			areas = append(areas, some...)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		}
	}
	rows, err := pack.Table(files, "places.csv", "code", "name", "level", "parent")
	if err != nil {
		return nil, err
	}
	var names []place.Place
	for _, r := range rows {
		names = append(names, place.Place{Key: r["code"], Parent: r["parent"], Kind: place.Kind(r["level"]), Name: r["name"], Aliases: parts(r["aliases"])})
	}
	rows, err = pack.Table(files, "gazetteer.csv", "name", "kind", "community")
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		kind := place.KindLandmark
		switch r["kind"] {
		case "road":
			kind = place.KindRoad
		case "estate", "village", "industrial_park":
			kind = place.KindEstate
		}
		names = append(names, place.Place{Key: fmt.Sprintf("g%d", i), Parent: r["community"], Kind: kind, Name: r["name"], Aliases: parts(r["aliases"])})
	}
	g, err := place.NewGazetteer(names)
	if err := errors.Join(append(wrong, err)...); err != nil {
		return nil, err
	}
	return &locator{place.NewIndex(areas), g}, nil
}

// find tells the place from the pin where there is one, else from the words.
func (l *locator) find(lon, lat *float64, words string) (s spot) {
	if lon != nil && lat != nil {
		return l.at(*lon, *lat)
	}
	at := l.names.Locate(words)
	if p := at.Street.Place; p != nil {
		s.Street = p.Key
	}
	if p := at.Community.Place; p != nil {
		s.Community = p.Key
	}
	return s
}

// at is the street and community of a point in WGS-84.
func (l *locator) at(lon, lat float64) (s spot) {
	p := place.Point{CRS: place.WGS84, Lon: lon, Lat: lat}
	found := l.areas.Locate(p)
	if len(found) == 0 {
		if near, _, ok := l.areas.Nearest(p, areaSlack); ok {
			found = []place.Area{near}
		}
	}
	for _, a := range found { // the smallest first: community, then street
		switch a.Properties["level"] {
		case "street":
			s.Street = a.Code.Value
		case "community":
			s.Community = a.Code.Value
			if s.Street == "" {
				s.Street, _ = a.Properties["parent"].(string)
			}
		}
	}
	return s
}
