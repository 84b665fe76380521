package districts_test

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
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

func TestGazetteerPointsLieInTheirCommunity(t *testing.T) {
	communities := areas(t, "communities.geojson")
	kinds := map[string]bool{"road": true, "estate": true, "school": true, "market": true, "park": true,
		"metro": true, "village": true, "industrial_park": true, "hospital": true, "river": true}
	seen := map[string]bool{}
	served := map[string]bool{}
	for _, r := range table(t, "gazetteer.csv") {
		area := communities[r["community"]]
		if !planar.MultiPolygonContains(area, orb.Point{number(t, r, "lon"), number(t, r, "lat")}) {
			t.Errorf("%s does not lie in %q", r["name"], r["community"])
		}
		if !kinds[r["kind"]] {
			t.Errorf("%s: kind %q", r["name"], r["kind"])
		}
		if key := r["name"] + " " + r["community"]; seen[key] {
			t.Errorf("twice: %s", key)
		} else {
			seen[key] = true
		}
		served[r["community"]] = true
	}
	if len(served) != len(communities) {
		t.Errorf("%d of %d communities have a place", len(served), len(communities))
	}
}

func TestDutyItems(t *testing.T) {
	items, kinds := index(t, "appeals/duty_items.csv", "code"), index(t, "appeals/kinds.csv", "code")
	index(t, "appeals/duty_items.csv", "l3")
	if n := len(items); n < 4177 || n > 4315 {
		t.Errorf("%d items; the list is sized 4,177 to 4,315", n)
	}
	one := func(r row, column string, allowed ...string) {
		if !slices.Contains(allowed, r[column]) {
			t.Errorf("%s: %s %q", r["code"], column, r[column])
		}
	}
	names := map[string]string{} // prefix: name
	classes, noise := map[string]bool{}, 0
	var sum float64
	for code, r := range items {
		if len(code) != 6 {
			t.Errorf("code %q", code)
		}
		for prefix, name := range map[string]string{code[:2]: r["l1"], code[:4]: r["l2"]} {
			if names[prefix] == "" {
				names[prefix] = name
			}
			if names[prefix] != name {
				t.Errorf("%s is both %s and %s", prefix, names[prefix], name)
			}
		}
		classes[r["l1"]] = true
		if code[:2] == "14" && strings.Contains(r["l2"], "噪声") {
			noise++
		}
		one(r, "urgency", "normal", "livelihood", "urgent", "critical")
		one(r, "handle_class", "consult", "general", "complex")
		one(r, "evidence", "none", "photo", "before_after")
		one(r, "visit", "y", "n")
		for _, k := range strings.Split(r["kinds"], ";") {
			if kinds[k] == nil {
				t.Errorf("%s: kind %q", code, k)
			}
		}
		for _, column := range []string{"l3", "definition", "includes", "keywords", "legal_basis", "examples", "objects", "problems"} {
			if r[column] == "" {
				t.Errorf("%s: no %s", code, column)
			}
		}
		for _, m := range regexp.MustCompile(`（(\d+)）`).FindAllStringSubmatch(r["excludes"], -1) {
			if items[m[1]] == nil || m[1] == code {
				t.Errorf("%s excludes in favour of %s", code, m[1])
			}
		}
		sum += number(t, r, "frequency")
	}
	if len(classes) != 18 {
		t.Errorf("%d classes", len(classes))
	}
	if noise != 35 {
		t.Errorf("%d items of noise", noise)
	}
	if math.Abs(sum-1000) > 0.1 {
		t.Errorf("frequencies add up to %v, want 1000", sum)
	}
}

// An item that two unconditional rules cover would go to whichever is read
// first, and one that none covers to nobody.
func TestEveryItemHasOneDefaultRule(t *testing.T) {
	items, units := table(t, "appeals/duty_items.csv"), index(t, "organisation.csv", "code")
	rotations := index(t, "appeals/rotations.csv", "unit")
	lead := func(code string) bool {
		rotation, byTurns := strings.CutPrefix(code, "rotation:")
		return code == "street" || code == "community" || units[code] != nil || byTurns && slices.ContainsFunc(slices.Collect(maps.Values(rotations)), func(r row) bool { return r["rotation"] == rotation && units[r["unit"]] != nil })
	}
	defaults := map[string]int{}
	conditional := map[string]bool{}
	for _, r := range table(t, "appeals/duty_rules.csv") {
		prefix, wild := strings.CutSuffix(r["item"], "*")
		covered := 0
		for _, it := range items {
			if it["code"] == prefix || wild && strings.HasPrefix(it["code"], prefix) {
				covered++
				if r["condition"] == "" {
					defaults[it["code"]]++
				} else {
					conditional[it["l1"]] = true
				}
			}
		}
		if covered == 0 {
			t.Errorf("a rule for %s covers no item", r["item"])
		}
		if !lead(r["lead"]) || units[r["fallback"]] == nil || r["lead"] == r["fallback"] {
			t.Errorf("%s: lead %q, fallback %q", r["item"], r["lead"], r["fallback"])
		}
		if r["co_units"] != "" {
			for _, co := range strings.Split(r["co_units"], ";") {
				if !lead(co) || co == r["lead"] {
					t.Errorf("%s: co-unit %q of lead %q", r["item"], co, r["lead"])
				}
			}
		}
		if p := number(t, r, "priority"); (p == 1000) != (r["condition"] == "") {
			t.Errorf("%s: priority %v with condition %q", r["item"], p, r["condition"])
		}
		if r["valid_from"] == "" {
			t.Errorf("%s: undated", r["item"])
		}
	}
	for _, it := range items {
		if n := defaults[it["code"]]; n != 1 {
			t.Errorf("%s has %d default rules", it["code"], n)
		}
	}
	if len(conditional) < 5 {
		t.Errorf("conditions only in %v", conditional)
	}
}

func TestConditionsCompile(t *testing.T) {
	env, err := cel.NewEnv(
		cel.Variable("place_type", cel.StringType), cel.Variable("street", cel.StringType), cel.Variable("community", cel.StringType),
		cel.Variable("hour", cel.IntType), cel.Variable("weekday", cel.IntType), cel.Variable("kind", cel.StringType),
		cel.Variable("keywords", cel.ListType(cel.StringType)))
	if err != nil {
		t.Fatal(err)
	}
	places, kinds := index(t, "places.csv", "code"), index(t, "appeals/kinds.csv", "code")
	literal := regexp.MustCompile(`(community|street|kind) [!=]= "([^"]*)"`)
	for _, r := range table(t, "appeals/duty_rules.csv") {
		if r["condition"] == "" {
			continue
		}
		ast, issues := env.Compile(r["condition"])
		if issues.Err() != nil {
			t.Errorf("%s: %v", r["item"], issues.Err())
		} else if ast.OutputType() != cel.BoolType {
			t.Errorf("%s: %s is not a condition", r["item"], r["condition"])
		}
		for _, m := range literal.FindAllStringSubmatch(r["condition"], -1) {
			if m[1] == "kind" && kinds[m[2]] == nil || m[1] != "kind" && places[m[2]] == nil {
				t.Errorf("%s: no %s %q", r["item"], m[1], m[2])
			}
		}
	}
}
