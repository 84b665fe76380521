package cim

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strconv"
	"strings"

	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
)

// Divisions are the country's divisions and the district's own in the schemes of
// its pack.
func Divisions(files fs.FS) (*place.Divisions, error) {
	names := map[string]string{}
	rows, err := pack.Table(files, "places.csv", "code", "name")
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		names[r["code"]] = r["name"]
	}
	var more []place.Division
	rows, err = pack.Table(files, "place_codes.csv", "place", "scheme", "code")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for i, r := range rows {
		scheme := place.Scheme(r["scheme"])
		if scheme == "mca" {
			scheme = place.GB2260
		}
		c, err := place.NewCode(scheme, r["code"])
		if err != nil {
			return nil, fmt.Errorf("place_codes.csv line %d: %w", i+2, err)
		}
		more = append(more, place.Division{Code: c, Name: names[r["place"]]})
	}
	return place.Country().With(more...), nil
}

// district is what a pack says of where it is.
type district struct {
	above   []string // province, city, district
	names   []address.Name
	aliases []address.Alias
	streets []string // names, in the pack's order
	codes   map[string]string
	at      map[string][2]float64 // of names
	code    string                // GB/T 2260
}

func readDistrict(files fs.FS) (*district, error) {
	d := &district{codes: map[string]string{}, at: map[string][2]float64{}}
	m, err := pack.ReadManifest(files)
	if err != nil {
		return nil, err
	}
	if d.code = m.Division.Code; len(d.code) == 6 {
		for _, n := range []int{2, 4, 6} {
			if name, ok := place.Country().Name(place.Code{Scheme: place.GB2260, Value: (d.code[:n] + "0000")[:6]}); ok {
				d.above = append(d.above, name)
			}
		}
	}
	rows, err := pack.Table(files, "places.csv", "code", "name", "level", "parent")
	if err != nil {
		return nil, err
	}
	type area struct{ name, level, parent string }
	areas := map[string]area{}
	for _, r := range rows {
		areas[r["code"]] = area{r["name"], r["level"], r["parent"]}
		switch r["level"] {
		case "street":
			d.streets = append(d.streets, r["name"])
			d.names = append(d.names, address.Name{Kind: "street", Text: r["name"], Street: r["name"]})
		case "community":
			d.names = append(d.names, address.Name{Kind: "community", Text: r["name"], Street: areas[r["parent"]].name, Community: r["name"]})
		}
	}
	if rows, err = pack.Table(files, "gazetteer.csv", "name", "kind", "community"); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return d, nil
		}
		return nil, err
	}
	for _, r := range rows {
		kind := r["kind"]
		switch kind {
		case "road", "estate", "village", "industrial_park":
		default:
			kind = "landmark"
		}
		c := areas[r["community"]]
		d.names = append(d.names, address.Name{Kind: kind, Text: r["name"], Community: c.name, Street: areas[c.parent].name})
		lon, _ := strconv.ParseFloat(r["lon"], 64)
		lat, _ := strconv.ParseFloat(r["lat"], 64)
		if lon != 0 {
			d.at[r["name"]] = [2]float64{lon, lat}
		}
		for _, alias := range semicolons(r["aliases"]) {
			d.aliases = append(d.aliases, address.Alias{Name: alias, Of: r["name"]})
		}
	}
	return d, nil
}

// Synthesise makes up labelled addresses of a pack's district, always the same.
func Synthesise(files fs.FS, n int) ([]address.Labelled, error) {
	d, err := readDistrict(files)
	if err != nil || len(d.above) < 3 {
		return nil, err
	}
	return address.Synthesise([3]string(d.above), d.names, n, 1), nil
}

// MadeUp is a building of a made-up register.
type MadeUp struct {
	Name      string // 流塘花园3栋
	Road      string // 流塘路12号
	Street    string
	Community string
	Address   string
	Use       string
	Floors    int
	Units     int // a floor
	Lon, Lat  float64
}

// Label is what stands on the door of a unit.
func (MadeUp) Label(floor, unit int) string { return fmt.Sprintf("%d%02d", floor, unit) }

// MakeUp makes up a register of about so many buildings from the names of a pack:
// estates, urban villages and industrial parks. It is synthetic, and the same each time.
func MakeUp(files fs.FS, buildings int) (*Registered, error) {
	d, err := readDistrict(files)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(20261127, 3))
	var complexes []address.Name
	roads, taken := map[string][]string{}, map[string]bool{}
	for _, n := range d.names {
		switch n.Kind {
		case "estate", "village", "industrial_park":
			if !taken[n.Text+n.Community] {
				taken[n.Text+n.Community] = true
				complexes = append(complexes, n)
			}
		case "road":
			roads[n.Community] = append(roads[n.Community], n.Text)
			roads[n.Street] = append(roads[n.Street], n.Text)
		}
	}
	out := &Registered{Above: d.above, Aliases: d.aliases, Division: d.code}
	if len(complexes) == 0 {
		return out, nil
	}
	if few := buildings / 4; few > 0 && few < len(complexes) { // some of each part of the district
		var kept []address.Name
		for i := range few {
			kept = append(kept, complexes[i*len(complexes)/few])
		}
		complexes = kept
	}
	above := ""
	for _, name := range d.above {
		above += name
	}
	numbers := map[string]int{}
	for len(out.Buildings) < buildings {
		for _, c := range complexes {
			if len(out.Buildings) >= buildings {
				break
			}
			at := d.at[c.Text]
			n := max(1, min(buildings/len(complexes), 60)*(50+r.IntN(100))/100)
			where := roads[c.Community]
			if len(where) == 0 {
				where = roads[c.Street]
			}
			road := ""
			if len(where) > 0 && c.Kind != "village" {
				name := where[r.IntN(len(where))]
				numbers[name] += 2
				road = fmt.Sprintf("%s%d号", name, numbers[name])
			}
			for i := range n {
				m := MadeUp{Street: c.Street, Community: c.Community, Road: road, Lon: at[0] + float64(i%6)*0.0004, Lat: at[1] + float64(i/6)*0.0004}
				numbers[c.Text+c.Community]++
				no := numbers[c.Text+c.Community]
				switch c.Kind {
				case "village":
					m.Name, m.Floors, m.Units, m.Use = fmt.Sprintf("%s%d巷%d号", c.Text, (no-1)/9+1, (no-1)%9+1), 4+r.IntN(5), 2+r.IntN(3), "village"
				case "industrial_park":
					m.Name, m.Floors, m.Units, m.Use = fmt.Sprintf("%s%c%d栋", c.Text, 'A'+(no-1)/9%20, (no-1)%9+1), 3+r.IntN(5), 2+r.IntN(4), "factory"
					if (no-1)/180 > 0 {
						m.Name = fmt.Sprintf("%s%d期%c%d栋", c.Text, (no-1)/180+1, 'A'+(no-1)/9%20, (no-1)%9+1)
					}
				default:
					m.Name, m.Floors, m.Units, m.Use = fmt.Sprintf("%s%d栋", c.Text, no), 11+r.IntN(22), 4+r.IntN(5), "residence"
				}
				m.Address = above + m.Street + m.Community + m.Road + m.Name
				out.Buildings = append(out.Buildings, m)
			}
		}
	}
	return out, nil
}

// Registered is a register that was made up.
type Registered struct {
	Above     []string
	Division  string
	Aliases   []address.Alias
	Buildings []MadeUp
}

// Index indexes it; keys are the numbers of buildings and of rooms in their order.
func (r *Registered) Index(p *address.Parser) *address.Index {
	list := make([]address.Building, len(r.Buildings))
	key := int64(len(list))
	for i, m := range r.Buildings {
		list[i] = address.Building{Key: int64(i), Address: m.Address, Street: m.Street, Community: m.Community}
		for f := 1; f <= m.Floors; f++ {
			for u := 1; u <= m.Units; u++ {
				list[i].Rooms = append(list[i].Rooms, address.Room{Label: m.Label(f, u), Key: key})
				key++
			}
		}
	}
	return address.NewIndex(list, r.Aliases, r.Above, p)
}

func semicolons(list string) (out []string) {
	for _, x := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || r == '；' }) {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// Standard is a standard address of a table.
type Standard struct {
	Address, Street, Community string
	Names                      []string
}

// IndexOf indexes a table of standard addresses; keys are the numbers of its rows.
// Rows that end with a room are rooms of the building that the rest names; a
// building that no row names has the key -1.
func IndexOf(files fs.FS, rows []Standard) (*address.Index, error) {
	d, err := readDistrict(files)
	if err != nil {
		return nil, err
	}
	var list []address.Building
	at := map[string]int{}
	for key, row := range rows {
		building, room := address.SplitRoom(row.Address)
		i, ok := at[building]
		if !ok {
			i = len(list)
			at[building] = i
			list = append(list, address.Building{Key: -1, Address: building, Street: row.Street, Community: row.Community})
		}
		list[i].Names = append(list[i].Names, row.Names...)
		if room == "" {
			list[i].Key = int64(key)
		} else {
			list[i].Rooms = append(list[i].Rooms, address.Room{Label: room, Key: int64(key)})
		}
	}
	for i := range list {
		if list[i].Street == "" {
			for _, s := range d.streets {
				if strings.Contains(list[i].Address, s) {
					list[i].Street = s
				}
			}
		}
	}
	return address.NewIndex(list, d.aliases, d.above, address.Shipped()), nil
}
