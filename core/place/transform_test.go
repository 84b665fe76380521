package place

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"shanzhi/internal/testkit"
)

// The no-fly zones are published in both systems: the one is the other, to 2 m.
func TestTransformGeoJSONOfTheNoFlyPair(t *testing.T) {
	read := func(name string) []byte {
		raw, err := os.ReadFile(testkit.Shared(t, "geo", name))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	var out bytes.Buffer
	if err := TransformGeoJSON(&out, bytes.NewReader(read("shenzhen_nofly_bd09.geojson")), BD09, WGS84); err != nil {
		t.Fatal(err)
	}
	points := func(raw []byte) (all []Point) {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case map[string]any:
				if v["type"] == "Feature" {
					walk(v["geometry"])
					return
				}
				if c, ok := v["coordinates"]; ok {
					walk(c)
					return
				}
				walk(v["features"])
			case []any:
				if len(v) >= 2 {
					if x, ok := v[0].(float64); ok {
						all = append(all, Point{WGS84, x, v[1].(float64)})
						return
					}
				}
				for _, x := range v {
					walk(x)
				}
			}
		}
		walk(v)
		return all
	}
	got, want := points(out.Bytes()), points(read("shenzhen_nofly_wgs84.geojson"))
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("%d and %d points", len(got), len(want))
	}
	worst := 0.0 // the files are in different orders
	for _, p := range got {
		best := Distance(p, want[0])
		for _, q := range want[1:] {
			best = min(best, Distance(p, q))
		}
		worst = max(worst, best)
	}
	if worst > 2 {
		t.Errorf("%.2f m apart", worst)
	}
}

func TestTransformGeoJSONKeepsTheRest(t *testing.T) {
	const in = `{"type":"FeatureCollection","bbox":[1,2,3,4],"name":"区","features":[{"type":"Feature","id":7,"properties":{"coordinates":[113.9,22.5],"bbox":1,"n":1.50},"geometry":{"type":"Point","coordinates":[113.9,22.5,12.30]}},{"type":"Feature","properties":null,"geometry":null}]}`
	var there, back bytes.Buffer
	if err := TransformGeoJSON(&there, strings.NewReader(in), GCJ02, WGS84); err != nil {
		t.Fatal(err)
	}
	if err := TransformGeoJSON(&back, bytes.NewReader(there.Bytes()), WGS84, GCJ02); err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(in, `"bbox":[1,2,3,4],`, "", 1) + "\n"; back.String() != want {
		t.Errorf("%s", back.String())
	}
	if strings.Contains(there.String(), `"Point","coordinates":[113.9,`) || !strings.Contains(there.String(), `12.30]`) || !strings.Contains(there.String(), `"n":1.50`) {
		t.Errorf("%s", there.String())
	}
	for _, bad := range []string{"", "{", `{"coordinates":[200,22]}`, `{"coordinates":[113]}`, `{"coordinates":["a",22]}`, `{"coordinates":5}`, `{"coordinates":[113,22]}x`, `{"coordinates":[[113,22],[113,"b"]]}`} {
		if err := TransformGeoJSON(&bytes.Buffer{}, strings.NewReader(bad), GCJ02, WGS84); err == nil {
			t.Errorf("%q was transformed", bad)
		}
	}
	if err := TransformGeoJSON(&bytes.Buffer{}, strings.NewReader(in), 0, WGS84); err == nil {
		t.Error("an unsaid system was taken")
	}
	for name, want := range map[string]CRS{"bd09": BD09, "GCJ-02": GCJ02, "wgs84": WGS84, "cgcs2000": CGCS2000} {
		if c, err := ParseCRS(name); err != nil || c != want {
			t.Errorf("%s is %v: %v", name, c, err)
		}
	}
	if _, err := ParseCRS("utm"); err == nil {
		t.Error("utm was read")
	}
}
