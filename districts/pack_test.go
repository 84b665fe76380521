package districts_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"shanzhi/districts"
)

// row is one line of a CSV of the pack, by column name.
type row map[string]string

func table(t *testing.T, name string) []row {
	t.Helper()
	f, err := districts.FS.Open("baoan/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	rows := make([]row, 0, len(lines)-1)
	for _, line := range lines[1:] {
		r := row{}
		for i, column := range lines[0] {
			r[column] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// index maps the rows of a table by a column that must be unique and filled.
func index(t *testing.T, name, column string) map[string]row {
	t.Helper()
	m := map[string]row{}
	for _, r := range table(t, name) {
		switch {
		case r[column] == "":
			t.Errorf("%s: a row without %s: %v", name, column, r)
		case m[r[column]] != nil:
			t.Errorf("%s: %s %q twice", name, column, r[column])
		}
		m[r[column]] = r
	}
	return m
}

func number(t *testing.T, r row, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		t.Fatalf("%v: %v", r, err)
	}
	return v
}

func areas(t *testing.T, name string) map[string]orb.MultiPolygon {
	t.Helper()
	raw, err := districts.FS.ReadFile("baoan/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Properties struct{ Code string }
			Geometry   struct {
				Type        string
				Coordinates orb.MultiPolygon
			}
		}
	}
	if err := json.Unmarshal(raw, &fc); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	m := map[string]orb.MultiPolygon{}
	for _, f := range fc.Features {
		if f.Geometry.Type != "MultiPolygon" {
			t.Errorf("%s: %s is a %s", name, f.Properties.Code, f.Geometry.Type)
		}
		m[f.Properties.Code] = f.Geometry.Coordinates
	}
	return m
}

func TestPlacesFormOneTree(t *testing.T) {
	places := index(t, "places.csv", "code")
	above := map[string]string{"community": "street", "street": "district"}
	count := map[string]int{}
	for code, p := range places {
		count[p["level"]]++
		if p["level"] == "district" {
			continue
		}
		if parent := places[p["parent"]]; parent == nil || parent["level"] != above[p["level"]] {
			t.Errorf("%s: a %s under %q", code, p["level"], p["parent"])
		}
	}
	if count["district"] != 1 || count["street"] != 10 || count["community"] < 100 {
		t.Errorf("levels: %v", count)
	}
}

func TestPlaceCodesAreUniqueWithinTheirScheme(t *testing.T) {
	places := index(t, "places.csv", "code")
	seen := map[string]string{}
	for _, r := range table(t, "place_codes.csv") {
		if places[r["place"]] == nil {
			t.Errorf("no such place: %v", r)
		}
		key := r["scheme"] + " " + r["code"]
		if other := seen[key]; other != "" {
			t.Errorf("%s means both %s and %s", key, other, r["place"])
		}
		seen[key] = r["place"]
	}
}

func TestOrganisationFormsOneTreeOverThePlaces(t *testing.T) {
	units, places := index(t, "organisation.csv", "code"), index(t, "places.csv", "code")
	holder := map[string]string{} // place: unit
	for code, u := range units {
		parent := units[u["parent"]]
		switch u["kind"] {
		case "district":
			if u["parent"] != "" {
				t.Errorf("%s: the district has a parent", code)
			}
		case "community":
			if parent == nil || parent["kind"] != "street" || parent["place"] != places[u["place"]]["parent"] {
				t.Errorf("%s does not lie under the office of its street", code)
			}
		case "platform", "department", "street", "enterprise":
			if parent == nil {
				t.Errorf("%s: parent %q unknown", code, u["parent"])
			}
		default:
			t.Errorf("%s: kind %q", code, u["kind"])
		}
		if u["place"] != "" {
			if p := places[u["place"]]; p == nil || p["level"] != u["kind"] {
				t.Errorf("%s is of place %q", code, u["place"])
			}
			holder[u["place"]] = code
		}
		if u["name_en"] == "" || u["short"] == "" || u["valid_from"] == "" {
			t.Errorf("%s: incomplete: %v", code, u)
		}
	}
	for code := range places {
		if holder[code] == "" {
			t.Errorf("no unit answers for place %s", code)
		}
	}
}

// edge is a side of an outline in the sense it is walked.
type edge [2]orb.Point

// outline returns the sides of areas that no other of them walks in the
// opposite sense, and fails if two walk one in the same sense: they overlap.
func outline(t *testing.T, parts map[string]orb.MultiPolygon) map[edge]bool {
	t.Helper()
	all := map[edge]string{}
	for code, mp := range parts {
		for _, polygon := range mp {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					e := edge{ring[i-1], ring[i]}
					if other := all[e]; other != "" {
						t.Errorf("%s and %s overlap along %v", code, other, e)
					}
					all[e] = code
				}
			}
		}
	}
	outer := map[edge]bool{}
	for e := range all {
		if all[edge{e[1], e[0]}] == "" {
			outer[e] = true
		}
	}
	return outer
}

// Communities tile streets and streets tile the district when the sides left
// over after neighbours cancel are exactly the outline of what they make up.
func TestAreasTile(t *testing.T) {
	places := index(t, "places.csv", "code")
	communities, streets, district := areas(t, "communities.geojson"), areas(t, "streets.geojson"), areas(t, "boundary.geojson")
	tile := func(whole orb.MultiPolygon, parts map[string]orb.MultiPolygon, name string) {
		want, got := outline(t, map[string]orb.MultiPolygon{name: whole}), outline(t, parts)
		for e := range want {
			if !got[e] {
				t.Errorf("%s: side %v is no part's", name, e)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: parts leave %d sides, the outline has %d", name, len(got), len(want))
		}
		var sum float64
		for _, p := range parts {
			sum += planar.Area(p)
		}
		if d := math.Abs(sum/planar.Area(whole) - 1); d > 1e-3 {
			t.Errorf("%s: areas differ by %g", name, d)
		}
	}
	tile(district["baoan"], streets, "baoan")
	for street, whole := range streets {
		parts := map[string]orb.MultiPolygon{}
		for code, area := range communities {
			if places[code]["parent"] == street {
				parts[code] = area
			}
		}
		tile(whole, parts, street)
	}
	for code, p := range places {
		area := map[string]map[string]orb.MultiPolygon{"district": district, "street": streets, "community": communities}[p["level"]][code]
		if !planar.MultiPolygonContains(area, orb.Point{number(t, p, "lon"), number(t, p, "lat")}) {
			t.Errorf("%s does not lie in its own area", code)
		}
	}
}

func TestVocabularies(t *testing.T) {
	for name, column := range map[string]string{
		"roles.csv": "code", "appeals/kinds.csv": "code", "appeals/channels.csv": "code",
		"appeals/return_reasons.csv": "code", "appeals/refusals.csv": "code", "appeals/emergency_words.csv": "word",
	} {
		index(t, name, column)
	}
	for _, name := range []string{"appeals/kinds.csv", "appeals/channels.csv"} {
		var sum float64
		for _, r := range table(t, name) {
			sum += number(t, r, "share")
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: shares add up to %v", name, sum)
		}
	}
	for _, r := range table(t, "appeals/refusals.csv") {
		if r["basis"] == "" || r["alternative"] == "" {
			t.Errorf("a refusal must state its basis and another way: %v", r)
		}
	}
}
